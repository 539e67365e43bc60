import { refuse } from '../contract/errors.ts';
import { nearestName } from './nearest-name.ts';
import type { WorkflowLibrary } from './ports.ts';
import type { Projects } from './ports-projects.ts';

/**
 * The answer for a name that no workflow has for work in a folder: the nearest one, and all there are; or that the folder
 * has workflows of its own, which nobody trusts yet.
 */
export async function unknownWorkflow(
  deps: { readonly workflows: WorkflowLibrary; readonly projects: Projects },
  name: string,
  folder: string | undefined,
) {
  const project = folder === undefined ? null : await deps.projects.untrustedAround(folder);
  if (project !== null) return untrustedWorkflow(name, project);
  const names = [...new Set((await deps.workflows.list(folder)).map((workflow) => workflow.summary.name))];
  const nearest = nearestName(name, names);
  return refuse(
    'notFound',
    `There is no workflow ${name}.${nearest === null ? '' : ` Did you mean ${nearest}?`}`,
    `Use one of: ${names.join(', ')}; or the path of a workflow file.`,
    { field: 'workflow' },
  );
}

function untrustedWorkflow(name: string, project: string) {
  return refuse(
    'notFound',
    `There is no workflow ${name}. The project ${project} may bring it, but is not trusted: nothing of it is used.`,
    `See what it would bring: signalbox projects show ${project}; then trust it: signalbox projects trust ${project}`,
    { field: 'workflow' },
  );
}

/** The answer for a hash that no run was started from. */
export function unknownVersion(hash: string) {
  return refuse(
    'notFound',
    `There is no stored version ${hash.slice(0, 12)} of a workflow: no run was started from it.`,
    'List the versions of the workflow, and open one of those.',
    { field: 'hash' },
  );
}
