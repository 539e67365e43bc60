import { describe, expect, it, test } from 'vitest';
import type { NewEvent } from '../../src-main/contract/event.ts';
import { evolveRun } from '../../src-main/contract/evolve-run.ts';
import { workflowHashSchema } from '../../src-main/contract/ids.ts';
import type { Run, Stage } from '../../src-main/contract/run.ts';
import { countingIds } from '../support/counting-ids.ts';
import { runRow, stageRow } from '../support/samples.ts';

const ids = countingIds();
const runId = ids.runId();
const taskId = ids.taskId();
const approvalId = ids.approvalId();
const now = { at: 700, actor: 'engine' as const };
const failure = { category: 'exit' as const, class: 'unknown' as const, message: 'exit code 1' };
const gate = { name: 'lint', level: 'warning' as const, passed: false, actual: 1, expected: '0', message: 'no' };

test('run.created makes the whole run, its stages pending and in the order of the file', () => {
  const created: NewEvent = {
    ...now,
    kind: 'run.created',
    runId,
    workflow: 'app',
    workflowHash: workflowHashSchema.parse('b'.repeat(64)),
    inputs: { name: 'calculator-app' },
    priority: 'high',
    requestId: 'request-7',
    traceId: ids.traceId(),
    folder: '/work/app',
    rerunOf: { runId, fromStage: 'test' },
    stages: [
      { name: 'build', needs: [] },
      { name: 'test', needs: ['build'] },
    ],
  };
  expect(evolveRun(null, created)).toEqual({
    id: runId,
    workflow: 'app',
    workflowHash: created.workflowHash,
    inputs: { name: 'calculator-app' },
    state: 'queued',
    priority: 'high',
    requestId: 'request-7',
    traceId: created.traceId,
    folder: '/work/app',
    rerunOf: { runId, fromStage: 'test' },
    progress: 0,
    waitingFor: null,
    pauseRequestedAt: null,
    cancelRequestedAt: null,
    cancelReason: null,
    createdAt: 700,
    startedAt: null,
    endedAt: null,
    failure: null,
    stages: [
      { ...stageRow('build'), index: 0 },
      { ...stageRow('test'), index: 1, needs: ['build'] },
    ],
  });
});

describe('an event of a run changes its fields and leaves all others', () => {
  const cases: readonly [string, Partial<Run>, NewEvent, Partial<Run>][] = [
    ['starts', { state: 'queued' }, { ...now, kind: 'run.started', runId }, { state: 'running', startedAt: 700 }],
    [
      'waits',
      { startedAt: 5 },
      { ...now, kind: 'run.waiting', runId, waitingFor: 'approval of a' },
      { state: 'waiting', waitingFor: 'approval of a' },
    ],
    [
      'waits before anything else',
      { state: 'queued' },
      { ...now, kind: 'run.waiting', runId, waitingFor: 'approval of a' },
      { state: 'waiting', waitingFor: 'approval of a', startedAt: 700 },
    ],
    [
      'goes on after a wait',
      { state: 'waiting', waitingFor: 'approval of a' },
      { ...now, kind: 'run.continued', runId },
      { state: 'running', waitingFor: null },
    ],
    [
      'is asked to pause',
      {},
      { ...now, kind: 'run.pauseRequested', runId, reason: 'lunch' },
      { pauseRequestedAt: 700 },
    ],
    ['pauses', { startedAt: 5 }, { ...now, kind: 'run.paused', runId }, { state: 'paused' }],
    [
      'pauses before anything else',
      { state: 'queued' },
      { ...now, kind: 'run.paused', runId },
      { state: 'paused', startedAt: 700 },
    ],
    [
      'resumes',
      { state: 'paused', pauseRequestedAt: 5 },
      { ...now, kind: 'run.resumed', runId, reason: 'go' },
      { state: 'running', pauseRequestedAt: null },
    ],
    [
      'takes a request to pause back while it waits',
      { state: 'waiting', pauseRequestedAt: 5 },
      { ...now, kind: 'run.resumed', runId, reason: 'go' },
      { pauseRequestedAt: null },
    ],
    [
      'is asked to end',
      {},
      { ...now, kind: 'run.cancelRequested', runId, reason: 'enough' },
      { cancelRequestedAt: 700, cancelReason: 'enough' },
    ],
    ['completes', {}, { ...now, kind: 'run.completed', runId }, { state: 'completed', endedAt: 700 }],
    ['fails', {}, { ...now, kind: 'run.failed', runId, failure }, { state: 'failed', endedAt: 700, failure }],
    [
      'is cancelled while it waits',
      { state: 'waiting', waitingFor: 'approval of a' },
      { ...now, kind: 'run.cancelled', runId, reason: 'enough' },
      { state: 'cancelled', endedAt: 700, waitingFor: null },
    ],
  ];
  test.each(cases)('%s', (_title, before, event, change) => {
    const run = runRow({ id: runId, ...before });
    expect(evolveRun(run, event)).toEqual({ ...run, ...change });
  });
});

describe('an event of a stage changes that stage alone', () => {
  const stage = { runId, stage: 'test' };
  const cases: readonly [string, Partial<Stage>, NewEvent, Partial<Stage>, number][] = [
    [
      'takes outputs over',
      {},
      { ...now, kind: 'stage.inherited', ...stage, outputs: { n: 1 }, gates: [gate] },
      { state: 'completed', inherited: true, startedAt: 700, endedAt: 700, outputs: { n: 1 }, gates: [gate] },
      50,
    ],
    ['is dispatched', {}, { ...now, kind: 'stage.dispatched', ...stage, taskId }, { taskId }, 0],
    ['starts', { taskId }, { ...now, kind: 'stage.started', ...stage }, { state: 'running', startedAt: 700 }, 0],
    [
      'waits for a person',
      {},
      { ...now, kind: 'stage.waiting', ...stage, approvalId },
      { state: 'waiting', startedAt: 700, approvalId },
      0,
    ],
    [
      'completes',
      { state: 'running', startedAt: 5 },
      { ...now, kind: 'stage.completed', ...stage, outputs: { n: 1 }, gates: [gate] },
      { state: 'completed', endedAt: 700, outputs: { n: 1 }, gates: [gate] },
      50,
    ],
    [
      'fails',
      { state: 'running', startedAt: 5 },
      { ...now, kind: 'stage.failed', ...stage, failure, gates: [gate], tolerated: true },
      { state: 'failed', endedAt: 700, failure, gates: [gate], tolerated: true },
      50,
    ],
    [
      'is skipped',
      {},
      { ...now, kind: 'stage.skipped', ...stage, reason: 'no' },
      { state: 'skipped', endedAt: 700, reason: 'no' },
      50,
    ],
    [
      'is cancelled',
      {},
      { ...now, kind: 'stage.cancelled', ...stage, reason: 'no' },
      { state: 'cancelled', endedAt: 700, reason: 'no' },
      50,
    ],
  ];
  test.each(cases)('%s', (_title, before, event, change, progress) => {
    const run = runRow({ id: runId, stages: [stageRow('build'), stageRow('test', before)] });
    const [build, other] = run.stages;
    expect(evolveRun(run, event)).toEqual({ ...run, progress, stages: [build, { ...other, ...change }] });
  });

  it('changes nothing when the run has no such stage', () => {
    const run = runRow({ id: runId });
    expect(evolveRun(run, { ...now, kind: 'stage.started', runId, stage: 'elsewhere' })).toEqual(run);
  });
});
