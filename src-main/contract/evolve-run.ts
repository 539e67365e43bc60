import type { Event, EventOf, NewEvent } from './event.ts';
import type { Run, Stage } from './run.ts';
import { isStageEnded } from './states.ts';

function newRun(event: Omit<EventOf<'run.created'>, 'seq'>): Run {
  return {
    id: event.runId,
    workflow: event.workflow,
    workflowHash: event.workflowHash,
    inputs: event.inputs,
    state: 'queued',
    priority: event.priority,
    requestId: event.requestId,
    traceId: event.traceId,
    folder: event.folder,
    rerunOf: event.rerunOf,
    progress: 0,
    waitingFor: null,
    pauseRequestedAt: null,
    cancelRequestedAt: null,
    cancelReason: null,
    createdAt: event.at,
    startedAt: null,
    endedAt: null,
    failure: null,
    stages: event.stages.map(({ name, needs }, index) => ({
      name,
      index,
      needs,
      state: 'pending',
      taskId: null,
      approvalId: null,
      tolerated: false,
      inherited: false,
      startedAt: null,
      endedAt: null,
      outputs: null,
      gates: [],
      failure: null,
      reason: null,
    })),
  };
}

function withStage(run: Run, name: string, change: Partial<Stage>): Run {
  const stages = run.stages.map((stage) => (stage.name === name ? { ...stage, ...change } : stage));
  const ended = stages.filter((stage) => isStageEnded(stage.state)).length;
  return { ...run, stages, progress: Math.round((100 * ended) / stages.length) };
}

/**
 * Folds an event into the run it names.
 * @param run the run so far; null before `run.created`.
 * @returns the run after the event; the same object when the event does not concern it.
 */
export function evolveRun(run: Run | null, event: Event | NewEvent): Run | null {
  if (event.kind === 'run.created') return newRun(event);
  if (run === null) return null;
  switch (event.kind) {
    case 'run.started':
      return { ...run, state: 'running', startedAt: event.at };
    case 'run.waiting':
      return { ...run, state: 'waiting', startedAt: run.startedAt ?? event.at, waitingFor: event.waitingFor };
    case 'run.continued':
      return { ...run, state: 'running', waitingFor: null };
    case 'run.resumed':
      return { ...run, state: run.state === 'paused' ? 'running' : run.state, pauseRequestedAt: null };
    case 'run.pauseRequested':
      return { ...run, pauseRequestedAt: event.at };
    case 'run.paused':
      return { ...run, state: 'paused', startedAt: run.startedAt ?? event.at };
    case 'run.cancelRequested':
      return { ...run, cancelRequestedAt: event.at, cancelReason: event.reason };
    case 'run.completed':
      return { ...run, state: 'completed', endedAt: event.at };
    case 'run.failed':
      return { ...run, state: 'failed', endedAt: event.at, failure: event.failure };
    case 'run.cancelled':
      return { ...run, state: 'cancelled', endedAt: event.at, waitingFor: null };
    default:
      return evolveStage(run, event);
  }
}

function evolveStage(run: Run, event: Event | NewEvent): Run {
  switch (event.kind) {
    case 'stage.inherited':
      return withStage(run, event.stage, {
        state: 'completed',
        inherited: true,
        startedAt: event.at,
        endedAt: event.at,
        outputs: event.outputs,
        gates: event.gates,
      });
    case 'stage.dispatched':
      return withStage(run, event.stage, { taskId: event.taskId });
    case 'stage.started':
      return withStage(run, event.stage, { state: 'running', startedAt: event.at });
    case 'stage.waiting':
      return withStage(run, event.stage, { state: 'waiting', startedAt: event.at, approvalId: event.approvalId });
    case 'stage.completed':
      return withStage(run, event.stage, {
        state: 'completed',
        endedAt: event.at,
        outputs: event.outputs,
        gates: event.gates,
      });
    case 'stage.failed':
      return withStage(run, event.stage, {
        state: 'failed',
        endedAt: event.at,
        failure: event.failure,
        gates: event.gates,
        tolerated: event.tolerated,
      });
    case 'stage.skipped':
      return withStage(run, event.stage, { state: 'skipped', endedAt: event.at, reason: event.reason });
    case 'stage.cancelled':
      return withStage(run, event.stage, { state: 'cancelled', endedAt: event.at, reason: event.reason });
    default:
      return run;
  }
}
