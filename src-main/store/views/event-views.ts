import { refuse } from '../../contract/errors.ts';
import type { Event } from '../../contract/event.ts';
import { ok } from '../../contract/result.ts';
import type { ViewAnswers } from '../../core/ports.ts';
import type { Statements } from '../connection.ts';
import type { EventQuery } from '../event-table.ts';
import { lastSeq, readEvents } from '../event-table.ts';
import type { Fragment } from '../read-page.ts';
import { contains } from './search-text.ts';

const searched = ['kind', 'run_id', 'task_id', 'attempt_id', 'agent_id'];

/** How far a search for text goes: no index leads to it, and whoever waits for the thread waits for it too. */
export interface SearchBounds {
  /** How many events are looked at between two looks at the clock. */
  readonly chunk: number;
  /** How long it may look before it says that there is too much to look through. */
  readonly limitMs: number;
  readonly monotonic: () => number;
}

const usualBounds: SearchBounds = { chunk: 20_000, limitMs: 3_000, monotonic: () => performance.now() };

/** Events by any filter. Refused as `unavailable` when a search for text would take too long. */
export function viewEvents(
  statements: Statements,
  query: Parameters<ViewAnswers['listEvents']>[0],
  bounds = usualBounds,
): ReturnType<ViewAnswers['listEvents']> {
  const { kinds, actors, search, ...page } = query;
  const demands: Fragment[] = [];
  if (kinds !== undefined) demands.push(oneOf('kind', kinds));
  if (actors !== undefined) demands.push(oneOf('actor', actors));
  if (search !== undefined) demands.push(contains(search, searched, ['data']));
  const last = lastSeq(statements);
  const all = { ...page, demands };
  const events = search === undefined ? readEvents(statements, all) : searchEvents(statements, all, last, bounds);
  return events === null ? tooMuch() : ok({ events: [...events], lastSeq: last });
}

/** Looks through the events piece by piece, in the order that was asked for. @returns null when it takes too long. */
function searchEvents(
  statements: Statements,
  query: EventQuery,
  last: number,
  { chunk, limitMs, monotonic }: SearchBounds,
): readonly Event[] | null {
  const endAt = monotonic() + limitMs;
  const found: Event[] = [];
  let from = query.afterSeq;
  let to = Math.min(query.beforeSeq ?? last + 1, last + 1);
  while (to - from > 1) {
    if (monotonic() > endAt) return null;
    const isNewestFirst = query.order === 'newest';
    const afterSeq = isNewestFirst ? Math.max(from, to - chunk - 1) : from;
    const beforeSeq = isNewestFirst ? to : Math.min(to, from + chunk + 1);
    const limit = query.limit - found.length;
    found.push(...readEvents(statements, { ...query, afterSeq, beforeSeq, limit }));
    if (found.length >= query.limit) break;
    if (isNewestFirst) to = afterSeq + 1;
    else from = beforeSeq - 1;
  }
  return found;
}

function tooMuch() {
  return refuse(
    'unavailable',
    'There are too many events to look through all of them for a text.',
    'Narrow it down: choose a run, a task or an agent, or kinds of events, or give more of the text.',
  );
}

function oneOf(column: string, words: readonly string[]): Fragment {
  return { sql: `${column} IN (${words.map(() => '?').join(', ')})`, values: words };
}
