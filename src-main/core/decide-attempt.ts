import type { ApiError, Failure } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { NewEvent } from '../contract/event.ts';
import type { GateResult } from '../contract/policies.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';
import { isTaskLive } from '../contract/states.ts';
import type { Attempt, Exit, Task } from '../contract/task.ts';
import type { JsonObject } from '../contract/values.ts';
import type { Moment } from './refusals.ts';
import { retryDelayMs } from './retry-policy.ts';

/** How an attempt ended, after its gates were checked. */
export type AttemptOutcome =
  | { readonly kind: 'completed'; readonly outputs: JsonObject }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'timedOut'; readonly failure: Failure }
  /** The watchdog ended it. `parks`: a task that gets stuck again is set aside for a person. */
  | {
      readonly kind: 'stuck';
      readonly since: number;
      readonly evidence: string;
      readonly parks: boolean;
      readonly failure: Failure;
    }
  | { readonly kind: 'cancelled'; readonly reason: string }
  | {
      readonly kind: 'interrupted';
      readonly by: 'agent' | 'engine' | 'freeze' | 'stale';
      /** Whether it counts towards the bound on deaths under one task. */
      readonly counts: boolean;
      readonly failure: Failure;
    };

export interface AttemptEnd {
  readonly outcome: AttemptOutcome;
  readonly exit: Exit | null;
  readonly gates: readonly GateResult[];
}

export interface EndContext {
  readonly maxInterruptions: number;
  /** In [0, 1), for jitter. */
  readonly random: number;
  /** Whether the task's run is paused or about to be: a released task is then held. */
  readonly held: boolean;
  /** Whether the try before this one got stuck too; asked for only when this one is. */
  gotStuckBefore(): boolean;
  /** A place in the queue; asked for at most once. */
  nextPosition(end: 'front' | 'back'): number;
}

/**
 * Checks that a result comes from the attempt that holds the task: same attempt, same fence, task still live.
 * Duplicate, late and foreign results are refused here.
 */
export function guardFence(task: Task, attempt: Pick<Attempt, 'id' | 'fence'>): Result<null, ApiError> {
  if (isTaskLive(task.state) && task.attemptId === attempt.id && task.fence === attempt.fence) return ok(null);
  return refuse(
    'refused',
    `The result of attempt ${attempt.id} (fence ${attempt.fence}) was refused: task ${task.id} is ${task.state} with fence ${task.fence}.`,
    'Nothing to do: the attempt that holds the task decides its result.',
  );
}

const attemptState = {
  completed: 'completed',
  failed: 'failed',
  timedOut: 'timed_out',
  stuck: 'failed',
  cancelled: 'cancelled',
  interrupted: 'interrupted',
} as const;

/** What follows from the end of an attempt for the attempt itself and for its task. */
export function decideAttemptEnd(
  task: Task,
  attempt: Attempt,
  end: AttemptEnd,
  moment: Moment,
  context: EndContext,
): readonly NewEvent[] {
  const { outcome } = end;
  const ids = { taskId: task.id, runId: task.runId };
  const ended: NewEvent = {
    ...moment,
    kind: 'attempt.ended',
    ...ids,
    attemptId: attempt.id,
    agentId: attempt.agentId,
    state: attemptState[outcome.kind],
    exit: end.exit,
    gates: [...end.gates],
    outputs: outcome.kind === 'completed' ? outcome.outputs : null,
    failure: 'failure' in outcome ? outcome.failure : null,
  };
  if (outcome.kind === 'stuck' && outcome.parks && task.cancelRequestedAt === null && context.gotStuckBefore()) {
    const { since, evidence } = outcome;
    const names = { ...ids, attemptId: attempt.id, agentId: attempt.agentId };
    const parked: NewEvent = { ...moment, kind: 'attempt.stuck', ...names, since, rung: 'park', evidence };
    return [parked, ended, decidePark(task, attempt, outcome.failure, moment, context)];
  }
  return [ended, decideTaskAfter(task, attempt, outcome, moment, context)];
}

/**
 * Sets a task aside that got stuck again: one of a run is held, so that a person can let its paused run go on; one that
 * stands alone is a dead letter.
 */
function decidePark(
  task: Task,
  attempt: Attempt,
  failure: Failure,
  moment: Moment,
  context: Pick<EndContext, 'nextPosition'>,
): NewEvent {
  const ids = { taskId: task.id, runId: task.runId };
  const message = `it got stuck again, and is not tried any more by itself; ${failure.message}`;
  if (task.runId === null) return { ...moment, kind: 'task.died', ...ids, failure: { ...failure, message } };
  return {
    ...moment,
    kind: 'task.released',
    ...ids,
    attemptId: attempt.id,
    agentId: attempt.agentId,
    by: 'retry',
    counts: 'failure',
    held: true,
    position: context.nextPosition('back'),
    availableAt: 0,
    reason: message,
  };
}

function decideTaskAfter(
  task: Task,
  attempt: Attempt,
  outcome: AttemptOutcome,
  moment: Moment,
  context: EndContext,
): NewEvent {
  const ids = { taskId: task.id, runId: task.runId };
  if (outcome.kind === 'completed') return { ...moment, kind: 'task.completed', ...ids, outputs: outcome.outputs };
  if (outcome.kind === 'cancelled' || task.cancelRequestedAt !== null) {
    const reason = outcome.kind === 'cancelled' ? outcome.reason : outcome.failure.message;
    return { ...moment, kind: 'task.cancelled', ...ids, reason };
  }
  const release = {
    ...moment,
    kind: 'task.released' as const,
    ...ids,
    attemptId: attempt.id,
    agentId: attempt.agentId,
    held: context.held,
    reason: outcome.failure.message,
  };
  if (outcome.kind === 'interrupted') {
    if (outcome.counts && task.interruptions + 1 >= context.maxInterruptions) {
      const message = `${task.interruptions + 1} agent processes died under this task; the last: ${outcome.failure.message}`;
      return { ...moment, kind: 'task.died', ...ids, failure: { ...outcome.failure, message } };
    }
    const counts = outcome.counts ? ('interruption' as const) : ('nothing' as const);
    return { ...release, by: outcome.by, counts, position: context.nextPosition('front'), availableAt: 0 };
  }
  const { failure } = outcome;
  // Nothing is wrong with the task: it waits until its agent's circuit breaker lets work through again.
  if (failure.category === 'quota') {
    return { ...release, by: 'agent', counts: 'nothing', position: context.nextPosition('front'), availableAt: 0 };
  }
  if (failure.class === 'fatal') return { ...moment, kind: 'task.failed', ...ids, failure };
  const failures = task.failures + 1;
  const { retry } = task.spec;
  if (failures >= retry.maxAttempts) return { ...moment, kind: 'task.died', ...ids, failure };
  const delay = retryDelayMs(retry, failures, context.random);
  return {
    ...release,
    by: 'retry',
    counts: 'failure',
    position: context.nextPosition('back'),
    availableAt: delay === 0 ? 0 : moment.at + delay,
  };
}
