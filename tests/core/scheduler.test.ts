import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Schedule } from '../../src-main/contract/schedule.ts';
import type { Engine } from '../support/engine.ts';
import {
  allFirings,
  aTask,
  diagnosedAtEnd,
  firingsOf,
  hour,
  minute,
  openScheduled,
  restarted,
  scheduleInput,
  start,
} from './schedules.ts';

const ten = 10 * minute;
const runsOf = async (engine: Engine) => (await engine.call('listRuns', { limit: 1_000 })).runs;

const step = fc.oneof(
  fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 30 * minute }) }),
  fc.record({ kind: fc.constant('jump' as const), ms: fc.integer({ min: -hour, max: hour }) }),
  fc.record({ kind: fc.constant('crash' as const), ms: fc.integer({ min: 0, max: hour }) }),
  fc.record({ kind: fc.constant('fail' as const), ms: fc.integer({ min: 1, max: 20 * minute }) }),
  fc.record({ kind: fc.constant('end' as const), ms: fc.constant(0) }),
);
type Step = { readonly kind: 'pass' | 'jump' | 'crash' | 'fail' | 'end'; readonly ms: number };

/** Lets time, people, disks and crashes do their work. @returns the engine that lives then. */
async function play(engine: Engine, { kind, ms }: Step): Promise<Engine> {
  switch (kind) {
    case 'jump':
      engine.clock.jump(ms);
      await engine.pass(minute);
      return engine;
    case 'fail':
      engine.failCommits = new Error('the disk is full');
      await engine.pass(ms);
      engine.failCommits = null;
      await engine.pass(minute);
      return engine;
    case 'end':
      for (const launch of engine.launcher.launches) launch.complete();
      await engine.settle();
      return engine;
    case 'crash':
      await engine.crash();
      engine.clock.jump(ms);
      return await openScheduled({ folder: engine.folder, clock: engine.clock });
    default:
      await engine.pass(ms);
      return engine;
  }
}

async function waitingOf(engine: Engine): Promise<number> {
  await engine.settle();
  return (await engine.call('listSchedules', {})).schedules[0]?.waiting.length ?? 0;
}

describe('R61 what is due', () => {
  it('starts once, at its time, and the time is committed with what it started', async () => {
    const engine = await openScheduled();
    const { timers } = engine.clock;
    await engine.call('saveSchedule', scheduleInput());
    expect(engine.clock.timers).toBe(timers + 1);
    await engine.pass(ten - 1);
    expect(await firingsOf(engine)).toEqual([]);
    await engine.pass(1);
    const [firing] = await allFirings(engine);
    const [run] = await runsOf(engine);
    expect(firing).toEqual({
      id: `regular@${start + ten}`,
      scheduleId: 'regular',
      dueAt: start + ten,
      at: start + ten,
      outcome: 'started',
      runId: run?.id,
      taskId: null,
      reason: null,
    });
    expect(run).toMatchObject({ workflow: 'sample', requestId: `regular@${start + ten}`, priority: 'normal' });
    expect((await engine.launch(0)).request.task.runId).toBe(run?.id);
    const kinds = engine.allEvents().map(({ kind }) => kind);
    expect(kinds.indexOf('schedule.fired') - kinds.indexOf('run.created')).toBeLessThan(5);
    (await engine.launch(0)).complete();
    await engine.settle();
    await engine.pass(ten);
    expect(await firingsOf(engine)).toEqual([
      [ten, 'started'],
      [2 * ten, 'started'],
    ]);
  });

  it('starts tasks too', async () => {
    const engine = await openScheduled();
    await engine.call('saveSchedule', scheduleInput({ start: { kind: 'task', task: aTask } }));
    await engine.pass(ten);
    const launch = await engine.launch(0);
    expect(await allFirings(engine)).toMatchObject([
      { outcome: 'started', runId: null, taskId: launch.request.task.id },
    ]);
    await engine.pass(ten);
    expect(await allFirings(engine)).toMatchObject([
      { outcome: 'started' },
      { outcome: 'skipped', reason: `task ${launch.request.task.id} has not ended` },
    ]);
  });

  it('works in the folder and with the inputs and priority that it names', async () => {
    const engine = await openScheduled();
    const named = { kind: 'run' as const, workflow: 'sample', folder: '/there', priority: 'high' as const };
    await engine.call('saveSchedule', scheduleInput({ start: named }));
    await engine.pass(ten);
    expect(await runsOf(engine)).toMatchObject([{ folder: '/there', priority: 'high' }]);
  });

  it('once is over after its time, and stays in the list', async () => {
    const engine = await openScheduled();
    await engine.call('freeze', { reason: 'no attempt, and so no timer of one' });
    const { timers } = engine.clock;
    await engine.call('saveSchedule', scheduleInput({ timing: { kind: 'once', at: start + hour } }));
    await engine.pass(2 * hour);
    expect(await firingsOf(engine)).toEqual([[hour, 'started']]);
    expect((await engine.call('listSchedules', {})).schedules).toMatchObject([
      {
        enabled: true,
        nextAt: null,
        upcoming: [],
        when: 'once, 2026-01-05 13:00 UTC',
        lastFiring: { outcome: 'started' },
      },
    ]);
    expect(engine.clock.timers).toBe(timers);
  });

  it('no timer runs for schedules that are switched off', async () => {
    const engine = await openScheduled();
    const { timers } = engine.clock;
    await engine.call('saveSchedule', scheduleInput());
    await engine.call('switchSchedule', { scheduleId: 'regular' as never, enabled: false, reason: 'holidays' });
    await engine.settle();
    expect(engine.clock.timers).toBe(timers);
  });

  it('is queued while everything is frozen, like all work', async () => {
    const engine = await openScheduled();
    await engine.call('saveSchedule', scheduleInput());
    await engine.call('freeze', { reason: 'lunch' });
    await engine.pass(ten);
    expect(await runsOf(engine)).toMatchObject([{ state: 'queued' }]);
    await engine.call('thaw', { reason: 'back' });
    expect((await engine.launch(0)).request.task.stage).toBe('a');
  });
});

describe('R61 what was started before has not ended', () => {
  it('skip: the time is skipped, and says why', async () => {
    const engine = await openScheduled();
    await engine.call('saveSchedule', scheduleInput());
    await engine.pass(ten);
    await engine.pass(ten);
    const [run] = await runsOf(engine);
    expect((await allFirings(engine))[1]).toMatchObject({ outcome: 'skipped', reason: `run ${run?.id} has not ended` });
    expect(engine.launcher.launches).toHaveLength(1);
  });

  it.each(['run', 'task'] as const)(
    'queue: each %s starts when the one before it has ended, by no timer',
    async (kind) => {
      const engine = await openScheduled();
      const work =
        kind === 'run' ? { kind, workflow: 'sample' } : { kind, task: { ...aTask, retry: { maxAttempts: 1 } } };
      await engine.call('saveSchedule', scheduleInput({ overlap: 'queue', start: work }));
      diagnosedAtEnd(engine);
      for (let time = 0; time < 3; time += 1) await engine.pass(ten);
      expect((await firingsOf(engine)).map(([, outcome]) => outcome)).toEqual(['started', 'waiting', 'waiting']);
      (await engine.launch(0)).complete();
      expect((await engine.launch(1)).request.task.createdAt).toBe(start + 3 * ten);
      expect(engine.launcher.launches).toHaveLength(2);
      (await engine.launch(1)).fail('no', 'fatal');
      await engine.launch(2);
      expect((await firingsOf(engine)).map(([, outcome]) => outcome)).toEqual(['started', 'started', 'started']);
      expect((await engine.call('listSchedules', {})).schedules[0]?.waiting).toEqual([]);
    },
  );

  it.each(['run', 'task'] as const)(
    'replace: the earlier %s is cancelled with a reason, and the new one starts',
    async (kind) => {
      const engine = await openScheduled();
      const work = kind === 'run' ? { kind, workflow: 'sample' } : { kind, task: aTask };
      await engine.call('saveSchedule', scheduleInput({ overlap: 'replace', start: work }));
      await engine.pass(ten);
      await engine.pass(ten);
      const [, second] = [await engine.launch(0), await engine.launch(1)];
      const reason = 'schedule regular replaces it by what was due at 2026-01-05T12:20:00.000Z';
      expect(engine.events('task.cancelRequested')[0]?.reason).toBe(reason);
      if (kind === 'run') expect(engine.events('run.cancelRequested')).toMatchObject([{ reason }]);
      expect(engine.launcher.launches[0]?.stops).toHaveLength(1);
      second.complete();
      await engine.pass(ten);
      expect((await firingsOf(engine)).map(([, outcome]) => outcome)).toEqual(['started', 'started', 'started']);
      expect(engine.events(kind === 'run' ? 'run.cancelled' : 'task.cancelled')).toHaveLength(1);
    },
  );

  it('replace: a task that waits in the queue is gone at once', async () => {
    const engine = await openScheduled();
    await engine.call('saveSchedule', scheduleInput({ overlap: 'replace', start: { kind: 'task', task: aTask } }));
    await engine.call('freeze', { reason: 'lunch' });
    for (let time = 0; time < 3; time += 1) await engine.pass(ten);
    expect((await engine.call('getStatus', {})).tasks).toMatchObject({ cancelled: 2, queued: 1 });
  });

  it('a time that waits goes before what is due in the same moment', async () => {
    const engine = await openScheduled();
    await engine.call('saveSchedule', scheduleInput({ overlap: 'queue' }));
    await engine.pass(ten);
    await engine.pass(ten);
    engine.clock.jump(ten);
    (await engine.launch(0)).complete();
    await engine.pass(minute);
    expect(await firingsOf(engine)).toEqual([
      [ten, 'started'],
      [2 * ten, 'started'],
      [3 * ten, 'waiting'],
    ]);
  });

  it('the end of something else starts nothing', async () => {
    const engine = await openScheduled();
    await engine.call('saveSchedule', scheduleInput({ overlap: 'queue' }));
    await engine.pass(ten);
    await engine.pass(ten);
    await engine.call('enqueueTasks', { tasks: [aTask] });
    (await engine.launch(1)).complete();
    await engine.settle();
    expect((await firingsOf(engine)).map(([, outcome]) => outcome)).toEqual(['started', 'waiting']);
  });
});

describe('R61 over restarts and jumps of the clock', () => {
  it('a due time that was committed does not start again, and one that was not does', async () => {
    const first = await openScheduled();
    await first.call('saveSchedule', scheduleInput({ overlap: 'queue' }));
    await first.pass(ten);
    first.clock.jump(ten);
    const second = await restarted(first);
    await second.settle();
    expect((await firingsOf(second)).map(([, outcome]) => outcome)).toEqual(['started', 'waiting']);
    const third = await restarted(second);
    (await third.launch(0)).complete();
    await third.launch(1);
    expect((await firingsOf(third)).map(([, outcome]) => outcome)).toEqual(['started', 'started']);
    expect(await runsOf(third)).toHaveLength(2);
  });

  it.each([
    ['skip', ['missed', 'missed', 'missed']],
    ['last', ['missed', 'missed', 'started']],
    ['all', ['started', 'waiting', 'waiting']],
  ] as const)('catch-up %s decides what becomes of the times without an engine', async (catchUp, expected) => {
    const first = await openScheduled();
    await first.call('saveSchedule', scheduleInput({ catchUp, overlap: 'queue' }));
    await first.crash();
    first.clock.jump(3 * ten + 5 * minute);
    const second = await openScheduled({ folder: first.folder, clock: first.clock });
    await second.settle();
    expect((await firingsOf(second)).map(([, outcome]) => outcome)).toEqual(expected);
    expect((await second.call('listSchedules', {})).schedules[0]?.nextAt).toBe(start + 4 * ten);
  });

  it('a jump forward is noticed within a minute, like a machine that slept', async () => {
    const engine = await openScheduled();
    await engine.call(
      'saveSchedule',
      scheduleInput({ timing: { kind: 'cron', expression: '0 6 * * *', timeZone: 'UTC' } }),
    );
    engine.clock.jump(24 * hour);
    await engine.pass(minute);
    expect(await firingsOf(engine)).toEqual([[18 * hour, 'started']]);
  });

  it('a jump backward fires no time twice, and an edit passes over what was fired', async () => {
    const engine = await openScheduled();
    engine.launcher.onLaunch = (launch) => launch.complete();
    const hourly = scheduleInput({ timing: { kind: 'cron', expression: '0 * * * *', timeZone: 'UTC' } });
    await engine.call('saveSchedule', hourly);
    for (let time = 0; time < 3; time += 1) await engine.pass(hour);
    engine.clock.jump(-2 * hour);
    await engine.pass(2 * hour);
    expect(await firingsOf(engine)).toHaveLength(3);
    engine.clock.jump(-2 * hour);
    expect((await engine.call('saveSchedule', hourly)).nextAt).toBe(start + 4 * hour);
    const other = { ...hourly, timing: { kind: 'cron' as const, expression: '30 * * * *', timeZone: 'UTC' } };
    expect((await engine.call('saveSchedule', other)).nextAt).toBe(start + 1.5 * hour);
    const both = { ...hourly, timing: { kind: 'cron' as const, expression: '*/30 * * * *', timeZone: 'UTC' } };
    expect((await engine.call('saveSchedule', both)).nextAt).toBe(start + 1.5 * hour);
    engine.clock.jump(hour);
    await engine.pass(minute);
    expect(await firingsOf(engine)).toEqual([
      [hour, 'started'],
      [1.5 * hour, 'started'],
      [2 * hour, 'started'],
      [3 * hour, 'started'],
    ]);
  });

  it('an edit fires nothing of the past, and an interval counts from it', async () => {
    const engine = await openScheduled();
    await engine.call('saveSchedule', scheduleInput());
    engine.clock.jump(ten - 1);
    expect((await engine.call('saveSchedule', scheduleInput({ title: 'New' }))).nextAt).toBe(start + 2 * ten - 1);
    await engine.pass(minute);
    expect(await firingsOf(engine)).toEqual([]);
  });

  it('an hour that is left out and one that comes twice start it once each', async () => {
    const engine = await openScheduled();
    engine.launcher.onLaunch = (launch) => launch.complete();
    const nightly = { kind: 'cron' as const, expression: '30 2 * * *', timeZone: 'Europe/Berlin' };
    await engine.call('saveSchedule', scheduleInput({ timing: nightly }));
    for (const day of ['2026-03-29', '2026-10-25']) {
      engine.clock.jump(Date.parse(`${day}T00:00:00Z`) - hour - engine.clock.now());
      await engine.pass(minute);
      const before = (await allFirings(engine)).length;
      for (let passed = 0; passed < 5; passed += 1) await engine.pass(hour);
      const fired = (await allFirings(engine)).slice(before);
      expect(fired.map(({ dueAt, outcome }) => [new Date(dueAt).toISOString(), outcome])).toEqual([
        [day === '2026-03-29' ? '2026-03-29T01:00:00.000Z' : '2026-10-25T00:30:00.000Z', 'started'],
      ]);
    }
  });

  it('starts each due time at most once and loses none, whatever the clock and the engine do', {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 8 }), async (steps) => {
        let engine = await openScheduled();
        await engine.call('saveSchedule', scheduleInput({ overlap: 'queue', catchUp: 'all' }));
        for (const each of steps) engine = await play(engine, each);
        engine.launcher.onLaunch = (launch) => launch.complete();
        for (const launch of engine.launcher.launches) launch.complete();
        for (let left = 100; left > 0 && (await waitingOf(engine)) > 0; left -= 1) await engine.settle();

        const { nextAt } = (await engine.call('listSchedules', {})).schedules[0] as Schedule;
        const due = Array.from({ length: (Number(nextAt) - start) / ten - 1 }, (_, index) => (index + 1) * ten);
        expect(await firingsOf(engine)).toEqual(due.map((time) => [time, 'started']));
        const keys = (await runsOf(engine)).map(({ requestId }) => requestId);
        expect(keys.toSorted()).toEqual(due.map((time) => `regular@${start + time}`).toSorted());
        await engine.close();
      }),
      { numRuns: 10 },
    );
  });
});
