import { describe, expect, it } from 'vitest';
import type { ScheduleDefinition } from '../../../src-main/contract/schedule.ts';
import { scheduleDefinitionSchema } from '../../../src-main/contract/schedule.ts';
import {
  emptySchedule,
  formOf,
  idOf,
  readSchedule,
  refusedField,
  timingOf,
} from '../../../src-renderer/features/schedules/schedule-form.ts';
import { startWords, taskFormOf, taskStart } from '../../../src-renderer/features/schedules/schedule-start.ts';
import { catchUpWords, overlapWords, policyWords } from '../../../src-renderer/features/schedules/schedule-words.ts';

const start = { kind: 'run', workflow: 'nightly', inputs: {}, priority: 'normal' } as const;

function definition(timing: unknown, change: object = {}): ScheduleDefinition {
  return scheduleDefinitionSchema.parse({ id: 'nightly', title: 'Every night', timing, start, ...change });
}

describe('the form of a schedule', () => {
  it.each([
    ['a calendar', { kind: 'cron', expression: '0 6 * * *', timeZone: 'Europe/Berlin' }],
    ['the zone of the machine', { kind: 'cron', expression: '0 6 * * *' }],
    ['an interval', { kind: 'interval', everyMs: 90_000 }],
    ['a moment', { kind: 'once', at: 1_800_000_000_000 }],
  ])('gives the schedule that was put into it, with %s', (_, timing) => {
    const stored = definition(timing, { overlap: 'queue', catchUp: 'all' });
    expect(readSchedule(formOf(stored), start)).toEqual({ definition: stored, faults: {} });
  });

  it.each([
    [1_000, 1, 'seconds'],
    [90_000, 90, 'seconds'],
    [600_000, 10, 'minutes'],
    [7_200_000, 2, 'hours'],
    [86_400_000, 1, 'days'],
    [1_500, 1.5, 'seconds'],
  ])('shows an interval of %i ms as %d %s', (everyMs, every, unit) => {
    const form = formOf(definition({ kind: 'interval', everyMs }));
    expect(form).toMatchObject({ every, unit });
    expect(timingOf(form)).toEqual({ kind: 'interval', everyMs });
  });

  it('makes an identifier of the title until one was typed', () => {
    expect(idOf({ id: null, title: '  Über 2 nights: build & test! ' })).toBe('u-ber-2-nights-build-test');
    expect(idOf({ id: null, title: '2nd look' })).toBe('nd-look');
    expect(idOf({ id: null, title: `${'x'.repeat(39)} y` })).toBe('x'.repeat(39));
    expect(idOf({ id: ' mine ', title: 'Other' })).toBe('mine');
  });

  it('names what is wrong at the field where it is', () => {
    const { definition: none, faults } = readSchedule({ ...emptySchedule, expression: ' ' }, start);
    expect(none).toBeNull();
    expect(faults).toEqual({
      title: 'It must not be empty.',
      id: expect.stringContaining('It '),
      expression: 'It must not be empty.',
    });
    const named = { ...emptySchedule, title: 'Nightly' };
    expect(readSchedule({ ...named, kind: 'interval', every: 0.5, unit: 'seconds' }, start).faults).toEqual({
      every: 'It must be at least 1 s.',
    });
    expect(readSchedule({ ...named, kind: 'interval', every: '' }, start).faults).toEqual({ every: 'It is missing.' });
    expect(readSchedule({ ...named, kind: 'once', at: '' }, start).faults).toEqual({
      at: 'Choose a date and a time.',
    });
  });

  it('is no schedule while it is not known what it starts', () => {
    expect(readSchedule({ ...emptySchedule, title: 'Nightly' }, null)).toEqual({ definition: null, faults: {} });
  });

  it('shows a refusal of the engine at its field, with what to do', () => {
    const error = { type: 'invalidInput', message: 'It cannot be read.', remedy: 'Write five fields.' } as const;
    expect(refusedField({ ...error, field: 'timing.expression' })).toEqual({
      expression: 'It cannot be read. Write five fields.',
    });
    expect(refusedField({ ...error, field: 'timing.timeZone' })).toHaveProperty('timeZone');
    expect(refusedField({ ...error, field: 'start.inputs.title' })).toEqual({});
    expect(refusedField(error)).toEqual({});
  });
});

describe('the task of a schedule', () => {
  const argv = { kind: 'command', command: { kind: 'argv', argv: ['make', 'all'] } } as const;
  const stored = definition(
    { kind: 'interval', everyMs: 1_000 },
    {
      start: {
        kind: 'task',
        task: { title: 'Make', agent: { id: 'shell-1' }, work: argv, timeouts: { runMs: 5 }, env: { MODE: 'fast' } },
      },
    },
  ).start;
  const typed = {
    agent: { type: 'shell' },
    work: { kind: 'command' as const, command: { kind: 'script' as const, script: 'make\nall' } },
    delayMs: 0,
    priority: 'high' as const,
    env: {},
  };

  it('is shown in the form of tasks', () => {
    expect(taskFormOf(stored)).toMatchObject({
      kind: 'command',
      script: 'make\nall',
      target: 'id:shell-1',
      title: 'Make',
      env: [{ name: 'MODE', value: 'fast' }],
    });
    expect(taskFormOf(undefined)).toMatchObject({ script: '', target: null });
    expect(taskFormOf(start)).toMatchObject({ script: '', target: null });
  });

  it('keeps what the form does not show, and its work when nobody changed it', () => {
    expect(taskStart(typed, stored)).toMatchObject({
      kind: 'task',
      task: { work: argv, timeouts: { runMs: 5 }, agent: { type: 'shell' }, priority: 'high', env: {} },
    });
    expect(taskStart(typed, stored)).not.toHaveProperty('task.title');
    const changed = { ...typed, work: { ...typed.work, command: { ...typed.work.command, script: 'make' } } };
    expect(taskStart(changed, stored)).toHaveProperty('task.work', changed.work);
  });

  it('is a task without a delay when there was none before', () => {
    const { delayMs: _, ...task } = typed;
    expect(taskStart(typed, undefined)).toEqual({ kind: 'task', task });
  });

  it('is named by its title, or by the beginning of its work', () => {
    expect(startWords(start)).toBe('nightly');
    expect(startWords(stored)).toBe('Make');
    const unnamed = definition(
      { kind: 'interval', everyMs: 1_000 },
      { start: { kind: 'task', task: { agent: { type: 'shell' }, work: typed.work } } },
    );
    expect(startWords(unnamed.start)).toBe('make');
  });
});

it('says in words what happens when it is busy, and to times that were missed', () => {
  expect(policyWords({ overlap: 'queue', catchUp: 'last' })).toBe('busy: wait · missed: last');
  expect(policyWords({ overlap: 'skip', catchUp: 'skip' })).toBe('busy: skip · missed: none');
  for (const { label, hint } of [...Object.values(overlapWords), ...Object.values(catchUpWords)]) {
    expect(`${label}. ${hint}`).toMatch(/^[A-Z].*\.$/);
  }
});
