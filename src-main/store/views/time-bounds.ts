import type { Statements } from '../connection.ts';

/** Crockford's base 32, as ids are written in. */
const digits = '0123456789abcdefghjkmnpqrstvwxyz';
/** How many of an id's digits are its time. */
const timeLength = 10;
/** A row's time is read from the clock a little before or after its id is made. */
const slackMs = 60_000;

/**
 * An id that is less than those of all rows made from a time on: ids begin with the time, so that a range of them can be
 * looked at instead of all. Look at the row's own time as well: some before it are in the range.
 */
export function idFrom(prefix: string, from: number): string {
  let rest = Math.max(0, from - slackMs);
  let text = '';
  for (let index = 0; index < timeLength; index += 1) {
    text = digits[rest % digits.length] + text;
    rest = Math.floor(rest / digits.length);
  }
  return `${prefix}_${text}`;
}

const seqsSql = 'SELECT min(seq), max(seq) FROM events';
const timeAtSql = 'SELECT at_ms FROM events WHERE seq >= ? ORDER BY seq LIMIT 1';

/**
 * The number of an event before which all events happened before a time: events have no index by time, but their numbers
 * rise with it. Look at the event's own time as well.
 */
export function seqFrom(statements: Statements, from: number): number {
  const [first = null, last = null] = statements.row(seqsSql) ?? [];
  let [low, high] = [Number(first ?? 0), Number(last ?? 0) + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (statements.number(timeAtSql, middle) < from - slackMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
