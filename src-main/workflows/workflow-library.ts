import { dirname, isAbsolute, join } from 'node:path';
import type { FoundWorkflow, WorkflowLibrary } from '../core/ports.ts';
import type { Projects } from '../core/ports-projects.ts';
import { createFileTexts } from './file-texts.ts';
import { createParsedTexts } from './parsed-texts.ts';
import type { NamedWorkflows, Types } from './read-workflows.ts';
import { createWorkflowReader, workflowsOf } from './read-workflows.ts';
import { TextChecker } from './text-checker.ts';
import { createUserFiles } from './user-files.ts';

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
  const { findFile, findInProject, readFolder, readProject } = createWorkflowReader({ texts, parse });
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
  async function listFor(project: string | null): Promise<NamedWorkflows> {
    const types = agentTypes(project);
    const own = await listOwn(types);
    return project === null ? own : new Map([...own, ...(await readProject(project, types))]);
  }

  /** A broken file of the user's replaces a bundled workflow too: to run another one in silence would be worse. */
  async function listOwn(types: Types): Promise<NamedWorkflows> {
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
    return findInProject(path, home, agentTypes(home));
  }
}

function sorted(found: NamedWorkflows): FoundWorkflow[] {
  return [...found.values()].toSorted((a, b) => (a.summary.name < b.summary.name ? -1 : 1));
}
