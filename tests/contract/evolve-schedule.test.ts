import { describe, expect, test } from 'vitest';
import type { NewEvent } from '../../src-main/contract/event.ts';
import { evolveFiring, evolveSchedule } from '../../src-main/contract/evolve-schedule.ts';
import { scheduleIdSchema } from '../../src-main/contract/ids.ts';
import type { Schedule } from '../../src-main/contract/schedule.ts';
import { firingKey, scheduleDefinitionSchema } from '../../src-main/contract/schedule.ts';
import { countingIds } from '../support/counting-ids.ts';

const ids = countingIds();
const scheduleId = scheduleIdSchema.parse('nightly');
const definition = scheduleDefinitionSchema.parse({
  id: 'nightly',
  title: 'Nightly',
  timing: { kind: 'interval', everyMs: 1_000 },
  start: { kind: 'run', workflow: 'app' },
});
const now = { at: 700, actor: 'engine' as const };
const runId = ids.runId();
const row: Schedule = {
  id: scheduleId,
  definition,
  enabled: true,
  nextAt: 1_000,
  waiting: [],
  lastRunId: null,
  lastTaskId: null,
  savedAt: 500,
};
const fired = { ...now, kind: 'schedule.fired' as const, scheduleId, dueAt: 1_000, nextAt: 2_000 };
const nothing = { runId: null, taskId: null, reason: null };

test('schedule.saved makes the whole schedule, switched on', () => {
  expect(evolveSchedule(null, { ...now, kind: 'schedule.saved', scheduleId, definition, nextAt: 1_000 })).toEqual({
    ...row,
    savedAt: 700,
  });
});

test('what concerns a schedule that is not there makes none', () => {
  expect(evolveSchedule(null, { ...fired, ...nothing, outcome: 'started' })).toBeNull();
});

test('schedule.removed leaves none', () => {
  expect(evolveSchedule(row, { ...now, kind: 'schedule.removed', scheduleId, reason: 'no more' })).toBeNull();
});

describe('an event of a schedule changes its fields and leaves all others', () => {
  const renamed = { ...definition, title: 'New' };
  const cases: readonly [string, Partial<Schedule>, NewEvent, Partial<Schedule>][] = [
    [
      'is saved again while it is switched off',
      { enabled: false, waiting: [1], lastRunId: runId },
      { ...now, kind: 'schedule.saved', scheduleId, definition: renamed, nextAt: null },
      { definition: renamed, nextAt: null, savedAt: 700 },
    ],
    [
      'is switched off',
      {},
      { ...now, kind: 'schedule.switched', scheduleId, enabled: false, reason: 'enough', nextAt: null },
      { enabled: false, nextAt: null },
    ],
    [
      'started a run',
      { waiting: [1_000, 1_500] },
      { ...fired, ...nothing, outcome: 'started', runId },
      { nextAt: 2_000, waiting: [1_500], lastRunId: runId },
    ],
    [
      'has a time that waits',
      { waiting: [500] },
      { ...fired, ...nothing, outcome: 'waiting' },
      { nextAt: 2_000, waiting: [500, 1_000] },
    ],
    [
      'could not start',
      { waiting: [1_000], lastRunId: runId },
      { ...fired, ...nothing, outcome: 'failed', reason: 'gone' },
      { nextAt: 2_000, waiting: [] },
    ],
    ['is not concerned', {}, { ...now, kind: 'engine.thawed', reason: 'on' }, {}],
  ];
  test.each(cases)('one that %s', (_what, before, event, after) => {
    expect(evolveSchedule({ ...row, ...before }, event)).toEqual({ ...row, ...before, ...after });
  });
});

test('schedule.condensed is the schedule as it was', () => {
  expect(evolveSchedule(null, { ...now, kind: 'schedule.condensed', scheduleId, row })).toEqual(row);
});

test('schedule.fired is what became of its time; the last word counts', () => {
  const waiting = evolveFiring(null, { ...fired, ...nothing, outcome: 'waiting', reason: 'busy' });
  expect(waiting).toEqual({
    id: firingKey(scheduleId, 1_000),
    scheduleId,
    dueAt: 1_000,
    at: 700,
    outcome: 'waiting',
    runId: null,
    taskId: null,
    reason: 'busy',
  });
  expect(evolveFiring(waiting, { ...now, kind: 'engine.thawed', reason: 'on' })).toBe(waiting);
  expect(evolveFiring(waiting, { ...fired, ...nothing, outcome: 'started', runId })).toEqual({
    ...waiting,
    outcome: 'started',
    runId,
    reason: null,
  });
});
