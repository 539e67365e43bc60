import type { ApiInput, ApiOutput } from '../../../src-main/contract/api.ts';
import { formatCount, formatCounted } from '../../format/amount.ts';

/** What is done to tasks. */
export type TaskAction = ApiInput<'changeTasks'>['action'];
/** What came of it. */
export type TaskChange = ApiOutput<'changeTasks'>;

const done: Readonly<Record<TaskAction['kind'], string>> = {
  cancel: 'cancelled',
  requeue: 'put back into the queue',
  setPriority: 'given the new priority',
  delete: 'deleted',
};

/** What came of a change to many tasks: a title and, when some refused, why the first of them did. */
export function changeWords(
  action: TaskAction,
  { changed, refused, refusals }: TaskChange,
): { readonly title: string; readonly message: string } {
  const title =
    changed === 0 ? `No task was ${done[action.kind]}` : `${formatCounted(changed, 'task')} ${done[action.kind]}`;
  if (refused === 0) return { title, message: '' };
  const first = refusals[0]?.error;
  const why = first === undefined ? '' : ` ${first.message} ${first.remedy}`;
  return {
    title,
    message: `${formatCount(refused)} refused and stayed as ${refused === 1 ? 'it is' : 'they are'}.${why}`,
  };
}
