import type { Failure } from '../contract/errors.ts';

/** That a quota or a rate limit is used up, and from when on there is some again; null when that was not said. */
export interface QuotaSign {
  /** Wall clock, ms. */
  readonly retryAt: number | null;
}

/** The most text that is looked at, in UTF-16 code units; the end counts, where an error is told last. */
const maxText = 8_000;
const maxMessage = 2_000;

/**
 * What agents, and the services behind them, say when a quota, a rate limit or their capacity is used up. Every
 * repetition is bounded, so that no text takes long.
 */
const signs: readonly RegExp[] = [
  /\brate[ _-]?limit(?:ed\b|s? (?:has been |was |is )?(?:exceeded|reached|hit)\b|[_-](?:error|exceeded|reached)\b)/i,
  /"rate_limit"|rateLimitExceeded|usageLimitExceeded|\busage_limit_(?:reached|exceeded)\b|\binsufficient_quota\b/,
  /\b(?:hit|reached|exceed(?:s|ed)?|exhausted) your (?:[\w'’-]{1,30} ){0,3}(?:limit|quota|capacity)\b/i,
  /\bexceed(?:s|ed)? (?:[\w'’-]{1,30} ){0,3}rate[ _-]?limit\b/i,
  /\b(?:usage|weekly|daily|hourly|monthly|session|\d{1,2}-hour|requests?|tokens?) limit (?:has been |was |is )?(?:reached|exceeded|hit)\b/i,
  /(?<!\b(?:disk|storage) )\bquota (?:has been |was |is )?(?:exceeded|exhausted)\b/i,
  /\bRESOURCE_EXHAUSTED\b(?!: Out of memory)|\bresource (?:has been )?exhausted\b/i,
  /\btoo many requests\b/i,
  /\boverloaded_error\b|\b529\b.{0,30}\boverloaded\b|\b(?:model|server|service|api) is (?:currently |temporarily )?overloaded\b/i,
  /\b(?:status|error|code|http)(?: code)?["']?[ :=(]{1,4}["']?429\b/i,
  /\bcredit balance is too low\b/i,
];

/** Lines in which a test or an assertion speaks of limits. */
const testLine =
  /^\s{0,20}(?:[✓✔✗✘×❯○●|]|(?:not )?ok\b|FAIL|PASS|at\s|\d{1,6}\))|\b(?:expect(?:ed|s)?|assert\w{0,20})\b|[._-](?:test|spec)s?\b/i;

/**
 * Looks for a sign in an error that an agent told.
 * @param now wall clock, ms: what times like "in 20 s" are counted from.
 */
export function findQuota(text: string, now: number): QuotaSign | null {
  const searched = text.slice(-maxText);
  return signs.some((sign) => sign.test(searched)) ? { retryAt: toldTime(searched, now) } : null;
}

/** Looks for a sign in the last lines that a command printed; those of tests are none. */
export function findQuotaInLines(lines: readonly string[], now: number): QuotaSign | null {
  return findQuota(lines.filter((line) => !testLine.test(line.slice(0, maxText))).join('\n'), now);
}

/** What an attempt failed of that met a used-up quota: nothing is wrong with its task. */
export function quotaFailure(message: string, { retryAt }: QuotaSign): Failure {
  return {
    category: 'quota',
    class: 'transient',
    message: message.slice(0, maxMessage),
    remedy: 'Nothing is lost: the work waits until there is quota again. To go on sooner, let another agent do it.',
    ...(retryAt === null ? {} : { retryAt }),
  };
}

const second = 1_000;
const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: second,
  m: 60 * second,
  h: 3_600 * second,
  d: 24 * 3_600 * second,
};

/** `try again in 3 days 4 hours`, `retry in 34.07s`, `will reset after 10h22m6s`. */
const lengthTold =
  /\b(?:try again|retry|resets?) (?:in|after) ((?:\d{1,6}(?:\.\d{1,12})? ?(?:ms|s|m|h|d|secs?|seconds?|mins?|minutes?|hrs?|hours?|days?)(?![a-z])[ ,]{0,2}){1,4})/i;
const lengthPart = /(\d{1,6}(?:\.\d{1,12})?) ?(ms|[smhd])/gi;
/** `retry-after: 30`, `"retryDelay": "34s"`. */
const secondsTold = /\bretry[-_ ]?(?:after|delay)["']?[ :=]{1,3}["']?(\d{1,7}(?:\.\d{1,12})?)(?!\d|:|-| ?m| ?h| ?d)/i;
/** `usage limit reached|1760000400`. */
const epochTold = /\blimit reached\|(\d{10})\b/i;
const isoTold =
  /\b(?:resets?|retry|again)\b.{0,20}?\b(20\d\d-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))/i;
/** `resets 3pm`, `resets Jan 30, 11:30am`, `try again at Nov 25th, 2025 9:11 AM`: by the clock of this machine. */
const clockTold =
  /\b(?:resets?|again)(?: at)? (?:(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6} (\d{1,2})(?:st|nd|rd|th)?,?(?: (20\d\d),?)?(?: at)? )?(\d{1,2})(?::(\d\d))? ?(am|pm)\b/i;
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** @returns wall clock, ms, as it was said; whether it can be is judged by who uses it. */
function toldTime(text: string, now: number): number | null {
  const length = lengthTold.exec(text)?.[1];
  if (length !== undefined) return now + Math.ceil(lengthOf(length));
  const seconds = secondsTold.exec(text)?.[1];
  if (seconds !== undefined) return now + Math.ceil(Number(seconds) * second);
  const epoch = epochTold.exec(text)?.[1];
  if (epoch !== undefined) return Number(epoch) * second;
  const iso = isoTold.exec(text)?.[1];
  if (iso !== undefined) return Date.parse(iso);
  const clock = clockTold.exec(text);
  return clock === null ? null : timeOf(clock, now);
}

function lengthOf(text: string): number {
  let ms = 0;
  for (const [, count, unit = ''] of text.matchAll(lengthPart)) ms += Number(count) * (unitMs[unit.toLowerCase()] ?? 0);
  return ms;
}

/** The next time at which a clock shows what was said; a date without a year is the next one of that name. */
function timeOf([, month, day, year, hour, minute = '0', half = '']: RegExpExecArray, now: number): number {
  const today = new Date(now);
  const hours = (Number(hour) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
  if (month === undefined) {
    today.setHours(hours, Number(minute), 0, 0);
    if (today.getTime() <= now) today.setDate(today.getDate() + 1);
    return today.getTime();
  }
  const at = (inYear: number) =>
    new Date(inYear, months.indexOf(month.toLowerCase()), Number(day), hours, Number(minute)).getTime();
  if (year !== undefined) return at(Number(year));
  const thisYear = at(today.getFullYear());
  return thisYear > now ? thisYear : at(today.getFullYear() + 1);
}
