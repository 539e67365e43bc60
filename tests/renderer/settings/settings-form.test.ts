import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../../../src-main/contract/settings.ts';
import { restoreCommand } from '../../../src-renderer/features/settings/restore-command.ts';
import { faultsOf, limitsOf, readLimits, readPatterns } from '../../../src-renderer/features/settings/settings-form.ts';

const settings = settingsSchema.parse({ slots: { perType: { tester: 2 } }, redact: ['a+'] });

describe('R41 the form of the limits', () => {
  it('gives the settings that were put into it', () => {
    expect(readLimits(limitsOf(settings), settings)).toEqual({ settings, faults: null });
    expect(limitsOf(settings)).toMatchObject({
      heartbeatSeconds: 10,
      askMinutes: 0,
      perType: [{ type: 'tester', slots: 2 }],
    });
  });

  it('keeps what it does not show', () => {
    const read = readLimits({ ...limitsOf(settings), total: 3 }, settings);
    expect(read).toMatchObject({ settings: { slots: { total: 3 }, redact: ['a+'] } });
  });

  it('names each field that cannot be used', () => {
    const { faults } = readLimits(
      {
        ...limitsOf(settings),
        total: 0,
        maxCrashes: '',
        perType: [{ type: 'Bad Type', slots: 1 }],
      },
      settings,
    );
    expect(faults).toEqual({
      total: 'It must be at least 1.',
      maxCrashes: expect.stringContaining('It must be'),
      perType: expect.stringContaining('“Bad Type” is not an allowed name'),
    });
    expect(readLimits({ ...limitsOf(settings), heartbeatSeconds: 40 }, settings).faults).toEqual({
      staleSeconds: 'It must be at least twice the time between two signs of life.',
    });
  });

  it('names what is wrong with the watchdog, the breakers, the copies and the history', () => {
    const form = {
      ...limitsOf(settings),
      agentStepMinutes: 0,
      commandSilentMinutes: '',
      breakerFailures: 0,
      backupMinutes: 0.5,
      backupKeep: 0,
      keepDays: -1,
    } as const;
    expect(readLimits(form, settings).faults).toEqual({
      agentStepMinutes: 'It must be at least 1.',
      commandSilentMinutes: expect.stringContaining('It must be'),
      breakerFailures: 'It must be at least 1.',
      backupMinutes: 'It must be 0 or at least a minute.',
      backupKeep: 'It must be at least 1.',
      keepDays: expect.stringContaining('It must'),
    });
    const never = { ...limitsOf(settings), backupMinutes: 0, agentRung: 'notice' } as const;
    expect(readLimits(never, settings)).toMatchObject({
      settings: { backups: { everyMs: 0 }, watchdog: { agents: { upTo: 'notice' } } },
    });
  });

  it('leaves out limits that were not filled in, and refuses a type that is there twice', () => {
    const empty = { type: '', slots: '' } as const;
    expect(readLimits({ ...limitsOf(settings), perType: [empty] }, settings)).toMatchObject({
      settings: { slots: { perType: {} } },
    });
    expect(readLimits({ ...limitsOf(settings), perType: [{ type: ' ', slots: 2 }] }, settings).faults).toEqual({
      perType: 'A limit names no type.',
    });
    const twice = [
      { type: 'a', slots: 1 },
      { type: 'a ', slots: 2 },
    ];
    expect(readLimits({ ...limitsOf(settings), perType: twice }, settings).faults).toEqual({
      perType: 'a is named twice.',
    });
  });
});

describe('patterns of secrets', () => {
  it('are taken as they are, without empty lines', () => {
    expect(readPatterns(['corp-\\d+', ' '], settings)).toMatchObject({ settings: { redact: ['corp-\\d+'] } });
  });

  it('are refused when they are no regular expressions', () => {
    expect(readPatterns(['('], settings).faults?.redact).toContain('(');
  });
});

it('a refusal of the engine is shown at its field', () => {
  const error = { type: 'invalidInput', message: 'No.', remedy: 'Yes.' } as const;
  expect(faultsOf({ ...error, field: 'settings.redact[2]' })).toEqual({ redact: 'No.' });
  expect(faultsOf({ ...error, field: 'settings.heartbeat.staleMs' })).toEqual({ staleSeconds: 'No.' });
  expect(faultsOf({ ...error, field: 'other' })).toEqual({});
  expect(faultsOf(error)).toEqual({});
});

it('gives the command that goes back to a copy, whatever its path', () => {
  expect(restoreCommand('/data/backups/a.db', '/data')).toBe('signalbox restore /data/backups/a.db --data /data');
  expect(restoreCommand("/it's mine/a.db", '/data')).toBe("signalbox restore '/it'\\''s mine/a.db' --data /data");
  expect(restoreCommand('C:\\My Data\\a.db', 'C:\\Data')).toBe('signalbox restore "C:\\My Data\\a.db" --data C:\\Data');
});
