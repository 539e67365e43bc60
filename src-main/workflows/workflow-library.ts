import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join } from 'node:path';
import type { Problem } from '../contract/errors.ts';
import { projectFolderName } from '../contract/project.ts';
import type { WorkflowVersion } from '../contract/workflow.ts';
import type { FoundWorkflow, WorkflowLibrary } from '../core/ports.ts';
import type { Projects } from '../core/ports-projects.ts';
import type { FileText } from './file-texts.ts';
import { createFileTexts, unusable } from './file-texts.ts';
import { listInside, whyOutside } from './inside-folder.ts';
import { createParsedTexts } from './parsed-texts.ts';
import { TextChecker } from './text-checker.ts';
import { createUserFiles } from './user-files.ts';

type Types = readonly string[] | null;

/** Where a file was found, and the agent types that its stages may ask for. */
interface From {
  readonly origin: WorkflowVersion['origin'];
  readonly project: string | null;
  readonly types: Types;
}

const workflowFile = /\.ya?ml$/i;
/** The most workflows that a project brings. */
const mostOfProject = 200;

const noProjects: Pick<Projects, 'trusted' | 'projectOf'> = { trusted: () => [], projectOf: () => null };

/** Where workflows come from. */
export interface WorkflowLibraryDeps {
  /** Folder of the workflows that come with Signalbox. */
  readonly bundledFolder: string;
  /** `<dataFolder>/workflows` holds the user's own, which replace bundled ones of the same name. It may be missing. */
  readonly dataFolder: string;
  /** Trusted folders, whose own workflows come first for work in them. Absent: there are none. */
  readonly projects?: Pick<Projects, 'trusted' | 'projectOf'>;
  /**
   * The agent types there are now, for work in a project or (null) in none; a stage that asks for another is an error.
   * Null: not known, everything passes.
   */
  readonly agentTypes?: (project: string | null) => readonly string[] | null;
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
  const { checker = new TextChecker(), projects = noProjects, now = () => performance.now() } = deps;
  const { agentTypes = () => null } = deps;
  const userFolder = join(deps.dataFolder, 'workflows');
  const texts = createFileTexts();
  const parse = createParsedTexts({ checker, now });
  const userFiles = createUserFiles({
    folder: userFolder,
    texts,
    find: async (name) => (await listOwn(agentTypes(null))).get(name) ?? null,
    parse: (text) => parse(text, agentTypes(null)),
    read: (path) => findFile(path, { origin: 'user', project: null, types: agentTypes(null) }),
  });

  return {
    list,
    find: (nameOrPath, folder) =>
      isAbsolute(nameOrPath) ? findPath(nameOrPath, folder) : findByName(nameOrPath, folder),
    inProject: async (project, moreTypes) => {
      const types = agentTypes(project);
      return sorted(await readProject(project, types === null ? null : [...types, ...moreTypes]));
    },
    save: userFiles.save,
    remove: userFiles.remove,
    check: async (source, folder) => {
      const { definition, problems } = await parse(source, agentTypes(projectOf(folder)));
      return { definition, problems };
    },
    close: () => checker.close(),
  };

  function projectOf(folder: string | undefined): string | null {
    return folder === undefined ? null : projects.projectOf(folder);
  }

  async function list(folder?: string): Promise<readonly FoundWorkflow[]> {
    if (folder !== undefined) return sorted(await listFor(projectOf(folder)));
    const own = sorted(await listOwn(agentTypes(null)));
    const all = [...own];
    for (const project of projects.trusted()) all.push(...sorted(await readProject(project, agentTypes(project))));
    return all;
  }

  async function findByName(name: string, folder?: string): Promise<FoundWorkflow | null> {
    return (await listFor(projectOf(folder))).get(name) ?? null;
  }

  /** What names mean in a project, or (null) in none. A broken file comes first too: see {@link listOwn}. */
  async function listFor(project: string | null): Promise<ReadonlyMap<string, FoundWorkflow>> {
    const types = agentTypes(project);
    const own = await listOwn(types);
    return project === null ? own : new Map([...own, ...(await readProject(project, types))]);
  }

  /** A broken file of the user's replaces a bundled workflow too: to run another one in silence would be worse. */
  async function listOwn(types: Types): Promise<ReadonlyMap<string, FoundWorkflow>> {
    const bundled = await readFolder(deps.bundledFolder, { origin: 'bundled', project: null, types });
    const user = await readFolder(userFolder, { origin: 'user', project: null, types });
    return new Map([...bundled, ...user]);
  }

  /** A file of a trusted project is the project's, by whatever way it is named; any other is just a file. */
  async function findPath(path: string, folder: string | undefined): Promise<FoundWorkflow | null> {
    const home = projects.trusted().find((project) => dirname(path) === workflowsOf(project));
    if (home === undefined) {
      return findFile(path, { origin: 'file', project: null, types: agentTypes(projectOf(folder ?? dirname(path))) });
    }
    const from: From = { origin: 'project', project: home, types: agentTypes(home) };
    const problem = await whyOutside(path, home);
    return problem === null ? findFile(path, from) : toFound(path, from, unusable(problem));
  }

  async function findFile(path: string, from: From): Promise<FoundWorkflow | null> {
    const file = await texts.read(path);
    return file === null ? null : await toFound(path, from, file);
  }

  async function readFolder(folder: string, from: From): Promise<ReadonlyMap<string, FoundWorkflow>> {
    const paths = (await listFiles(folder)).map((name) => join(folder, name));
    return byName(paths, (path) => findFile(path, from));
  }

  async function readProject(project: string, types: Types): Promise<ReadonlyMap<string, FoundWorkflow>> {
    const from: From = { origin: 'project', project, types };
    const options = { root: project, accepts: workflowFile, most: mostOfProject };
    const { files } = await listInside(workflowsOf(project), options);
    const refused = new Map(files.flatMap(({ path, problem }) => (problem === null ? [] : [[path, problem]])));
    return byName(
      files.map(({ path }) => path),
      (path) => {
        const problem = refused.get(path);
        return problem === undefined ? findFile(path, from) : toFound(path, from, unusable(problem));
      },
    );
  }

  /** One file after the other, so that a folder of large files does not fill the memory. */
  async function byName(
    paths: readonly string[],
    find: (path: string) => Promise<FoundWorkflow | null>,
  ): Promise<ReadonlyMap<string, FoundWorkflow>> {
    const names = new Map<string, FoundWorkflow>();
    for (const path of paths) {
      const found = await find(path);
      const first = found === null ? undefined : names.get(found.summary.name);
      if (found !== null) names.set(found.summary.name, first === undefined ? found : withDuplicate(first, path));
    }
    return names;
  }

  async function toFound(
    path: string,
    { origin, project, types }: From,
    { text: source, hash, problem }: FileText,
  ): Promise<FoundWorkflow> {
    const content =
      problem === null ? await parse(source, types) : { name: null, definition: null, problems: [problem] };
    const { definition, problems } = content;
    const name = content.name ?? nameOfFile(path);
    const summary = {
      name,
      title: definition?.title ?? name,
      description: definition?.description ?? '',
      origin,
      path,
      project,
      stages: definition?.stages.length ?? 0,
      problems,
    };
    const version = definition === null ? null : { hash, name: definition.name, origin, source, definition };
    return { summary, source, hash, version };
  }
}

function workflowsOf(project: string): string {
  return join(project, projectFolderName, 'workflows');
}

function sorted(found: ReadonlyMap<string, FoundWorkflow>): FoundWorkflow[] {
  return [...found.values()].toSorted((a, b) => (a.summary.name < b.summary.name ? -1 : 1));
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
    return names.filter((name) => workflowFile.test(name) && !name.startsWith('.')).toSorted();
  } catch {
    return []; // the user's folder does not exist before there is a workflow in it
  }
}
