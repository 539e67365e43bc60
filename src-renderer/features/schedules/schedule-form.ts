import type { ApiError } from '../../../src-main/contract/errors.ts';
import { invalidFields } from '../../../src-main/contract/invalid-input.ts';
import type { ScheduleDefinition, Timing } from '../../../src-main/contract/schedule.ts';
import { scheduleDefinitionSchema } from '../../../src-main/contract/schedule.ts';

/** Units of an interval, in ms. */
export const intervalUnits = { seconds: 1_000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 } as const;
export type IntervalUnit = keyof typeof intervalUnits;

/** A schedule as it is being typed, without what it starts. */
export interface ScheduleForm {
  readonly title: string;
  /** Null: made of the title. */
  readonly id: string | null;
  readonly kind: Timing['kind'];
  readonly expression: string;
  /** Null: the time zone of the engine's machine. */
  readonly timeZone: string | null;
  readonly every: number | '';
  readonly unit: IntervalUnit;
  /** A local date and time as `<input type="datetime-local">` writes it; empty: none yet. */
  readonly at: string;
  readonly overlap: ScheduleDefinition['overlap'];
  readonly catchUp: ScheduleDefinition['catchUp'];
}

export type ScheduleField = 'title' | 'id' | 'expression' | 'timeZone' | 'every' | 'at' | 'overlap' | 'catchUp';
/** What is wrong, by field, as a sentence. */
export type ScheduleFaults = Partial<Readonly<Record<ScheduleField, string>>>;

/** What stands in the form at first. */
export const emptySchedule: ScheduleForm = {
  title: '',
  id: null,
  kind: 'cron',
  expression: '0 6 * * *',
  timeZone: null,
  every: 1,
  unit: 'hours',
  at: '',
  overlap: 'skip',
  catchUp: 'last',
};

/** A stored schedule in the form. */
export function formOf({ id, title, timing, overlap, catchUp }: ScheduleDefinition): ScheduleForm {
  return { ...emptySchedule, id, title, kind: timing.kind, overlap, catchUp, ...timingFields(timing) };
}

function timingFields(timing: Timing): Partial<ScheduleForm> {
  switch (timing.kind) {
    case 'cron':
      return { expression: timing.expression, timeZone: timing.timeZone ?? null };
    case 'interval': {
      const unit = unitOf(timing.everyMs);
      return { every: timing.everyMs / intervalUnits[unit], unit };
    }
    case 'once':
      return { at: localTime(timing.at) };
  }
}

/** The largest unit in which an interval is a whole number. */
function unitOf(everyMs: number): IntervalUnit {
  const units = Object.keys(intervalUnits) as IntervalUnit[];
  return units.findLast((unit) => everyMs % intervalUnits[unit] === 0) ?? 'seconds';
}

/** A time as `<input type="datetime-local">` shows it, with seconds. */
function localTime(at: number): string {
  const date = new Date(at);
  return new Date(at - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

/** The identifier that a title suggests: its letters and digits in lower case, joined by dashes. */
export function idOf({ id, title }: Pick<ScheduleForm, 'id' | 'title'>): string {
  if (id !== null) return id.trim();
  const words = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  return words
    .replace(/^[-0-9]+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
}

/** When the schedule is due, as it is typed; it may be one that the contract refuses. */
export function timingOf(form: ScheduleForm): Timing {
  switch (form.kind) {
    case 'cron':
      return {
        kind: 'cron',
        expression: form.expression.trim(),
        ...(form.timeZone === null ? {} : { timeZone: form.timeZone }),
      };
    case 'interval':
      return {
        kind: 'interval',
        everyMs: form.every === '' ? Number.NaN : Math.round(form.every * intervalUnits[form.unit]),
      };
    case 'once':
      return { kind: 'once', at: form.at === '' ? Number.NaN : new Date(form.at).getTime() };
  }
}

type Read = { readonly definition: ScheduleDefinition | null; readonly faults: ScheduleFaults };

/**
 * The schedule that a form describes, or what is wrong with it, by the contract's own rules.
 * @param start what it starts; null: that is not complete yet, and no definition comes of it
 */
export function readSchedule(form: ScheduleForm, start: unknown): Read {
  const parsed = scheduleDefinitionSchema.safeParse({
    id: idOf(form),
    title: form.title.trim(),
    timing: timingOf(form),
    start,
    overlap: form.overlap,
    catchUp: form.catchUp,
  });
  if (parsed.success) return { definition: parsed.data, faults: {} };
  const faults: Partial<Record<ScheduleField, string>> = {};
  for (const { path, complaint } of invalidFields(parsed.error)) {
    const field = fieldOf(path.map(String));
    if (field !== null) faults[field] ??= `It ${complaint}.`;
  }
  if (form.kind === 'once' && form.at === '') faults.at = 'Choose a date and a time.';
  if (form.kind === 'interval' && form.every === '') faults.every = 'It is missing.';
  return { definition: null, faults };
}

/** The fault that a refusal of the engine names; none when it is about no field of this part of the form. */
export function refusedField({ field, message, remedy }: ApiError): ScheduleFaults {
  const at = fieldOf((field ?? '').split('.'));
  return at === null ? {} : { [at]: `${message} ${remedy}` };
}

const fieldNames: Readonly<Record<string, ScheduleField>> = {
  id: 'id',
  title: 'title',
  'timing.expression': 'expression',
  'timing.timeZone': 'timeZone',
  'timing.everyMs': 'every',
  'timing.at': 'at',
  overlap: 'overlap',
  catchUp: 'catchUp',
};

function fieldOf([section = '', name = '']: readonly string[]): ScheduleField | null {
  return fieldNames[section === 'timing' ? `timing.${name}` : section] ?? null;
}
