import { describe, expect, test, vi } from 'vitest';
import type { ApiHandlers } from '../../src-main/contract/api.ts';
import type { ScheduleView } from '../../src-main/contract/api-schedules.ts';
import { scheduleIdSchema } from '../../src-main/contract/ids.ts';
import { ok } from '../../src-main/contract/result.ts';
import type { Firing } from '../../src-main/contract/schedule.ts';
import { scheduleDefinitionSchema } from '../../src-main/contract/schedule.ts';
import { createFakeCli } from './fake-context.ts';
import { sampleId } from './samples.ts';

const id = scheduleIdSchema.parse('nightly');
const runId = sampleId('run', 7) as never;
const argv = ['npm', 'test'];
const firing: Firing = {
  id: 'nightly@940000',
  scheduleId: id,
  dueAt: 940_000,
  at: 940_000,
  outcome: 'started',
  runId,
  taskId: null,
  reason: null,
};

function viewOf(change: object = {}, row: Partial<ScheduleView> = {}): ScheduleView {
  const definition = scheduleDefinitionSchema.parse({
    id: 'nightly',
    title: 'Nightly tests',
    timing: { kind: 'cron', expression: '0 6 * * *', timeZone: 'Europe/Berlin' },
    start: { kind: 'run', workflow: 'app' },
    ...change,
  });
  return {
    id,
    definition,
    enabled: true,
    nextAt: 1_060_000,
    waiting: [],
    lastRunId: null,
    lastTaskId: null,
    savedAt: 0,
    lastFiring: firing,
    upcoming: [1_060_000],
    when: 'every day at 06:00 (Europe/Berlin)',
    ...row,
  };
}

const taskStart = (work: object, more: object = {}) => ({
  start: { kind: 'task', task: { agent: { type: 'shell' }, work, ...more } },
});
const command = { kind: 'command', command: { kind: 'argv', argv } };

function handlers(view: ScheduleView = viewOf()): Partial<ApiHandlers> {
  return {
    listSchedules: () => ok({ schedules: [view] }),
    saveSchedule: () => ok(view),
    removeSchedule: () => ok({}),
    switchSchedule: ({ enabled }) => ok({ ...view, enabled, nextAt: enabled ? view.nextAt : null }),
    fireSchedule: () => ok(firing),
    listFirings: () =>
      ok({ firings: [firing, { ...firing, outcome: 'missed', runId: null, reason: 'no engine' }], next: null }),
    previewSchedule: () => ok({ when: 'every minute', times: [1_060_000] }),
    getWorkflow: () => ok({ definition: { inputs: [{ name: 'count', type: 'integer' }] } }) as never,
  };
}

describe('R61 looking at schedules', () => {
  test('the list says when, what, when next and what became of the last time', async () => {
    const cli = createFakeCli({ handlers: handlers() });
    expect(await cli.run('schedules')).toBe(0);
    expect(cli.printed.out).toMatch(
      /nightly +every day at 06:00 \(Europe\/Berlin\) +run app +in 1 m 00 s +✓ started +1 min ago/,
    );
  });

  test.each([
    [viewOf(taskStart(command)), 'task npm test'],
    [viewOf(taskStart({ kind: 'command', command: { kind: 'script', script: 'a; b' } })), 'task a; b'],
    [viewOf(taskStart({ kind: 'prompt', prompt: 'Tidy up', config: {} })), 'task Tidy up'],
    [viewOf(taskStart(command, { title: 'Tests' })), 'task Tests'],
    [viewOf({}, { enabled: false, nextAt: null, lastFiring: null, waiting: [1] }), 'off (1 wait)'],
    [viewOf({}, { nextAt: null }), 'never again'],
    [viewOf({}, { lastFiring: { ...firing, outcome: 'failed', reason: 'the folder is gone' } }), 'the folder is gone'],
  ])('a line of it: %#', async (view, words) => {
    const cli = createFakeCli({ handlers: handlers(view) });
    await cli.run('schedules', 'list');
    expect(cli.printed.out).toContain(words);
  });

  test('without any it says how to make one, and without an engine that nothing starts meanwhile', async () => {
    const cli = createFakeCli({ handlers: { listSchedules: () => ok({ schedules: [] }) } });
    await cli.run('schedules');
    expect(cli.printed.out).toContain('signalbox schedules add');
    const idle = createFakeCli({ handlers: handlers(), role: 'idle' });
    await idle.run('schedules');
    expect(idle.printed.out).toContain('No engine is running');
  });

  test('one is shown with its next times and what became of the earlier ones', async () => {
    const cli = createFakeCli({ handlers: handlers() });
    expect(await cli.run('schedules', 'show', 'nightly', '--limit', '2')).toBe(0);
    expect(cli.engine.calls.at(-1)).toMatchObject({ name: 'listFirings', input: { scheduleId: id, limit: 2 } });
    for (const words of ['Nightly tests', 'overlap   skip', 'catch-up  last', '– missed', 'no engine', '00000007']) {
      expect(cli.printed.out).toContain(words);
    }
    expect(cli.printed.out).toMatch(/ {12}1970-01-01 \d\d:17:40/);
    const fresh = createFakeCli({ handlers: { ...handlers(), listFirings: () => ok({ firings: [], next: null }) } });
    await fresh.run('schedules', 'show', 'nightly');
    expect(fresh.printed.out).not.toContain('became');
  });

  test('a preview lists times', async () => {
    const cli = createFakeCli({ handlers: handlers() });
    expect(await cli.run('schedules', 'preview', '--cron', '* * * * *', '--count', '1')).toBe(0);
    expect(cli.engine.calls.at(-1)?.input).toEqual({ timing: { kind: 'cron', expression: '* * * * *' }, count: 1 });
    expect(cli.printed.out).toMatch(/^every minute\n {2}1970-01-01 \d\d:17:40 {2}in 1 m 00 s\n$/);
  });
});

describe('R61 making schedules', () => {
  const save = vi.fn(() => ok(viewOf()));
  const add = async (...given: string[]) => {
    save.mockClear();
    const cli = createFakeCli({ handlers: { ...handlers(), saveSchedule: save }, cwd: '/here' });
    const code = await cli.run('schedules', 'add', 'nightly', ...given);
    const [input] = (save.mock.calls as unknown as readonly [object][]).at(0) ?? [];
    return { code, input, ...cli.printed };
  };

  test('a run of a workflow, every day', async () => {
    const cron = ['--cron', '0 6 * * *', '--time-zone', 'Europe/Berlin'];
    const how = ['--overlap', 'queue', '--catch-up', 'all', '--folder', 'there', '--title', 'Nightly'];
    const { code, input, out } = await add('--workflow', 'app', '--input', 'count=3', ...cron, ...how);
    expect(code).toBe(0);
    expect(input).toEqual({
      id: 'nightly',
      title: 'Nightly',
      timing: { kind: 'cron', expression: '0 6 * * *', timeZone: 'Europe/Berlin' },
      start: { kind: 'run', workflow: 'app', inputs: { count: 3 }, priority: 'normal', folder: '/here/there' },
      overlap: 'queue',
      catchUp: 'all',
    });
    expect(out).toContain('Schedule nightly starts run app: every day at 06:00 (Europe/Berlin).');
    expect(out).toMatch(/Next: 1970-01-01 \d\d:17:40, in 1 m 00 s\./);
  });

  test.each([
    [['--every', '90s'], { kind: 'interval', everyMs: 90_000 }],
    [['--every', '1d'], { kind: 'interval', everyMs: 86_400_000 }],
    [['--at', '2027-01-31T06:00Z'], { kind: 'once', at: Date.UTC(2027, 0, 31, 6) }],
  ])('a command, by %j', async (when, timing) => {
    const { input } = await add(...when, '--command', '--', ...argv);
    expect(input).toMatchObject({
      timing,
      start: { kind: 'task', task: { agent: { type: 'shell' }, work: command, folder: '/here' } },
    });
  });

  test('a prompt for an agent; one that is switched off stays so', async () => {
    const off = createFakeCli({ handlers: handlers(viewOf({}, { enabled: false, nextAt: null })) });
    await off.run('schedules', 'add', 'nightly', '--every', '1h', '--agent', 'claude', '--prompt', 'Tidy up');
    expect(off.printed.out).toContain('It is switched off.');
  });

  test.each([
    [['--workflow', 'app'], 'It is not said when.'],
    [['--workflow', 'app', '--every', '1h', '--at', '2027-01-31'], 'More than one time is said.'],
    [['--workflow', 'app', '--every', '1h', '--time-zone', 'UTC'], '--time-zone is for --cron.'],
    [['--workflow', 'app', '--every', 'often'], '"often" is no length of time.'],
    [['--workflow', 'app', '--at', 'noon'], '"noon" is no time.'],
    [['--every', '1h', 'app'], 'It is not clear what it is to start.'],
    [['--every', '1h', '--workflow', 'app', 'more'], 'It is not clear what it is to start.'],
    [['--every', '1h', '--workflow', 'app', '--overlap', 'both'], 'overlap must be one of'],
    [['--every', '0s', '--workflow', 'app'], 'at least 1 s'],
  ])('%j is refused', async (given, words) => {
    const { code, err, input } = await add(...given);
    expect({ code, input }).toEqual({ code: 2, input: undefined });
    expect(err).toContain(words);
  });
});

describe('R61 changing schedules', () => {
  const reason = 'asked for in the terminal';
  test.each([
    [['remove', 'nightly'], 'removeSchedule', { scheduleId: id, reason }, 'is removed'],
    [
      ['off', 'nightly', '--reason', 'holidays'],
      'switchSchedule',
      { scheduleId: id, enabled: false, reason: 'holidays' },
      'switched off',
    ],
    [['on', 'nightly'], 'switchSchedule', { scheduleId: id, enabled: true, reason }, 'switched on. Next: 1970'],
    [['fire', 'nightly'], 'fireSchedule', { scheduleId: id }, '✓ started. See it with: signalbox show 00000007'],
  ])('%j', async (given, name, input, words) => {
    const cli = createFakeCli({ handlers: handlers() });
    expect(await cli.run('schedules', ...given)).toBe(0);
    expect(cli.engine.calls.find((call) => call.name === name)?.input).toEqual(input);
    expect(cli.printed.out).toContain(words);
  });

  test('a start by hand that waits says for what', async () => {
    const waiting = { ...firing, outcome: 'waiting' as const, runId: null, reason: 'it waits for the end of run r' };
    const cli = createFakeCli({ handlers: { fireSchedule: () => ok(waiting) } });
    await cli.run('schedules', 'fire', 'nightly');
    expect(cli.printed.out).toBe('◆ waiting. it waits for the end of run r\n');
  });

  test.each([
    [['show', 'other'], 'There is no schedule other.'],
    [['show', 'No Name'], '"No Name" is no schedule\'s id.'],
  ])('%j is refused', async (given, words) => {
    const cli = createFakeCli({ handlers: handlers() });
    expect(await cli.run('schedules', ...given)).toBe(2);
    expect(cli.printed.err).toContain(words);
  });

  test('with --json the rows', async () => {
    const cli = createFakeCli({ handlers: handlers() });
    await cli.run('schedules', 'fire', 'nightly', '--json');
    expect(JSON.parse(cli.printed.out)).toEqual({ firing });
  });
});
