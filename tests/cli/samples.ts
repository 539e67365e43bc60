import type { Event } from '../../src-main/contract/event.ts';
import { evolveRun } from '../../src-main/contract/evolve-run.ts';
import type { Run } from '../../src-main/contract/run.ts';

/** An id of a kind, told apart by a number. */
export function sampleId(kind: 'run' | 'task' | 'attempt' | 'approval', number = 0): string {
  return `${kind}_${String(number).padStart(26, '0')}`;
}

export const runId = sampleId('run');

let lastSeq = 0;

/** An event with what all events have; a later one has a higher number. */
export function sampleEvent(kind: Event['kind'], fields: Record<string, unknown>, at = 1_000_000): Event {
  lastSeq += 1;
  return { seq: lastSeq, at, actor: 'engine', kind, runId, ...fields } as unknown as Event;
}

/** A run of stages, one after the other. */
export function createdEvent(stages: readonly string[] = ['build', 'check']): Event {
  return sampleEvent('run.created', {
    workflow: 'app',
    workflowHash: 'a'.repeat(64),
    inputs: { name: 'x' },
    priority: 'normal',
    requestId: 'r',
    traceId: '1'.padStart(32, '0'),
    folder: '/work/folder',
    rerunOf: null,
    stages: stages.map((name, index) => ({ name, needs: index === 0 ? [] : [stages[index - 1]] })),
  });
}

/** What happens when a stage is worked on, up to its claim. */
export function claimedEvents(stage: string, number = 1, task = 1): Event[] {
  const ids = {
    taskId: sampleId('task', task),
    attemptId: sampleId('attempt', task * 100 + number),
    agentId: 'builder',
  };
  const dispatched = number === 1 ? [sampleEvent('stage.dispatched', { stage, taskId: ids.taskId })] : [];
  const started = number === 1 ? [sampleEvent('run.started', {}), sampleEvent('stage.started', { stage })] : [];
  return [...dispatched, sampleEvent('task.claimed', { ...ids, stage, number, fence: number }), ...started];
}

/** Folds events of a run from nothing. */
export function runOf(events: readonly Event[]): Run {
  const run = events.reduce<Run | null>((row, event) => evolveRun(row, event), null);
  if (run === null) throw new Error('no run in these events');
  return run;
}
