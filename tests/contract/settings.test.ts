import { describe, expect, test } from 'vitest';
import { invalidFields } from '../../src-main/contract/invalid-input.ts';
import { settingsSchema } from '../../src-main/contract/settings.ts';

const defaults = {
  version: 2,
  slots: { total: 16, perType: {} },
  heartbeat: { intervalMs: 10_000, staleMs: 60_000 },
  restart: { maxCrashes: 5, delayMs: 500, maxDelayMs: 60_000, maxInterruptions: 5 },
  watchdog: {
    agents: { silentMs: 300_000, stepMs: 60_000, upTo: 'park' },
    commands: { silentMs: 600_000, stepMs: 60_000, upTo: 'notice' },
  },
  breaker: { failures: 5, openMs: 60_000, successes: 2 },
  backups: { everyMs: 3_600_000, keep: 5 },
  retention: { days: 90, logMebibytes: 10_240 },
  permissions: { expireAfterMs: 0 },
  redact: [],
  projects: [],
  notifications: {
    on: true,
    mutedUntil: null,
    reasons: { finished: true, failed: true, stuck: true, needsYou: true, trouble: true, update: true },
    quietHours: { on: false, from: '22:00', to: '07:00' },
  },
  desktop: {
    closeToTray: true,
    startAtLogin: false,
    preventSleep: true,
    shortcuts: { window: null, freeze: null },
    updates: 'tell',
  },
};

function faultsOf(value: unknown): readonly string[] {
  const { error } = settingsSchema.safeParse(value);
  return error === undefined ? [] : invalidFields(error).map(({ field, complaint }) => `${field} ${complaint}`);
}

describe('the settings', () => {
  test('are complete without a single value', () => {
    expect(settingsSchema.parse({})).toEqual(defaults);
  });

  test('keep the defaults beside what is given', () => {
    const given = {
      slots: { perType: { e2e: 2 } },
      heartbeat: { staleMs: 90_000 },
      redact: ['tok-[0-9]+'],
      watchdog: { agents: { upTo: 'notice' } },
    };
    expect(settingsSchema.parse(given)).toEqual({
      ...defaults,
      slots: { total: 16, perType: { e2e: 2 } },
      heartbeat: { intervalMs: 10_000, staleMs: 90_000 },
      redact: ['tok-[0-9]+'],
      watchdog: { ...defaults.watchdog, agents: { ...defaults.watchdog.agents, upTo: 'notice' } },
    });
  });

  test.each<[string, unknown, string]>([
    ['no slots at all', { slots: { total: 0 } }, 'slots.total must be at least 1'],
    ['more slots than a machine has', { slots: { total: 1_025 } }, 'slots.total must be at most 1024'],
    ['a share of a slot', { slots: { perType: { e2e: 1.5 } } }, 'slots.perType.e2e must be a whole number'],
    ['no slots for a type', { slots: { perType: { e2e: 0 } } }, 'slots.perType.e2e must be at least 1'],
    ['no object', { slots: 4 }, 'slots must be an object'],
    ['a heartbeat that never rests', { heartbeat: { intervalMs: 50 } }, 'heartbeat.intervalMs must be at least 100'],
    [
      'an interval as text',
      { heartbeat: { intervalMs: '10s' } },
      'heartbeat.intervalMs must be a number of milliseconds',
    ],
    [
      'silence shorter than two heartbeats',
      { heartbeat: { staleMs: 19_999 } },
      'heartbeat.staleMs must be at least twice heartbeat.intervalMs',
    ],
    ['a negative delay', { restart: { delayMs: -1 } }, 'restart.delayMs must not be negative'],
    ['a delay of months', { restart: { maxDelayMs: 3e9 } }, 'restart.maxDelayMs must be at most 30 days'],
    ['no crash allowed', { restart: { maxCrashes: 0 } }, 'restart.maxCrashes must be at least 1'],
    ['no interruption allowed', { restart: { maxInterruptions: 0 } }, 'restart.maxInterruptions must be at least 1'],
    ['a secret that is everywhere', { redact: [''] }, 'redact[0] must not be empty'],
    ['a copy every second', { backups: { everyMs: 1_000 } }, 'backups.everyMs must be 0 or at least a minute'],
    ['another version of the file', { version: 1 }, 'version must be 2'],
    ['a schema that is no name', { $schema: 1 }, '$schema must be a text'],
    ['a project without a name', { projects: [''] }, 'projects[0] must not be empty'],
    ['a setting without a name', { '': 1 }, '"" is not known'],
    ['a misspelt setting', { slot: {} }, 'slot is not known'],
    ['a misspelt setting inside', { restart: { delay: 1 } }, 'restart.delay is not known'],
  ])('refuse %s, with the field', (_what, value, fault) => {
    expect(faultsOf(value)).toEqual([fault]);
  });

  test('refuse a limit for a type that cannot exist', () => {
    expect(faultsOf({ slots: { perType: { 'Not a type': 1 } } })).toEqual([
      expect.stringMatching(/^slots\.perType\.Not a type is not an allowed name: it must be lower-case/),
    ]);
  });
});
