import type { ApiInput } from '../../../src-main/contract/api.ts';
import type { WorkflowSummary } from '../../../src-main/contract/api-workflows.ts';
import { liesIn } from '../../../src-main/contract/project.ts';

/** Where the window finds a workflow: by its name, by its file, or by what its name means for work in a folder. */
export interface WorkflowPlace {
  readonly name: string;
  /** The absolute path of its file; null: the name says enough. */
  readonly file: string | null;
  /** For work in this folder; null: for any. */
  readonly folder: string | null;
}

type Named = Pick<WorkflowSummary, 'name' | 'origin' | 'path'>;

/** What names a workflow to the engine: a project's is its file, because other projects may use the name too. */
export function referenceOf({ name, origin, path }: Named): string {
  return origin === 'project' ? path : name;
}

/** What asks the engine for the workflow at a place. */
export function askedOf({ name, file, folder }: WorkflowPlace): ApiInput<'getWorkflow'> {
  if (file !== null) return { workflow: file };
  return folder === null ? { workflow: name } : { workflow: name, folder };
}

/** The address of a workflow in the window. */
export function workflowAddress(workflow: Named, query: Readonly<Record<string, string>> = {}): string {
  const { name, origin, path } = workflow;
  return addressOf({ name, file: origin === 'project' ? path : null, folder: null }, query);
}

/** The address of a place, with what else its query says. */
export function addressOf({ name, file, folder }: WorkflowPlace, query: Readonly<Record<string, string>> = {}): string {
  const place = { ...(file === null ? {} : { file }), ...(file !== null || folder === null ? {} : { folder }) };
  const search = new URLSearchParams({ ...place, ...query }).toString();
  return search === '' ? `/workflows/${name}` : `/workflows/${name}?${search}`;
}

/** The address of what a run or a schedule names: a name, or the absolute path of a file. */
export function addressOfReference(reference: string, folder: string | null = null): string {
  const isFile = /^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(reference);
  const name = isFile ? lastPart(reference).replace(/\.ya?ml$/, '') : reference;
  return addressOf({ name, file: isFile ? reference : null, folder });
}

/** What a list calls a workflow: what it does, and its project where it is of one. */
export function workflowWords({ name, title, project }: Pick<WorkflowSummary, 'name' | 'title' | 'project'>): string {
  return inProject({ title: title === name ? name : `${name}: ${title}`, project });
}

/** A workflow's title, with its project where it is of one. */
export function inProject({ title, project }: Pick<WorkflowSummary, 'title' | 'project'>): string {
  return project === null ? title : `${title} (${projectName(project)})`;
}

/** The last part of a project's folder. */
export function projectName(folder: string): string {
  return lastPart(folder);
}

/** A path as seen from a folder; one that is not in it stays whole. */
export function pathInside(folder: string, path: string): string {
  return liesIn(path, folder) ? path.slice(folder.length).replace(/^[/\\]/, '') : path;
}

function lastPart(path: string): string {
  return path.split(/[/\\]/).findLast((part) => part !== '') ?? path;
}
