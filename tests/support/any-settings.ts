import fc from 'fast-check';
import { noticeReasons } from '../../src-main/contract/desktop-settings.ts';
import type { Settings } from '../../src-main/contract/settings.ts';

const whole = (min: number, max: number) => fc.integer({ min, max });
const lengthMs = (min = 0) => whole(min, 30 * 24 * 3_600_000);
const name = fc.stringMatching(/^[a-z][a-z0-9]{0,15}$/);
const stuck = fc.record({
  silentMs: lengthMs(),
  stepMs: lengthMs(1),
  upTo: fc.constantFrom('notice', 'stop', 'restart', 'park'),
});
const timeOfDay = fc
  .tuple(fc.nat(23), fc.nat(59))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
const shortcut = fc.option(fc.constantFrom('CmdOrCtrl+Shift+S', 'Alt+F1', 'Super+Space', 'Ctrl+Alt+0'));

const notifications: fc.Arbitrary<Settings['notifications']> = fc.record({
  on: fc.boolean(),
  mutedUntil: fc.option(whole(0, Number.MAX_SAFE_INTEGER)),
  reasons: fc
    .tuple(...noticeReasons.map(() => fc.boolean()))
    .map((on) => Object.fromEntries(noticeReasons.map((reason, index) => [reason, on[index]])) as never),
  quietHours: fc.record({ on: fc.boolean(), from: timeOfDay, to: timeOfDay }).filter(({ from, to }) => from !== to),
});

const desktop: fc.Arbitrary<Settings['desktop']> = fc.record({
  closeToTray: fc.boolean(),
  startAtLogin: fc.boolean(),
  preventSleep: fc.boolean(),
  shortcuts: fc
    .record({ window: shortcut, freeze: shortcut })
    .filter(({ window, freeze }) => window === null || window !== freeze),
  updates: fc.constantFrom('off', 'tell', 'download'),
});

/** Any settings that are valid and complete, written by hand so that they do not follow the schema's own faults. */
export const anySettings: fc.Arbitrary<Settings> = fc.record(
  {
    $schema: fc.string(),
    version: fc.constant(2 as const),
    slots: fc.record({
      total: whole(1, 1_024),
      perType: fc.dictionary(name, whole(1, 1_024), { noNullPrototype: true, maxKeys: 4 }),
    }),
    heartbeat: whole(250, 10_000_000).chain((intervalMs) =>
      fc.record({ intervalMs: fc.constant(intervalMs), staleMs: lengthMs(2 * intervalMs) }),
    ),
    restart: fc.record({
      maxCrashes: whole(1, 100),
      delayMs: lengthMs(),
      maxDelayMs: lengthMs(),
      maxInterruptions: whole(1, 1_000),
    }),
    watchdog: fc.record({ agents: stuck, commands: stuck }),
    breaker: fc.record({ failures: whole(1, 1_000), openMs: lengthMs(1), successes: whole(1, 100) }),
    backups: fc.record({ everyMs: fc.oneof(fc.constant(0), lengthMs(60_000)), keep: whole(1, 1_000) }),
    retention: fc.record({ days: whole(0, 36_500), logMebibytes: whole(0, 1_000_000_000) }),
    permissions: fc.record({ expireAfterMs: lengthMs() }),
    redact: fc.array(fc.string({ minLength: 1, maxLength: 50 }), { maxLength: 4 }),
    projects: fc.array(fc.string({ minLength: 1, maxLength: 50 }), { maxLength: 4 }),
    notifications,
    desktop,
  },
  {
    requiredKeys: [
      'version',
      'slots',
      'heartbeat',
      'restart',
      'watchdog',
      'breaker',
      'backups',
      'retention',
      'permissions',
      'redact',
      'projects',
      'notifications',
      'desktop',
    ],
  },
);
