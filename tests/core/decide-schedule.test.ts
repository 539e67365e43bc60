import { describe, expect, test } from 'vitest';
import type { ScheduleDefinition } from '../../src-main/contract/schedule.ts';
import { scheduleDefinitionSchema } from '../../src-main/contract/schedule.ts';
import { decideDue, wantedTimes } from '../../src-main/core/decide-schedule.ts';
import type { DueSince } from '../../src-main/core/schedule-times.ts';

const minute = 60_000;

function scheduleOf(change: Partial<Pick<ScheduleDefinition, 'overlap' | 'catchUp'>>, waiting = 0) {
  const definition = scheduleDefinitionSchema.parse({
    id: 'nightly',
    title: 'Nightly',
    timing: { kind: 'interval', everyMs: minute },
    start: { kind: 'run', workflow: 'app' },
    ...change,
  });
  return { definition, waiting: Array.from({ length: waiting }, (_, index) => index) };
}

function due(count: number, earlier = 0, exact = true): DueSince {
  return { times: Array.from({ length: count }, (_, index) => (index + 1) * minute), earlier, exact };
}

const now = 3 * minute;

describe('R61 what becomes of three times, of which the last is now', () => {
  test.each([
    ['skip', 'skip', null, ['missed', 'missed', 'start']],
    ['skip', 'last', null, ['missed', 'missed', 'start']],
    ['skip', 'all', null, ['start', 'skipped', 'skipped']],
    ['skip', 'skip', 'run r', ['missed', 'missed', 'skipped']],
    ['skip', 'last', 'run r', ['missed', 'missed', 'skipped']],
    ['skip', 'all', 'run r', ['skipped', 'skipped', 'skipped']],
    ['queue', 'skip', null, ['missed', 'missed', 'start']],
    ['queue', 'last', null, ['missed', 'missed', 'start']],
    ['queue', 'all', null, ['start', 'waiting', 'waiting']],
    ['queue', 'skip', 'run r', ['missed', 'missed', 'waiting']],
    ['queue', 'last', 'run r', ['missed', 'missed', 'waiting']],
    ['queue', 'all', 'run r', ['waiting', 'waiting', 'waiting']],
    ['replace', 'skip', null, ['missed', 'missed', 'start']],
    ['replace', 'last', null, ['missed', 'missed', 'start']],
    ['replace', 'all', null, ['skipped', 'skipped', 'start']],
    ['replace', 'skip', 'run r', ['missed', 'missed', 'start']],
    ['replace', 'last', 'run r', ['missed', 'missed', 'start']],
    ['replace', 'all', 'run r', ['skipped', 'skipped', 'start']],
  ] as const)('overlap %s, catch-up %s, earlier %s', (overlap, catchUp, earlier, expected) => {
    const decisions = decideDue(scheduleOf({ overlap, catchUp }), due(3), now, earlier);
    expect(decisions.map(({ outcome }) => outcome)).toEqual(expected);
    expect(decisions.map(({ dueAt }) => dueAt)).toEqual([minute, 2 * minute, 3 * minute]);
    for (const { outcome, reason } of decisions) expect(reason === null).toBe(outcome === 'start');
  });
});

test('R61 with catch-up skip, a time that is noticed more than a minute late is missed', () => {
  const schedule = scheduleOf({ catchUp: 'skip' });
  expect(decideDue(schedule, due(1), 2 * minute, null)).toMatchObject([{ outcome: 'start' }]);
  expect(decideDue(schedule, due(1), 2 * minute + 1, null)).toEqual([
    { dueAt: minute, outcome: 'missed', reason: 'no engine was there in time, and the catch-up policy is skip' },
  ]);
});

test('R61 at most a hundred missed times are told; the first of them says how many more there were', () => {
  const missed = (times: DueSince) =>
    decideDue(scheduleOf({}), times, 500 * minute, null).filter(({ outcome }) => outcome === 'missed');
  expect(missed(due(101)).map(({ reason }) => reason?.includes('earlier'))).toEqual(Array(100).fill(false));
  const many = missed(due(103, 5));
  expect(many).toHaveLength(100);
  expect(many[0]?.reason).toContain('; so 7 earlier times were missed too');
  expect(many[1]?.reason).not.toContain('earlier');
  expect(missed(due(101, 9, false))[0]?.reason).toContain('; so at least 9 earlier times were missed too');
});

test('R61 all catches up at most a hundred', () => {
  const decisions = decideDue(scheduleOf({ catchUp: 'all', overlap: 'queue' }), due(150), 500 * minute, null);
  const outcomes = decisions.map(({ outcome }) => outcome);
  expect(outcomes).toEqual([...Array(50).fill('missed'), 'start', ...Array(99).fill('waiting')]);
  expect(wantedTimes(scheduleOf({ catchUp: 'all' }))).toBe(200);
  expect(wantedTimes(scheduleOf({ catchUp: 'last' }))).toBe(101);
});

test('R61 at most a hundred times wait; what is due then is skipped, and says so', () => {
  const queue = scheduleOf({ overlap: 'queue', catchUp: 'all' }, 98);
  expect(decideDue(queue, due(3), now, 'run r')).toEqual([
    { dueAt: minute, outcome: 'waiting', reason: 'it waits for the end of run r' },
    { dueAt: 2 * minute, outcome: 'waiting', reason: 'it waits for the end of run r' },
    { dueAt: 3 * minute, outcome: 'skipped', reason: '100 times wait already' },
  ]);
});

test('R61 a time that waits keeps its place before what is due', () => {
  expect(decideDue(scheduleOf({ overlap: 'queue' }, 1), due(1), minute, null)).toEqual([
    { dueAt: minute, outcome: 'waiting', reason: 'it waits for the end of what is started before it' },
  ]);
});
