import { describe, expect, it } from 'vitest';
import type { StoreUnit } from '../../src-main/core/ports.ts';
import { sample } from '../support/engine.ts';
import { agentDefinition, stageSpec } from '../support/samples.ts';
import {
  allFirings,
  aTask,
  firingsOf,
  hour,
  minute,
  openScheduled,
  restarted,
  scheduleInput,
  second,
  start,
} from './schedules.ts';

const ten = 10 * minute;

describe('R61 R68 trouble', () => {
  const gone = { kind: 'run' as const, workflow: 'sample', folder: '/gone' };

  it('what cannot be started fails with its sentence, shows in health, and the schedule goes on', async () => {
    const engine = await openScheduled();
    await engine.call('saveSchedule', scheduleInput({ start: gone }));
    engine.missingPaths.add('/gone');
    await engine.pass(ten);
    const [failed] = await allFirings(engine);
    expect(failed).toMatchObject({ outcome: 'failed', runId: null, reason: 'folder: /gone does not exist.' });
    const message = 'Schedule regular could not start what it was due to. folder: /gone does not exist.';
    expect(engine.parts.troubles()).toMatchObject([
      { message, remedy: expect.stringContaining('schedules show regular') },
    ]);

    const second = await restarted(engine);
    expect(second.parts.troubles()).toMatchObject([{ message }]);
    await second.pass(ten);
    expect(await firingsOf(second)).toEqual([
      [ten, 'failed'],
      [2 * ten, 'started'],
    ]);
    expect(second.parts.troubles()).toEqual([]);
  });

  it('replace cancels nothing for what cannot be started', async () => {
    const engine = await openScheduled();
    await engine.call('saveSchedule', scheduleInput({ start: gone, overlap: 'replace' }));
    await engine.pass(ten);
    engine.missingPaths.add('/gone');
    await engine.pass(ten);
    expect((await firingsOf(engine)).map(([, outcome]) => outcome)).toEqual(['started', 'failed']);
    expect(engine.events('run.cancelRequested')).toEqual([]);
    await engine.call('switchSchedule', { scheduleId: 'regular' as never, enabled: false, reason: 'mend it' });
    expect(engine.parts.troubles()).toEqual([]);
    const second = await restarted(engine);
    expect(second.parts.troubles()).toEqual([]);
  });

  it('a task that cannot be queued fails too', async () => {
    const engine = await openScheduled();
    await engine.call('saveSchedule', scheduleInput({ start: { kind: 'task', task: { ...aTask, folder: '/gone' } } }));
    engine.missingPaths.add('/gone');
    await engine.pass(ten);
    expect(await allFirings(engine)).toMatchObject([
      { outcome: 'failed', reason: 'tasks.0.folder: /gone does not exist.' },
    ]);
  });

  it('a timing that this machine cannot read fails once, and the others go on', async () => {
    const engine = await openScheduled();
    await engine.call('saveSchedule', scheduleInput());
    await engine.store.write((unit) => {
      const definition = scheduleInput({
        id: 'strange',
        timing: { kind: 'cron', expression: '0 6 * * *', timeZone: 'Mars/Crater' },
      });
      const saved = { scheduleId: 'strange', definition, nextAt: start + minute };
      unit.record([{ at: start, actor: 'person', kind: 'schedule.saved', ...saved } as never]);
      return null;
    });
    expect((await engine.call('listSchedules', {})).schedules[1]?.upcoming).toEqual([start + minute]);
    await engine.pass(minute);
    expect(await allFirings(engine, 'strange')).toMatchObject([
      { outcome: 'failed', reason: expect.stringContaining('Mars/Crater') },
    ]);
    const { schedules } = await engine.call('listSchedules', {});
    expect(schedules).toMatchObject([{ id: 'regular' }, { id: 'strange', nextAt: null, upcoming: [] }]);
  });

  it('what cannot be stored is tried again, and then happens once', async () => {
    const engine = await openScheduled();
    await engine.call('saveSchedule', scheduleInput());
    engine.failCommits = new Error('the disk is full');
    await engine.pass(ten);
    expect(engine.parts.troubles()).toMatchObject([{ message: expect.stringContaining('could not be stored') }]);
    await engine.pass(9 * second);
    engine.failCommits = null;
    expect(await firingsOf(engine)).toEqual([]);
    await engine.pass(second);
    expect(await firingsOf(engine)).toEqual([[ten, 'started']]);
    expect(engine.parts.troubles()).toEqual([]);
  });

  it('schedules that cannot be read stop nothing else', async () => {
    const first = await openScheduled();
    await first.call('saveSchedule', scheduleInput());
    await first.crash();
    const second = await openScheduled({ folder: first.folder, clock: first.clock, start: false });
    const { reads } = second.store;
    Object.assign(reads, {
      schedules: () => {
        throw new Error('torn');
      },
    });
    await second.orchestrator.start();
    await second.call('enqueueTasks', { tasks: [aTask] });
    await second.launch(0);
    expect(second.parts.troubles()).toMatchObject([{ message: expect.stringContaining('cannot be read') }]);
  });
});

describe('R61 somebody is quicker', () => {
  const removed = { kind: 'schedule.removed' as const, scheduleId: 'regular' as never, reason: 'no more' };
  const switched = {
    kind: 'schedule.switched' as const,
    scheduleId: 'regular' as never,
    enabled: true,
    reason: 'again',
    nextAt: start + 2 * ten,
  };

  it.each([
    ['removes it', [removed], []],
    ['changes when it is due', [switched], [[2 * ten, 'started']]],
  ] as const)('a person %s in the same transaction: it is looked at as it is then', async (_what, events, expected) => {
    const engine = await openScheduled();
    await engine.call('saveSchedule', scheduleInput());
    const { write } = engine.store;
    let done = false;
    // The unit that fires finds what another unit of its transaction has just recorded.
    engine.store.write = ((work: (unit: StoreUnit) => unknown) =>
      write.call(engine.store, ((unit: StoreUnit) => {
        if (!done && engine.clock.now() === start + ten) {
          done = true;
          unit.record(events.map((event) => ({ at: start + ten, actor: 'person' as const, ...event })));
        }
        return work(unit);
      }) as never)) as never;
    await engine.pass(ten);
    const before = await engine.attempt('listFirings', { scheduleId: 'regular' as never });
    expect(before).toMatchObject(expected.length === 0 ? { ok: false } : { value: { firings: [] } });
    if (expected.length === 0) return;
    await engine.pass(ten);
    expect(await firingsOf(engine)).toEqual(expected);
  });
});

it('R61 an engine that is stopped while it looks starts nothing more', async () => {
  const engine = await openScheduled();
  await engine.call('saveSchedule', scheduleInput());
  engine.clock.advance(ten);
  await engine.orchestrator.close({ mode: 'park' });
  expect(engine.events('schedule.fired')).toEqual([]);
});

it('R61 one that is removed while another is looked at starts nothing', async () => {
  const engine = await openScheduled();
  await engine.call('saveSchedule', scheduleInput({ id: 'another' }));
  await engine.call('saveSchedule', scheduleInput());
  engine.clock.advance(ten);
  await engine.call('removeSchedule', { scheduleId: 'regular' as never, reason: 'no more' });
  await engine.settle();
  expect(engine.events('schedule.fired')).toMatchObject([{ scheduleId: 'another' }]);
});

it('R61 a stopped engine starts nothing more', async () => {
  const engine = await openScheduled({ agents: [agentDefinition()], workflows: [sample(stageSpec('a'))] });
  await engine.call('saveSchedule', scheduleInput());
  const closing = engine.orchestrator.close({ mode: 'park' });
  engine.clock.advance(ten);
  await closing;
  expect(engine.events('schedule.fired')).toEqual([]);
});

it('R61 what waits while the engine ends its work is left to the next engine', async () => {
  const engine = await openScheduled();
  await engine.call('saveSchedule', scheduleInput({ overlap: 'queue' }));
  await engine.pass(ten);
  await engine.pass(ten);
  const closing = engine.orchestrator.close({ mode: 'drain', drainMs: hour });
  (await engine.launch(0)).complete();
  await closing;
  expect(engine.events('schedule.fired').map(({ outcome }) => outcome)).toEqual(['started', 'waiting']);
  const second = await restarted(engine);
  await second.settle();
  expect((await firingsOf(second)).map(([, outcome]) => outcome)).toEqual(['started', 'started']);
});
