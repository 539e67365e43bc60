import { isTaskEnded, isTaskLive } from '../../../src-main/contract/states.ts';
import type { Task } from '../../../src-main/contract/task.ts';

/** What can be asked of a task. */
export type TaskAction = 'cancel' | 'requeue' | 'setPriority';

/** For each change why it is not possible now; null: it is. By the rules that the engine itself decides by. */
export function taskRefusals(task: Task): Readonly<Record<TaskAction, string | null>> {
  const ended = isTaskEnded(task.state) ? `It is ${stateWord(task)} already.` : null;
  const cancelling = task.cancelRequestedAt === null ? null : 'It is being cancelled.';
  return {
    cancel: ended ?? cancelling,
    requeue: requeueRefusal(task),
    setPriority: ended ?? cancelling ?? (isTaskLive(task.state) ? 'An agent works on it.' : null),
  };
}

function requeueRefusal({ state, runId }: Task): string | null {
  if (state !== 'dead') return 'Only dead letters can be put back into the queue.';
  return runId === null ? null : 'It belongs to a run: rerun that from its stage.';
}

function stateWord({ state }: Task): string {
  return state === 'dead' ? 'a dead letter' : state;
}

/** What was asked and has not come true yet, in the words that stand instead of the state; null: nothing. */
export function requestedTaskWord(task: Task): string | null {
  return task.cancelRequestedAt !== null && !isTaskEnded(task.state) ? 'Cancelling…' : null;
}
