import type { ApiError } from '../../../src-main/contract/errors.ts';
import { invalidFields } from '../../../src-main/contract/invalid-input.ts';
import type { WatchdogRung } from '../../../src-main/contract/policies.ts';
import type { Settings } from '../../../src-main/contract/settings.ts';
import { settingsSchema } from '../../../src-main/contract/settings.ts';

/** The limit of one agent type as it is being typed. */
export interface TypeLimit {
  readonly type: string;
  readonly slots: number | '';
}

/** The engine's limits as they are being typed: times in the units that people use, empty while a field is empty. */
export interface LimitsForm {
  readonly total: number | '';
  readonly perType: readonly TypeLimit[];
  readonly heartbeatSeconds: number | '';
  readonly staleSeconds: number | '';
  readonly maxCrashes: number | '';
  readonly restartSeconds: number | '';
  readonly longestRestartSeconds: number | '';
  readonly maxInterruptions: number | '';
  readonly askMinutes: number | '';
  readonly agentSilentMinutes: number | '';
  readonly agentStepMinutes: number | '';
  readonly agentRung: WatchdogRung;
  readonly commandSilentMinutes: number | '';
  readonly commandStepMinutes: number | '';
  readonly commandRung: WatchdogRung;
  readonly breakerFailures: number | '';
  readonly breakerOpenSeconds: number | '';
  readonly breakerSuccesses: number | '';
  readonly backupMinutes: number | '';
  readonly backupKeep: number | '';
  readonly keepDays: number | '';
  readonly logMebibytes: number | '';
}

/** A field of one of the forms, by which faults are found. */
export type SettingsField = keyof LimitsForm | 'redact' | 'quietFrom' | 'quietTo' | 'windowShortcut' | 'freezeShortcut';
/** What is wrong, by field, as a sentence. */
export type SettingsFaults = Partial<Readonly<Record<SettingsField, string>>>;

const second = 1_000;
const minute = 60_000;

/** The limits of settings in the form. */
export function limitsOf(settings: Settings): LimitsForm {
  const { slots, heartbeat, restart, permissions } = settings;
  return {
    ...trustOf(settings),
    total: slots.total,
    perType: Object.entries(slots.perType).map(([type, limit]) => ({ type, slots: limit })),
    heartbeatSeconds: heartbeat.intervalMs / second,
    staleSeconds: heartbeat.staleMs / second,
    maxCrashes: restart.maxCrashes,
    restartSeconds: restart.delayMs / second,
    longestRestartSeconds: restart.maxDelayMs / second,
    maxInterruptions: restart.maxInterruptions,
    askMinutes: permissions.expireAfterMs / minute,
  };
}

/** What the form says about being left alone. */
function trustOf({ watchdog: { agents, commands }, breaker, backups, retention }: Settings) {
  return {
    agentSilentMinutes: agents.silentMs / minute,
    agentStepMinutes: agents.stepMs / minute,
    agentRung: agents.upTo,
    commandSilentMinutes: commands.silentMs / minute,
    commandStepMinutes: commands.stepMs / minute,
    commandRung: commands.upTo,
    breakerFailures: breaker.failures,
    breakerOpenSeconds: breaker.openMs / second,
    breakerSuccesses: breaker.successes,
    backupMinutes: backups.everyMs / minute,
    backupKeep: backups.keep,
    keepDays: retention.days,
    logMebibytes: retention.logMebibytes,
  };
}

/** Settings that can be saved, or what is wrong with them. */
export type Read = { readonly settings: Settings; readonly faults: null } | { readonly faults: SettingsFaults };

/** Settings with the limits of a form, or what is wrong with them. */
export function readLimits(form: LimitsForm, before: Settings): Read {
  const limits = form.perType.filter(({ type, slots }) => type.trim() !== '' || slots !== '');
  const types = limits.map(({ type }) => type.trim());
  const repeated = types.find((type, index) => types.indexOf(type) !== index);
  if (types.includes('')) return { faults: { perType: 'A limit names no type.' } };
  if (repeated !== undefined) return { faults: { perType: `${repeated} is named twice.` } };
  return checkSettings({
    ...before,
    slots: {
      total: amountOf(form.total),
      perType: Object.fromEntries(limits.map(({ type, slots }) => [type.trim(), amountOf(slots)])),
    },
    heartbeat: { intervalMs: amountOf(form.heartbeatSeconds, second), staleMs: amountOf(form.staleSeconds, second) },
    restart: {
      maxCrashes: amountOf(form.maxCrashes),
      delayMs: amountOf(form.restartSeconds, second),
      maxDelayMs: amountOf(form.longestRestartSeconds, second),
      maxInterruptions: amountOf(form.maxInterruptions),
    },
    permissions: { expireAfterMs: amountOf(form.askMinutes, minute) },
    ...readTrust(form),
  });
}

function readTrust(form: LimitsForm) {
  return {
    watchdog: {
      agents: {
        silentMs: amountOf(form.agentSilentMinutes, minute),
        stepMs: amountOf(form.agentStepMinutes, minute),
        upTo: form.agentRung,
      },
      commands: {
        silentMs: amountOf(form.commandSilentMinutes, minute),
        stepMs: amountOf(form.commandStepMinutes, minute),
        upTo: form.commandRung,
      },
    },
    breaker: {
      failures: amountOf(form.breakerFailures),
      openMs: amountOf(form.breakerOpenSeconds, second),
      successes: amountOf(form.breakerSuccesses),
    },
    backups: { everyMs: amountOf(form.backupMinutes, minute), keep: amountOf(form.backupKeep) },
    retention: { days: amountOf(form.keepDays), logMebibytes: amountOf(form.logMebibytes) },
  };
}

/** Settings with these patterns of secrets, or what is wrong with them. Empty lines are left out. */
export function readPatterns(lines: readonly string[], before: Settings): Read {
  const redact = lines.filter((line) => line.trim() !== '');
  for (const pattern of redact) {
    try {
      new RegExp(pattern);
    } catch (error) {
      return { faults: { redact: `${pattern}: ${error instanceof Error ? error.message : String(error)}.` } };
    }
  }
  return checkSettings({ ...before, redact });
}

/** The faults that a refusal of the engine names; none when it is about no field. */
export function faultsOf(error: ApiError): SettingsFaults {
  const path = (error.field ?? '').replace(/^settings\./, '');
  const field = fieldOf(path.replace(/\[.*$/, '').split('.'));
  return field === null ? {} : { [field]: error.message };
}

/** An empty field is what the schema has to name: not a number. */
function amountOf(value: number | '', unit = 1): number {
  return value === '' ? Number.NaN : Math.round(value * unit);
}

/** Holds what a form makes of settings to their schema, and says what is wrong in the words of the form. */
export function checkSettings(settings: unknown): Read {
  const parsed = settingsSchema.safeParse(settings);
  if (parsed.success) return { settings: parsed.data, faults: null };
  const faults: Record<string, string> = {};
  for (const { path, complaint } of invalidFields(parsed.error)) {
    const field = fieldOf(path.map(String));
    if (field !== null) faults[field] ??= `${subjectOf(path)} ${inWords(complaint)}.`;
  }
  return { faults };
}

/** Names of the file in the words of the form. */
function inWords(complaint: string): string {
  return complaint
    .replace('heartbeat.intervalMs', 'the time between two signs of life')
    .replace('quietHours.from', 'the time at which they begin')
    .replace('shortcuts.window', 'the one that shows the window');
}

function subjectOf(path: readonly PropertyKey[]): string {
  const [section, name, inside] = path;
  if (section === 'slots' && name === 'perType' && inside !== undefined) return `“${String(inside)}”`;
  return 'It';
}

const fieldNames: Readonly<Record<string, SettingsField>> = {
  'slots.total': 'total',
  'slots.perType': 'perType',
  'heartbeat.intervalMs': 'heartbeatSeconds',
  'heartbeat.staleMs': 'staleSeconds',
  'restart.maxCrashes': 'maxCrashes',
  'restart.delayMs': 'restartSeconds',
  'restart.maxDelayMs': 'longestRestartSeconds',
  'restart.maxInterruptions': 'maxInterruptions',
  'permissions.expireAfterMs': 'askMinutes',
  redact: 'redact',
  'notifications.quietHours.from': 'quietFrom',
  'notifications.quietHours.to': 'quietTo',
  'desktop.shortcuts.window': 'windowShortcut',
  'desktop.shortcuts.freeze': 'freezeShortcut',
  'watchdog.agents.silentMs': 'agentSilentMinutes',
  'watchdog.agents.stepMs': 'agentStepMinutes',
  'watchdog.agents.upTo': 'agentRung',
  'watchdog.commands.silentMs': 'commandSilentMinutes',
  'watchdog.commands.stepMs': 'commandStepMinutes',
  'watchdog.commands.upTo': 'commandRung',
  'breaker.failures': 'breakerFailures',
  'breaker.openMs': 'breakerOpenSeconds',
  'breaker.successes': 'breakerSuccesses',
  'backups.everyMs': 'backupMinutes',
  'backups.keep': 'backupKeep',
  'retention.days': 'keepDays',
  'retention.logMebibytes': 'logMebibytes',
};

function fieldOf([section = '', name = '', inside = '']: readonly string[]): SettingsField | null {
  return fieldNames[`${section}.${name}.${inside}`] ?? fieldNames[`${section}.${name}`] ?? fieldNames[section] ?? null;
}
