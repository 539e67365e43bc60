import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { NewEvent } from '../contract/event.ts';
import type { AgentId, AttemptId } from '../contract/ids.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';
import type { Priority } from '../contract/states.ts';
import { isTaskEnded, isTaskLive } from '../contract/states.ts';
import type { Task } from '../contract/task.ts';
import type { Moment } from './refusals.ts';

/** Gives a ready task to an agent. Refused when it is not ready: then somebody else took it, or it was cancelled. */
export function decideClaim(
  task: Task,
  claim: { readonly attemptId: AttemptId; readonly agentId: AgentId },
  moment: Moment,
): Result<NewEvent, ApiError> {
  if (task.state !== 'queued' || task.held) {
    return refuse('refused', `Task ${task.id} cannot be claimed: it is ${task.held ? 'held' : task.state}.`, 'None.');
  }
  return ok({
    ...moment,
    kind: 'task.claimed',
    taskId: task.id,
    runId: task.runId,
    stage: task.stage,
    attemptId: claim.attemptId,
    agentId: claim.agentId,
    number: task.attempts + 1,
    fence: task.fence + 1,
  });
}

/**
 * Cancels a task. One that no attempt holds ends at once; a live one gets a request, and ends with its attempt.
 * Asking again for what was already asked changes nothing.
 */
export function decideTaskCancel(task: Task, reason: string, moment: Moment): Result<readonly NewEvent[], ApiError> {
  if (isTaskEnded(task.state)) {
    return refuse(
      'refused',
      `Task ${task.id} cannot be cancelled: it is ${task.state} already.`,
      'Nothing to do; an ended task stays as it is.',
    );
  }
  return ok(cancelOpenTask(task, reason, moment));
}

/** The cancel of a task that has not ended, for a caller that knows it. */
export function cancelOpenTask(task: Task, reason: string, moment: Moment): readonly NewEvent[] {
  const ids = { taskId: task.id, runId: task.runId };
  if (!isTaskLive(task.state)) return [{ ...moment, kind: 'task.cancelled', ...ids, reason }];
  if (task.cancelRequestedAt !== null) return [];
  return [{ ...moment, kind: 'task.cancelRequested', ...ids, reason }];
}

/** Puts a dead letter back into the queue, with its attempts counted from nothing again. */
export function decideRequeue(task: Task, position: number, moment: Moment): Result<NewEvent, ApiError> {
  if (task.state !== 'dead') {
    return refuse(
      'refused',
      `Task ${task.id} cannot be requeued: it is ${task.state}, and only dead tasks can be.`,
      'Queue the same work as a new task instead.',
    );
  }
  if (task.runId !== null) {
    return refuse(
      'refused',
      `Task ${task.id} belongs to stage ${task.stage} of run ${task.runId}, which has ended.`,
      `Rerun the run from that stage: signalbox retry ${task.runId} --stage ${task.stage}`,
    );
  }
  return ok({ ...moment, kind: 'task.requeued', taskId: task.id, runId: task.runId, position });
}

/** Changes the order of a task that waits. */
export function decidePriority(task: Task, priority: Priority, moment: Moment): Result<readonly NewEvent[], ApiError> {
  if (isTaskEnded(task.state) || isTaskLive(task.state)) {
    return refuse(
      'refused',
      `The priority of task ${task.id} cannot change: it is ${task.state}.`,
      'Only tasks that wait (blocked, queued) have an order.',
    );
  }
  if (task.priority === priority) return ok([]);
  return ok([{ ...moment, kind: 'task.priorityChanged', taskId: task.id, runId: task.runId, priority }]);
}
