import { Cron } from 'croner';
import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';
import type { Timing } from '../contract/schedule.ts';
import { nearestName } from './nearest-name.ts';

/** Times at which something was due, oldest first, and how many before them were left out. */
export interface DueSince {
  readonly times: readonly number[];
  readonly earlier: number;
  /** Whether `earlier` is all of them; otherwise there are at least so many. */
  readonly exact: boolean;
}

/** When a timing is due. Every question has a bounded cost, whatever the expression: a few milliseconds. */
export interface DueTimes {
  /** The first due time after a moment (wall clock, ms); null: there is none. */
  next(after: number): number | null;
  /** The newest due times from `first`, which is one, up to `now`; at most `limit`. */
  since(first: number, now: number, limit: number): DueSince;
}

/**
 * Reads a timing.
 * @param anchor what an interval counts from, wall clock in ms.
 * @returns a refusal that names `timing.expression` or `timing.timeZone` when it cannot be understood.
 */
export function dueTimes(timing: Timing, anchor: number): Result<DueTimes, ApiError> {
  switch (timing.kind) {
    case 'interval':
      return ok(intervalTimes(timing.everyMs, anchor));
    case 'once':
      return ok(onceTimes(timing.at));
    case 'cron':
      return cronTimes(timing.expression, timing.timeZone ?? machineZone());
  }
}

/** Why a timing that can be read is never due again after a moment. */
export function neverDue(timing: Timing): ApiError {
  if (timing.kind === 'once') {
    return refuse('invalidInput', `${isoMinute(timing.at)} has passed.`, 'Give a time that is to come.', {
      field: 'timing.at',
    }).error;
  }
  const { expression } = timing as Extract<Timing, { kind: 'cron' }>;
  return refuse(
    'invalidInput',
    `The expression "${expression}" is never due: no such day comes.`,
    'Give a day that the month has, such as L for its last one.',
    { field: 'timing.expression' },
  ).error;
}

function intervalTimes(everyMs: number, anchor: number): DueTimes {
  const lastUpTo = (time: number) => anchor + Math.floor((time - anchor) / everyMs) * everyMs;
  return {
    next: (after) => Math.max(lastUpTo(after) + everyMs, anchor + everyMs),
    since(first, now, limit) {
      const newest = lastUpTo(now);
      const count = (newest - first) / everyMs + 1;
      const kept = Math.min(limit, count);
      const times = Array.from({ length: kept }, (_, index) => newest - (kept - 1 - index) * everyMs);
      return { times, earlier: count - kept, exact: true };
    },
  };
}

function onceTimes(at: number): DueTimes {
  return { next: (after) => (at > after ? at : null), since: () => ({ times: [at], earlier: 0, exact: true }) };
}

function cronTimes(expression: string, timeZone: string): Result<DueTimes, ApiError> {
  if (!isTimeZone(timeZone)) return unknownZone(timeZone);
  const fields = expression.trim().split(/\s+/).length;
  if (fields !== 5 && fields !== 6 && !expression.startsWith('@')) {
    return badExpression(expression, `it has ${fields === 1 ? '1 field' : `${fields} fields`}`);
  }
  try {
    // Paused and without a function: it is asked for times, and has no timer.
    const pattern = new Cron(expression, { timezone: timeZone, mode: '5-or-6-parts', paused: true });
    return ok(patternTimes(pattern));
  } catch (error) {
    return badExpression(expression, String(error).replace(/^\w+: (CronPattern: )?/, ''));
  }
}

function patternTimes(pattern: Cron): DueTimes {
  const next = (after: number) => pattern.nextRun(new Date(after))?.getTime() ?? null;
  return {
    next,
    since(first, now, limit) {
      const times: number[] = [];
      for (let time: number | null = first; time !== null && time <= now; time = next(time)) {
        times.push(time);
        if (times.length > limit) return newestOf(pattern, times, now, limit);
      }
      return { times, earlier: 0, exact: true };
    },
  };
}

/** More were due than are wanted: those from the end are looked for backwards, so that a year costs what a day does. */
function newestOf(pattern: Cron, oldest: readonly number[], now: number, limit: number): DueSince {
  const nextSecond = (Math.floor(now / 1_000) + 1) * 1_000;
  const times = pattern.previousRuns(limit, new Date(nextSecond)).map((date) => date.getTime());
  times.reverse();
  const earlier = oldest.filter((time) => time < Number(times[0])).length;
  return { times, earlier, exact: false };
}

function badExpression(expression: string, why: string) {
  return refuse(
    'invalidInput',
    `The expression "${expression}" cannot be read: ${why.replace(/\.$/, '')}.`,
    'Write five fields, such as "0 6 * * *" for every day at 06:00: minute, hour, day, month, day of the week; six with seconds in front.',
    { field: 'timing.expression' },
  );
}

function unknownZone(timeZone: string) {
  const nearest = nearestName(timeZone, Intl.supportedValuesOf('timeZone'));
  return refuse(
    'invalidInput',
    `There is no time zone ${timeZone}.${nearest === null ? '' : ` Did you mean ${nearest}?`}`,
    'Give an IANA name, such as Europe/Berlin, America/New_York or UTC.',
    { field: 'timing.timeZone' },
  );
}

function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}

/** The time zone of the engine's machine. */
function machineZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** A timing in words, such as "every day at 06:00 (Europe/Berlin)"; an expression that has no short words as it is. */
export function whenInWords(timing: Timing): string {
  switch (timing.kind) {
    case 'interval':
      return `every ${lengthInWords(timing.everyMs)}`;
    case 'once':
      return `once, ${isoMinute(timing.at)}`;
    case 'cron': {
      const words = expressionInWords(timing.expression.trim());
      return `${words} (${timing.timeZone ?? machineZone()})`;
    }
  }
}

function isoMinute(at: number): string {
  const [day, time] = new Date(at).toISOString().split('T') as [string, string];
  return `${day} ${time.endsWith(':00.000Z') ? time.slice(0, 5) : time.slice(0, 8)} UTC`;
}

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

function lengthInWords(ms: number): string {
  for (const [name, length] of units) {
    if (ms % length !== 0) continue;
    return ms === length ? name : `${ms / length} ${name}s`;
  }
  return `${ms} ms`;
}

const nicknames: Readonly<Record<string, string>> = {
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
};
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;
const shortDays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

function expressionInWords(expression: string): string {
  const written = (nicknames[expression.toLowerCase()] ?? expression).split(/\s+/);
  if (written.length === 6 && written[0] === '0') written.shift();
  if (written.length !== 5) return expression;
  const [minute, hour, day, month, weekday] = written as [string, string, string, string, string];
  if (month !== '*') return expression;
  const everyDay = day === '*' && weekday === '*';
  if (!isNumber(minute)) return (everyDay && hour === '*' ? everyMinutes(minute) : null) ?? expression;
  if (hour === '*') return everyDay ? `every hour at minute ${Number(minute)}` : expression;
  if (!isNumber(hour)) return expression;
  const days = everyDay ? 'every day' : daysInWords(day, weekday);
  return days === null ? expression : `${days} at ${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
}

function everyMinutes(minute: string): string | null {
  if (minute === '*') return 'every minute';
  const step = /^\*\/(\d+)$/.exec(minute)?.[1];
  // Steps that do not divide the hour begin anew with it, which "every" would not say.
  return step !== undefined && 60 % Number(step) === 0 ? `every ${step} minutes` : null;
}

function daysInWords(day: string, weekday: string): string | null {
  if (weekday === '*') {
    if (isNumber(day)) return `on day ${Number(day)} of every month`;
    return day.toUpperCase() === 'L' ? 'on the last day of every month' : null;
  }
  const named = weekday.split('-').map(weekdayInWords);
  return day === '*' && named.length <= 2 && !named.includes(null) ? `every ${named.join(' to ')}` : null;
}

function weekdayInWords(text: string): string | null {
  const index = isNumber(text) ? Number(text) : shortDays.indexOf(text.toUpperCase());
  return weekdays[index] ?? null;
}

function isNumber(text: string): boolean {
  return /^\d{1,2}$/.test(text);
}
