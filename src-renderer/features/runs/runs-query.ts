import type { ApiInput } from '../../../src-main/contract/api.ts';
import type { RunFilter } from '../../../src-main/contract/api-runs.ts';
import { runSorts } from '../../../src-main/contract/api-runs.ts';
import { priorities, runStates } from '../../../src-main/contract/states.ts';
import type { Sort } from '../../ui/data-table.tsx';

/** Ranges of creation that have a name; other ranges are two dates, such as `2026-03-01`. */
export const namedRanges = ['today', 'day', 'week', 'month'] as const;
export type NamedRange = (typeof namedRanges)[number];

const dayMs = 86_400_000;
const rangeMs = { day: dayMs, week: 7 * dayMs, month: 30 * dayMs } as const;
/** Ranges that end now move on in steps, so that a list is not asked for anew with every look; in ms. */
const rangeStepMs = 600_000;

/** What the query of the address asks for: a filter, and in which order. */
export interface RunsQuery {
  readonly filter: RunFilter;
  readonly sort: Sort | null;
}

/**
 * Reads the query of the address. What it does not know it leaves out, so that an old link still opens.
 * @param search without the question mark.
 * @param now wall clock, ms; ranges such as `today` count from it, in the zone of this machine.
 */
export function readRunsQuery(search: string, now: number): RunsQuery {
  const query = new URLSearchParams(search);
  const states = known(query.get('state'), runStates);
  const chosen = known(query.get('priority'), priorities);
  const workflow = query.get('workflow') ?? '';
  const agentId = query.get('agent') ?? '';
  const text = (query.get('q') ?? '').trim();
  const after = startOf(query.get('since'), now);
  const before = endOf(query.get('until'));
  const ended = startOf(query.get('ended'), now);
  return {
    filter: {
      ...(states.length === 0 ? {} : { states }),
      ...(chosen.length === 0 ? {} : { priorities: chosen }),
      ...(workflow === '' ? {} : { workflow }),
      ...(agentId === '' ? {} : { agentId }),
      ...(after === null ? {} : { createdAfter: after }),
      ...(before === null ? {} : { createdBefore: before }),
      ...(ended === null ? {} : { endedAfter: ended }),
      ...(text === '' ? {} : { search: text }),
    },
    sort: readSort(query.get('sort')),
  };
}

/** A sort as the query has it: `duration`, or `-duration` for the largest first. */
export function writeSort({ by, direction }: Sort): string {
  return direction === 'descending' ? `-${by}` : by;
}

function readSort(text: string | null): Sort | null {
  const by = runSorts.find((name) => name === text?.replace(/^-/, ''));
  if (by === undefined) return null;
  return { by, direction: text?.startsWith('-') === true ? 'descending' : 'ascending' };
}

/** What `listRuns` is asked. */
export function toListInput({ filter, sort }: RunsQuery): Omit<ApiInput<'listRuns'>, 'limit' | 'after' | 'count'> {
  const by = runSorts.find((name) => name === sort?.by);
  return { ...filter, ...(sort === null || by === undefined ? {} : { sort: { by, direction: sort.direction } }) };
}

/** Where all rows that match are to be had, one JSON object per line. */
export function exportLink(query: RunsQuery): string {
  return `/download/runs.jsonl?filter=${encodeURIComponent(JSON.stringify(toListInput(query)))}`;
}

function known<T extends string>(text: string | null, values: readonly T[]): T[] {
  const words = text?.split(',') ?? [];
  return values.filter((value) => words.includes(value));
}

function startOf(since: string | null, now: number): number | null {
  if (since === 'today') return new Date(now).setHours(0, 0, 0, 0);
  if (since === 'day' || since === 'week' || since === 'month') {
    return Math.floor((now - rangeMs[since]) / rangeStepMs) * rangeStepMs;
  }
  return midnightOf(since);
}

/** The last day counts as a whole. */
function endOf(until: string | null): number | null {
  const midnight = midnightOf(until);
  if (midnight === null) return null;
  const day = new Date(midnight);
  return day.setDate(day.getDate() + 1);
}

/** Midnight of a date as a date field writes it, in the zone of this machine; null: it is none. */
function midnightOf(date: string | null): number | null {
  if (date === null || !/^\d{4}-\d{2}-\d{2}$/.test(date)) return null;
  const at = new Date(`${date}T00:00:00`).getTime();
  return Number.isNaN(at) || at < 0 ? null : at;
}
