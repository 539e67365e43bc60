import { refuse } from '../contract/errors.ts';
import { nearestName } from './nearest-name.ts';
import type { FoundWorkflow } from './ports.ts';

/** The answer for a name that no workflow has: the nearest one, and all there are. */
export function unknownWorkflow(name: string, known: readonly FoundWorkflow[]) {
  const names = known.map((workflow) => workflow.summary.name);
  const nearest = nearestName(name, names);
  return refuse(
    'notFound',
    `There is no workflow ${name}.${nearest === null ? '' : ` Did you mean ${nearest}?`}`,
    `Use one of: ${names.join(', ')}; or the path of a workflow file.`,
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
