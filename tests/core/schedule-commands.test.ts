import { describe, expect, it } from 'vitest';
import { scheduleIdSchema } from '../../src-main/contract/ids.ts';
import { err } from '../../src-main/contract/result.ts';
import { ScheduleStarts } from '../../src-main/core/schedule-starts.ts';
import { openEngine, sample } from '../support/engine.ts';
import { stageSpec } from '../support/samples.ts';
import { allFirings, aTask, firingsOf, hour, minute, openScheduled, scheduleInput, start } from './schedules.ts';

const scheduleId = scheduleIdSchema.parse('regular');
const reason = 'because';
const daily = { kind: 'cron' as const, expression: '0 6 * * *', timeZone: 'Europe/Berlin' };

describe('R61 saving a schedule', () => {
  it('answers with when it is due, in words and times', async () => {
    const engine = await openScheduled();
    const view = await engine.call('saveSchedule', scheduleInput({ timing: daily }));
    const first = Date.parse('2026-01-06T05:00:00Z');
    expect(view).toMatchObject({
      id: 'regular',
      enabled: true,
      nextAt: first,
      when: 'every day at 06:00 (Europe/Berlin)',
      lastFiring: null,
      waiting: [],
      savedAt: start,
      definition: { overlap: 'skip', catchUp: 'last' },
    });
    expect(view.upcoming).toEqual([0, 1, 2, 3, 4].map((day) => first + day * 24 * hour));
    expect((await engine.call('listSchedules', {})).schedules).toEqual([view]);
  });

  it.each([
    ['timing.expression', { timing: { ...daily, expression: '61 * * * *' } }, /cannot be read/],
    ['timing.expression', { timing: { ...daily, expression: '0 0 30 2 *' } }, /never due/],
    ['timing.timeZone', { timing: { ...daily, timeZone: 'Europe/Berlim' } }, /Did you mean Europe\/Berlin/],
    ['timing.at', { timing: { kind: 'once', at: start } }, /2026-01-05 12:00 UTC has passed/],
    ['start.workflow', { start: { kind: 'run', workflow: 'sampel' } }, /Did you mean sample/],
    [
      'start.inputs.colour',
      { start: { kind: 'run', workflow: 'sample', inputs: { colour: 'red' } } },
      /no input colour/,
    ],
    ['start.folder', { start: { kind: 'run', workflow: 'sample', folder: '/gone' } }, /does not exist/],
    ['start.task.folder', { start: { kind: 'task', task: { ...aTask, folder: '/gone' } } }, /does not exist/],
    ['start.task.agent', { start: { kind: 'task', task: { ...aTask, agent: { type: 'nobody' } } } }, /nobody/],
  ] as const)('refuses what is wrong with %s: %j', async (field, change, message) => {
    const engine = await openScheduled();
    engine.missingPaths.add('/gone');
    const result = await engine.attempt('saveSchedule', scheduleInput(change as object));
    expect(result).toMatchObject({ ok: false, error: { field, remedy: expect.stringMatching(/\w/) } });
    if (!result.ok) expect(result.error.message).toMatch(message);
    expect((await engine.call('listSchedules', {})).schedules).toEqual([]);
  });

  it('refuses a workflow file with errors, whose stages nobody can do, as a start would be', async () => {
    const engine = await openEngine({
      workflows: [
        sample(
          stageSpec('a', {
            action: { kind: 'agent', agent: { type: 'ghost', capabilities: [] }, prompt: 'boo', with: {} },
          }),
        ),
      ],
    });
    const result = await engine.attempt('saveSchedule', scheduleInput());
    expect(result).toMatchObject({ ok: false, error: { field: 'start.stages.a.agent' } });
  });

  it('passes on a refusal that is about no field', async () => {
    const error = { type: 'unavailable' as const, message: 'The folder is away.', remedy: 'Wait.' };
    const runs = { check: () => Promise.resolve(err(error)) } as never;
    const starts = new ScheduleStarts({ runs, tasks: {} as never });
    expect(await starts.check({ kind: 'run', workflow: 'sample', inputs: {}, priority: 'normal' })).toEqual(err(error));
  });

  it('refuses a time that passes while it is looked at', async () => {
    const engine = await openScheduled();
    const saving = engine.attempt('saveSchedule', scheduleInput({ timing: { kind: 'once', at: start + 1 } }));
    engine.clock.jump(1);
    expect(await saving).toMatchObject({ ok: false, error: { field: 'timing.at' } });
  });

  it('changes one that is there, and leaves it switched off', async () => {
    const engine = await openScheduled();
    await engine.call('saveSchedule', scheduleInput());
    await engine.call('switchSchedule', { scheduleId, enabled: false, reason });
    const view = await engine.call('saveSchedule', scheduleInput({ title: 'New' }));
    expect(view).toMatchObject({ enabled: false, nextAt: null, upcoming: [], definition: { title: 'New' } });
  });

  it('takes at most a thousand, lists them all, and lets others have their turn meanwhile', async () => {
    const engine = await openScheduled();
    await engine.store.write((unit) => {
      for (let index = 0; index < 1_000; index += 1) {
        const definition = scheduleInput({ id: `s${index}` });
        const saved = { scheduleId: `s${index}`, definition, nextAt: start + hour };
        unit.record([{ at: start, actor: 'person', kind: 'schedule.saved', ...saved } as never]);
      }
      return null;
    });
    expect(await engine.attempt('saveSchedule', scheduleInput())).toMatchObject({
      error: { type: 'refused', message: 'There are 1000 schedules already.' },
    });
    expect((await engine.attempt('saveSchedule', scheduleInput({ id: 's7' }))).ok).toBe(true);
    const monotonic = engine.clock.monotonic();
    let looks = 0;
    engine.clock.monotonic = () => {
      looks += 1;
      return monotonic + looks;
    };
    const listed = engine.call('listSchedules', {});
    let done = false;
    void listed.then(() => {
      done = true;
    });
    let turns = 0;
    for (; !done && turns < 1_000; turns += 1) {
      engine.clock.advance(0);
      await null;
    }
    expect(turns).toBeGreaterThan(50);
    expect((await listed).schedules).toHaveLength(1_000);
  });
});

describe('R61 removing and switching', () => {
  it('what is not there is not found', async () => {
    const engine = await openScheduled();
    const missing = { ok: false, error: { type: 'notFound', field: 'scheduleId' } };
    expect(await engine.attempt('removeSchedule', { scheduleId, reason })).toMatchObject(missing);
    expect(await engine.attempt('switchSchedule', { scheduleId, enabled: true, reason })).toMatchObject(missing);
    expect(await engine.attempt('fireSchedule', { scheduleId })).toMatchObject(missing);
    expect(await engine.attempt('listFirings', { scheduleId })).toMatchObject(missing);
  });

  it('is answered as it was switched, also when it is removed in the same moment', async () => {
    const engine = await openScheduled();
    await engine.call('saveSchedule', scheduleInput({ timing: daily }));
    const switched = engine.attempt('switchSchedule', { scheduleId, enabled: false, reason });
    const removed = engine.attempt('removeSchedule', { scheduleId, reason });
    expect(await switched).toMatchObject({ ok: true, value: { id: scheduleId, enabled: false } });
    expect(await removed).toMatchObject({ ok: true });
  });

  it('a removed schedule starts nothing more; what became of its times stays', async () => {
    const engine = await openScheduled();
    await engine.call('saveSchedule', scheduleInput({ overlap: 'queue' }));
    await engine.pass(10 * minute);
    await engine.pass(10 * minute);
    await engine.call('removeSchedule', { scheduleId, reason });
    (await engine.launch(0)).complete();
    await engine.pass(hour);
    expect(await allFirings(engine)).toMatchObject([
      { outcome: 'started' },
      { outcome: 'skipped', reason: 'the schedule was removed' },
    ]);
    expect((await engine.call('listSchedules', {})).schedules).toEqual([]);
  });

  it('one that is switched off drops what waits, and is due again from when it is switched on', async () => {
    const engine = await openScheduled();
    await engine.call('saveSchedule', scheduleInput({ overlap: 'queue' }));
    await engine.pass(10 * minute);
    await engine.pass(10 * minute);
    const off = await engine.call('switchSchedule', { scheduleId, enabled: false, reason });
    expect(off).toMatchObject({ enabled: false, nextAt: null, upcoming: [], waiting: [] });
    await engine.pass(25 * minute);
    const on = await engine.call('switchSchedule', { scheduleId, enabled: true, reason });
    expect(on).toMatchObject({ enabled: true, nextAt: start + 50 * minute });
    expect(await firingsOf(engine)).toEqual([
      [10 * minute, 'started'],
      [20 * minute, 'skipped'],
    ]);
  });

  it('is refused where it changes nothing, or would never be due again', async () => {
    const engine = await openScheduled();
    await engine.call('saveSchedule', scheduleInput({ timing: { kind: 'once', at: start + minute } }));
    const refused = (message: string) => ({ ok: false, error: { message } });
    const on = () => engine.attempt('switchSchedule', { scheduleId, enabled: true, reason });
    expect(await on()).toMatchObject(refused('Schedule regular is switched on already.'));
    await engine.call('switchSchedule', { scheduleId, enabled: false, reason });
    expect(await engine.attempt('switchSchedule', { scheduleId, enabled: false, reason })).toMatchObject(
      refused('Schedule regular is switched off already.'),
    );
    await engine.pass(hour);
    expect(await on()).toMatchObject(refused('2026-01-05 12:01 UTC has passed.'));
  });

  it('is refused where the time zone is not known on this machine', async () => {
    const engine = await openScheduled();
    await engine.store.write((unit) => {
      const definition = scheduleInput({ timing: { ...daily, timeZone: 'Mars/Crater' } });
      const saved = { scheduleId, definition, nextAt: start + hour };
      const off = { scheduleId, enabled: false, reason, nextAt: null };
      unit.record([{ at: start, actor: 'person', kind: 'schedule.saved', ...saved } as never]);
      unit.record([{ at: start, actor: 'person', kind: 'schedule.switched', ...off }]);
      return null;
    });
    expect(await engine.attempt('switchSchedule', { scheduleId, enabled: true, reason })).toMatchObject({
      error: { field: 'timing.timeZone' },
    });
    expect(await engine.call('fireSchedule', { scheduleId })).toMatchObject({ outcome: 'started', dueAt: start });
  });
});

describe('R61 starting by hand', () => {
  it('starts once, now, also when it is switched off, and changes nothing of when it is due', async () => {
    const engine = await openScheduled();
    const { nextAt } = await engine.call('saveSchedule', scheduleInput());
    await engine.pass(minute);
    const firing = await engine.call('fireSchedule', { scheduleId });
    expect(firing).toMatchObject({ outcome: 'started', dueAt: start + minute });
    expect(engine.events('schedule.fired')).toMatchObject([{ actor: 'person', nextAt }]);
    (await engine.launch(0)).complete();
    await engine.settle();
    await engine.call('switchSchedule', { scheduleId, enabled: false, reason });
    expect(await engine.call('fireSchedule', { scheduleId })).toMatchObject({ dueAt: start + minute + 1 });
  });

  it('in the moment at which it is due takes nothing from that time', async () => {
    const engine = await openScheduled();
    await engine.call('saveSchedule', scheduleInput({ overlap: 'queue' }));
    engine.clock.jump(10 * minute);
    expect(await engine.call('fireSchedule', { scheduleId })).toMatchObject({ dueAt: start + 10 * minute + 1 });
    await engine.pass(minute);
    expect(await firingsOf(engine)).toEqual([
      [10 * minute, 'waiting'],
      [10 * minute + 1, 'started'],
    ]);
  });

  it('keeps to the overlap policy', async () => {
    const engine = await openScheduled();
    await engine.call('saveSchedule', scheduleInput());
    const { runId } = await engine.call('fireSchedule', { scheduleId });
    expect(await engine.attempt('fireSchedule', { scheduleId })).toMatchObject({
      error: { type: 'refused', remedy: `Wait for its end, or cancel it: signalbox cancel ${runId}` },
    });
    await engine.call('saveSchedule', scheduleInput({ overlap: 'queue' }));
    expect(await engine.call('fireSchedule', { scheduleId })).toMatchObject({
      outcome: 'waiting',
      reason: `it waits for the end of run ${runId}`,
    });
    await engine.call('saveSchedule', scheduleInput({ overlap: 'replace' }));
    expect(await engine.call('fireSchedule', { scheduleId })).toMatchObject({ outcome: 'started' });
    expect(engine.events('run.cancelRequested')).toMatchObject([{ runId }]);
  });

  it('is refused where a start would be, and where somebody changes it in the same moment', async () => {
    const engine = await openScheduled();
    await engine.call('saveSchedule', scheduleInput({ start: { kind: 'run', workflow: 'sample', folder: '/gone' } }));
    const conflict = { error: { type: 'conflict' } };
    expect(await Promise.all([1, 2].map(() => engine.attempt('fireSchedule', { scheduleId })))).toMatchObject([
      { ok: true },
      conflict,
    ]);
    await engine.pass(1);
    const removed = engine.call('removeSchedule', { scheduleId, reason });
    expect(await engine.attempt('fireSchedule', { scheduleId })).toMatchObject(conflict);
    await removed;
    await engine.call('saveSchedule', scheduleInput({ start: { kind: 'run', workflow: 'sample', folder: '/gone' } }));
    engine.missingPaths.add('/gone');
    expect(await engine.attempt('fireSchedule', { scheduleId })).toMatchObject({ error: { field: 'start.folder' } });
  });
});

describe('R61 looking', () => {
  it('a preview tells the next times, or why there are none, and stores nothing', async () => {
    const engine = await openScheduled();
    const first = Date.parse('2026-01-06T05:00:00Z');
    expect(await engine.call('previewSchedule', { timing: daily, count: 2 })).toEqual({
      when: 'every day at 06:00 (Europe/Berlin)',
      times: [first, first + 24 * hour],
    });
    expect((await engine.call('previewSchedule', { timing: { kind: 'once', at: start + 1 } })).times).toEqual([
      start + 1,
    ]);
    expect(await engine.attempt('previewSchedule', { timing: { ...daily, expression: '0 0 31 2 *' } })).toMatchObject({
      error: { field: 'timing.expression' },
    });
    expect(engine.events('schedule.saved')).toEqual([]);
  });

  it('what became of times is told in pages, newest first', async () => {
    const engine = await openScheduled();
    await engine.call('saveSchedule', scheduleInput());
    expect(await engine.call('listFirings', { scheduleId })).toEqual({ firings: [], next: null });
    for (let time = 0; time < 3; time += 1) await engine.pass(10 * minute);
    const first = await engine.call('listFirings', { scheduleId, limit: 2 });
    expect(first.firings.map(({ dueAt }) => dueAt - start)).toEqual([30 * minute, 20 * minute]);
    const after = first.next as string;
    expect(await engine.call('listFirings', { scheduleId, limit: 2, after })).toMatchObject({
      firings: [{ dueAt: start + 10 * minute }],
      next: null,
    });
    expect(await engine.attempt('listFirings', { scheduleId, after: 'x' })).toMatchObject({
      error: { field: 'after' },
    });
  });
});
