import { describe, expect, test } from 'vitest';
import type { NewEvent } from '../../src-main/contract/event.ts';
import { evolveAttempt, evolveTask } from '../../src-main/contract/evolve-task.ts';
import { agentIdSchema } from '../../src-main/contract/ids.ts';
import type { Attempt, Task } from '../../src-main/contract/task.ts';
import { countingIds } from '../support/counting-ids.ts';
import { runningTask, taskRow, taskSpec } from '../support/samples.ts';

const ids = countingIds();
const taskId = ids.taskId();
const runId = ids.runId();
const attemptId = ids.attemptId();
const agentId = agentIdSchema.parse('worker');
const now = { at: 700, actor: 'engine' as const };
const task = { taskId, runId: null };
const attempt = { ...task, attemptId, agentId };
const failure = { category: 'exit' as const, class: 'unknown' as const, message: 'exit code 1' };
const process = { pid: 123, startMark: '456' };
const gate = { name: 'lint', level: 'warning' as const, passed: false, actual: 1, expected: '0', message: 'no' };

describe('task.created makes the whole task', () => {
  test.each([
    [true, 'blocked'],
    [false, 'queued'],
  ] as const)('when it has open needs (%s) it is %s', (blocked, state) => {
    const created: NewEvent = {
      ...now,
      kind: 'task.created',
      taskId,
      runId,
      stage: 'build',
      spec: taskSpec(),
      priority: 'high',
      traceId: ids.traceId(),
      blocked,
      held: true,
      position: 9,
      availableAt: 800,
    };
    expect(evolveTask(null, created)).toEqual({
      id: taskId,
      runId,
      stage: 'build',
      spec: created.spec,
      state,
      priority: 'high',
      position: 9,
      availableAt: 800,
      held: true,
      traceId: created.traceId,
      attempts: 0,
      failures: 0,
      interruptions: 0,
      fence: 0,
      attemptId: null,
      agentId: null,
      cancelRequestedAt: null,
      createdAt: 700,
      startedAt: null,
      endedAt: null,
      outputs: null,
      failure: null,
    });
  });
});

function released(counts: 'failure' | 'interruption' | 'nothing'): NewEvent {
  const place = { held: true, position: 9, availableAt: 800 };
  return { ...now, kind: 'task.released', ...attempt, by: 'retry', counts, ...place, reason: 'exit code 1' };
}

describe('an event of a task changes its fields and leaves all others', () => {
  const live: Partial<Task> = { state: 'running', attemptId, agentId, startedAt: 5, attempts: 1, fence: 1 };
  const back = { state: 'queued' as const, attemptId: null, agentId: null, held: true, position: 9, availableAt: 800 };
  const dead: Partial<Task> = { ...live, state: 'dead', failures: 3, interruptions: 2, endedAt: 6, failure };
  const cases: readonly [string, Partial<Task>, NewEvent, Partial<Task>][] = [
    ['is unblocked', { state: 'blocked' }, { ...now, kind: 'task.unblocked', ...task }, { state: 'queued' }],
    ['is held', {}, { ...now, kind: 'task.held', ...task }, { held: true }],
    ['is no longer held', { held: true }, { ...now, kind: 'task.unheld', ...task }, { held: false }],
    ['is more urgent', {}, { ...now, kind: 'task.priorityChanged', ...task, priority: 'high' }, { priority: 'high' }],
    [
      'is claimed',
      { attempts: 1, fence: 4 },
      { ...now, kind: 'task.claimed', ...attempt, stage: null, number: 2, fence: 5 },
      { state: 'claimed', attempts: 2, fence: 5, attemptId, agentId },
    ],
    [
      'starts',
      { ...live, state: 'claimed', startedAt: null },
      { ...now, kind: 'attempt.started', ...attempt, process },
      { state: 'running', startedAt: 700 },
    ],
    [
      'starts again, and keeps when it first started',
      { ...live, state: 'claimed' },
      { ...now, kind: 'attempt.started', ...attempt, process },
      { state: 'running' },
    ],
    ['is released by a failure', { ...live, failures: 1 }, released('failure'), { ...back, failures: 2 }],
    ['is released by a death', { ...live, interruptions: 1 }, released('interruption'), { ...back, interruptions: 2 }],
    ['is released by the engine', live, released('nothing'), back],
    [
      'completes',
      live,
      { ...now, kind: 'task.completed', ...task, outputs: { n: 1 } },
      { state: 'completed', endedAt: 700, outputs: { n: 1 } },
    ],
    ['fails', live, { ...now, kind: 'task.failed', ...task, failure }, { state: 'failed', endedAt: 700, failure }],
    ['dies', live, { ...now, kind: 'task.died', ...task, failure }, { state: 'dead', endedAt: 700, failure }],
    [
      'is asked to end',
      live,
      { ...now, kind: 'task.cancelRequested', ...task, reason: 'enough' },
      { cancelRequestedAt: 700 },
    ],
    [
      'is cancelled',
      live,
      { ...now, kind: 'task.cancelled', ...task, reason: 'enough' },
      { state: 'cancelled', endedAt: 700 },
    ],
    [
      'is requeued, counted from nothing, with its number of attempts and its fence kept',
      { ...dead, availableAt: 3 },
      { ...now, kind: 'task.requeued', ...task, position: 9 },
      { ...back, held: false, availableAt: 0, failures: 0, interruptions: 0, endedAt: null, failure: null },
    ],
  ];
  test.each(cases)('%s', (_title, before, event, change) => {
    const row = taskRow({ id: taskId, ...before });
    expect(evolveTask(row, event)).toEqual({ ...row, ...change });
  });
});

test('task.claimed makes the whole attempt', () => {
  const claimed = { ...now, kind: 'task.claimed' as const, ...attempt, runId, stage: 'build', number: 2, fence: 5 };
  expect(evolveAttempt(null, claimed)).toEqual({
    id: attemptId,
    taskId,
    runId,
    stage: 'build',
    number: 2,
    agentId,
    fence: 5,
    state: 'starting',
    process: null,
    claimedAt: 700,
    startedAt: null,
    endedAt: null,
    activities: 0,
    stuck: null,
    exit: null,
    gates: [],
    outputs: null,
    failure: null,
  });
});

describe('an event of an attempt changes its fields and leaves all others', () => {
  const exit = { code: 1, signal: null, stopReason: null };
  const ended = { exit, gates: [gate], outputs: null, failure };
  const cases: readonly [string, NewEvent, Partial<Attempt>][] = [
    ['starts', { ...now, kind: 'attempt.started', ...attempt, process }, { state: 'running', startedAt: 700, process }],
    [
      'does something',
      { ...now, kind: 'attempt.did', ...attempt, number: 4, activity: { kind: 'thinking' } },
      { activities: 4 },
    ],
    [
      'ends',
      { ...now, kind: 'attempt.ended', ...attempt, state: 'timed_out', ...ended },
      { state: 'timed_out', endedAt: 700, ...ended },
    ],
  ];
  test.each(cases)('%s', (_title, event, change) => {
    const row = runningTask().attempt;
    expect(evolveAttempt(row, event)).toEqual({ ...row, ...change });
  });
});
