import type { Event, EventOf, NewEvent } from './event.ts';
import type { Attempt, Task } from './task.ts';

type Unnumbered<E> = Omit<E, 'seq'>;

function newTask(event: Unnumbered<EventOf<'task.created'>>): Task {
  return {
    id: event.taskId,
    runId: event.runId,
    stage: event.stage,
    spec: event.spec,
    state: event.blocked ? 'blocked' : 'queued',
    priority: event.priority,
    position: event.position,
    availableAt: event.availableAt,
    held: event.held,
    traceId: event.traceId,
    attempts: 0,
    failures: 0,
    interruptions: 0,
    fence: 0,
    attemptId: null,
    agentId: null,
    cancelRequestedAt: null,
    createdAt: event.at,
    startedAt: null,
    endedAt: null,
    outputs: null,
    failure: null,
  };
}

function releaseTask(task: Task, event: Unnumbered<EventOf<'task.released'>>): Task {
  return {
    ...task,
    state: 'queued',
    attemptId: null,
    agentId: null,
    held: event.held,
    position: event.position,
    availableAt: event.availableAt,
    failures: task.failures + (event.counts === 'failure' ? 1 : 0),
    interruptions: task.interruptions + (event.counts === 'interruption' ? 1 : 0),
  };
}

/**
 * Folds an event into the task it names.
 * @param task the task so far; null before `task.created`.
 */
export function evolveTask(task: Task | null, event: Event | NewEvent): Task | null {
  if (event.kind === 'task.created') return newTask(event);
  if (task === null) return null;
  switch (event.kind) {
    case 'task.unblocked':
      return { ...task, state: 'queued' };
    case 'task.held':
      return { ...task, held: true };
    case 'task.unheld':
      return { ...task, held: false };
    case 'task.priorityChanged':
      return { ...task, priority: event.priority };
    case 'task.claimed':
      return {
        ...task,
        state: 'claimed',
        attempts: event.number,
        fence: event.fence,
        attemptId: event.attemptId,
        agentId: event.agentId,
      };
    case 'attempt.started':
      return { ...task, state: 'running', startedAt: task.startedAt ?? event.at };
    case 'task.released':
      return releaseTask(task, event);
    case 'task.completed':
      return { ...task, state: 'completed', endedAt: event.at, outputs: event.outputs };
    case 'task.failed':
      return { ...task, state: 'failed', endedAt: event.at, failure: event.failure };
    case 'task.died':
      return { ...task, state: 'dead', endedAt: event.at, failure: event.failure };
    case 'task.cancelRequested':
      return { ...task, cancelRequestedAt: event.at };
    case 'task.cancelled':
      return { ...task, state: 'cancelled', endedAt: event.at };
    case 'task.requeued':
      return {
        ...task,
        state: 'queued',
        position: event.position,
        availableAt: 0,
        failures: 0,
        interruptions: 0,
        attemptId: null,
        agentId: null,
        endedAt: null,
        failure: null,
      };
    default:
      return task;
  }
}

/**
 * Folds an event into the attempt it names.
 * @param attempt the attempt so far; null before `task.claimed`.
 */
export function evolveAttempt(attempt: Attempt | null, event: Event | NewEvent): Attempt | null {
  if (event.kind === 'task.claimed') {
    return {
      id: event.attemptId,
      taskId: event.taskId,
      runId: event.runId,
      stage: event.stage,
      number: event.number,
      agentId: event.agentId,
      fence: event.fence,
      state: 'starting',
      process: null,
      claimedAt: event.at,
      startedAt: null,
      endedAt: null,
      activities: 0,
      stuck: null,
      exit: null,
      gates: [],
      outputs: null,
      failure: null,
    };
  }
  if (attempt === null) return null;
  switch (event.kind) {
    case 'attempt.started':
      return { ...attempt, state: 'running', startedAt: event.at, process: event.process };
    case 'attempt.did':
      return { ...attempt, activities: event.number };
    case 'attempt.stuck':
      return { ...attempt, stuck: { since: event.since, rung: event.rung, evidence: event.evidence } };
    case 'attempt.unstuck':
      return { ...attempt, stuck: null };
    case 'attempt.ended':
      return {
        ...attempt,
        state: event.state,
        endedAt: event.at,
        exit: event.exit,
        gates: event.gates,
        outputs: event.outputs,
        failure: event.failure,
      };
    default:
      return attempt;
  }
}
