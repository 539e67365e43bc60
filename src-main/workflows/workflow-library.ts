import { readdir } from 'node:fs/promises';
import { basename, extname, isAbsolute, join } from 'node:path';
import type { Problem } from '../contract/errors.ts';
import type { WorkflowVersion } from '../contract/workflow.ts';
import type { FoundWorkflow, WorkflowLibrary } from '../core/ports.ts';
import type { FileText } from './file-texts.ts';
import { createFileTexts } from './file-texts.ts';
import { createParsedTexts } from './parsed-texts.ts';
import { TextChecker } from './text-checker.ts';
import { createUserFiles } from './user-files.ts';

type Origin = WorkflowVersion['origin'];

/** Where workflows come from. */
export interface WorkflowLibraryDeps {
  /** Folder of the workflows that come with Signalbox. */
  readonly bundledFolder: string;
  /** `<dataFolder>/workflows` holds the user's own, which replace bundled ones of the same name. It may be missing. */
  readonly dataFolder: string;
  /** The agent types there are now; a stage that asks for another is an error. Null: not known, everything passes. */
  readonly agentTypes?: () => readonly string[] | null;
  /** Given in tests. */
  readonly checker?: TextChecker;
  /** A clock that only goes forward, ms; given in tests. */
  readonly now?: () => number;
}

/** A library that has a thread of its own. */
export type ClosableWorkflowLibrary = WorkflowLibrary & {
  /** Resolves when nothing of it runs any more. */
  close(): Promise<void>;
};

/**
 * The workflows on disk. Every question looks at the files again, so that a file that was saved in an editor counts at
 * once; one that did not change is neither read nor parsed. A file that cannot be read is a workflow with a problem, so
 * that a person sees why it is not there.
 *
 * Nobody is told of a change: a view that shows files asks again, now and then and when a person comes back to it,
 * which costs a look at each file's time. Watching folders would cost handles, and misses changes on shared drives.
 */
export function createWorkflowLibrary(deps: WorkflowLibraryDeps): ClosableWorkflowLibrary {
  const { checker = new TextChecker(), agentTypes = () => null, now = () => performance.now() } = deps;
  const userFolder = join(deps.dataFolder, 'workflows');
  const texts = createFileTexts();
  const parse = createParsedTexts({ checker, agentTypes, now });
  const userFiles = createUserFiles({ folder: userFolder, texts, find: findByName, parse, read: findUserFile });

  return {
    list,
    find: (nameOrPath) => (isAbsolute(nameOrPath) ? findFile(nameOrPath, 'file') : findByName(nameOrPath)),
    save: userFiles.save,
    remove: userFiles.remove,
    check: async (source) => {
      const { definition, problems } = await parse(source);
      return { definition, problems };
    },
    close: () => checker.close(),
  };

  /** A broken file of the user's replaces a bundled workflow too: to run another one in silence would be worse. */
  async function list(): Promise<readonly FoundWorkflow[]> {
    const bundled = await readFolder(deps.bundledFolder, 'bundled');
    const user = await readFolder(userFolder, 'user');
    const all = new Map([...bundled, ...user]);
    return [...all.values()].toSorted((a, b) => (a.summary.name < b.summary.name ? -1 : 1));
  }

  async function findByName(name: string): Promise<FoundWorkflow | null> {
    return (await list()).find(({ summary }) => summary.name === name) ?? null;
  }

  function findUserFile(path: string): Promise<FoundWorkflow | null> {
    return findFile(path, 'user');
  }

  async function findFile(path: string, origin: Origin): Promise<FoundWorkflow | null> {
    const file = await texts.read(path);
    return file === null ? null : await toFound(path, origin, file);
  }

  /** One file after the other, so that a folder of large files does not fill the memory. */
  async function readFolder(folder: string, origin: Origin): Promise<ReadonlyMap<string, FoundWorkflow>> {
    const byName = new Map<string, FoundWorkflow>();
    for (const file of await listFiles(folder)) {
      const path = join(folder, file);
      const found = await findFile(path, origin);
      const first = found === null ? undefined : byName.get(found.summary.name);
      if (found !== null) {
        byName.set(found.summary.name, first === undefined ? found : withDuplicate(first, path));
      }
    }
    return byName;
  }

  async function toFound(
    path: string,
    origin: Origin,
    { text: source, hash, problem }: FileText,
  ): Promise<FoundWorkflow> {
    const content = problem === null ? await parse(source) : { name: null, definition: null, problems: [problem] };
    const { definition, problems } = content;
    const name = content.name ?? nameOfFile(path);
    const summary = {
      name,
      title: definition?.title ?? name,
      description: definition?.description ?? '',
      origin,
      path,
      project: null,
      stages: definition?.stages.length ?? 0,
      problems,
    };
    const version = definition === null ? null : { hash, name: definition.name, origin, source, definition };
    return { summary, source, hash, version };
  }
}

/** Of two files with one name in one folder the first counts, by the name of the file, and says so. */
function withDuplicate(first: FoundWorkflow, path: string): FoundWorkflow {
  const message = `${basename(path)} has the same name and is not used; give one of the two another name`;
  const problem: Problem = { severity: 'warning', message, line: 1, column: 1, path: 'name' };
  return { ...first, summary: { ...first.summary, problems: [...first.summary.problems, problem] } };
}

/** What a broken file is called: its own name, which is most likely the workflow's too. */
function nameOfFile(path: string): string {
  const name = basename(path, extname(path))
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[-0-9]+|-+$/g, '')
    .slice(0, 64);
  return name.replace(/-$/, '') || 'unnamed';
}

/** Names of the workflow files of a folder, sorted; none when it cannot be listed. */
async function listFiles(folder: string): Promise<readonly string[]> {
  try {
    const names = await readdir(folder);
    return names.filter((name) => /\.ya?ml$/i.test(name) && !name.startsWith('.')).toSorted();
  } catch {
    return []; // the user's folder does not exist before there is a workflow in it
  }
}
