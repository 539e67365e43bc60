import type { Event, EventKind } from '../contract/event.ts';
import { eventSchema } from '../contract/event.ts';
import type { EventPage } from '../core/ports.ts';
import type { SqlValue, Statements } from './connection.ts';
import { LotInsert } from './lot-insert.ts';
import type { Fragment } from './read-page.ts';

/** Ids by which events are filtered: they have columns and are not repeated in the JSON of the rest. */
const idFields = ['runId', 'taskId', 'attemptId', 'agentId'] as const;
type IdField = (typeof idFields)[number];

/** Which of those ids an event of a kind has; the others are absent from it, not null. */
const idsOfKind = new Map<string, readonly IdField[]>(
  eventSchema.options.map((option) => [
    option.shape.kind.value,
    idFields.filter((field) => Object.hasOwn(option.shape, field)),
  ]),
);

const columns = ['seq', 'at_ms', 'kind', 'actor', 'run_id', 'task_id', 'attempt_id', 'agent_id', 'data'];

const hasColumn: ReadonlySet<string> = new Set(['seq', 'at', 'kind', 'actor', ...idFields]);

type EventFields = Readonly<Record<IdField, string | null | undefined>> & Omit<Event, 'kind'> & { kind: EventKind };

/** What of an event has no column of its own, as JSON text. */
export function eventData(event: Omit<Event, 'seq'>): string {
  const data: Record<string, unknown> = {};
  // Field by field: to take an object apart with a rest costs six times as much.
  for (const field in event) {
    if (!hasColumn.has(field)) data[field] = (event as Readonly<Record<string, unknown>>)[field];
  }
  return JSON.stringify(data);
}

/** An event with its {@link eventData}. */
export interface EventText {
  readonly event: Event;
  readonly data: string;
}

const insert = new LotInsert<EventText>('events', columns, (values, { event, data }) => {
  const { runId, taskId, attemptId, agentId } = event as EventFields;
  values.push(event.seq, event.at, event.kind, event.actor);
  values.push(runId ?? null, taskId ?? null, attemptId ?? null, agentId ?? null, data);
});

/** Writes events. */
export function insertEvents(statements: Statements, events: readonly EventText[]): void {
  insert.run(statements, events);
}

function decodeEvent(row: readonly SqlValue[]): Event {
  const [seq, at, kind, actor, ...rest] = row;
  const ids: Record<string, SqlValue> = {};
  for (const field of idsOfKind.get(String(kind)) ?? []) ids[field] = rest[idFields.indexOf(field)] ?? null;
  return { seq, at, actor, kind, ...ids, ...JSON.parse(String(rest[idFields.length])) } as Event;
}

/** Numbers of removed events are remembered, so that none is given twice when the newest one of all was removed. */
const lastSql = `SELECT max(ifnull((SELECT max(seq) FROM events), 0),
 ifnull((SELECT value FROM counters WHERE scope = 'events' AND key = 'last'), 0))`;

/** The number of the last event; 0 when there was none yet. */
export function lastSeq(statements: Statements): number {
  return statements.number(lastSql);
}

/** Which events to read: all that have every given id, and meet every further demand. */
export interface EventQuery extends EventPage {
  readonly demands?: readonly Fragment[];
}

/** Events after `afterSeq` and before `beforeSeq`, in the order of their numbers or against it. */
export function readEvents(statements: Statements, query: EventQuery): readonly Event[] {
  const all = [...rangeOf(query), ...idDemands(query), ...(query.demands ?? [])];
  const direction = query.order === 'newest' ? 'DESC' : 'ASC';
  const sql =
    `SELECT ${columns.join(', ')} FROM events WHERE ${all.map((demand) => demand.sql).join(' AND ')} ` +
    `ORDER BY seq ${direction} LIMIT ? + 0`;
  return statements.rows(sql, ...all.flatMap(({ values }) => values), query.limit).map(decodeEvent);
}

function rangeOf({ afterSeq, beforeSeq }: EventQuery): Fragment[] {
  const range = [{ sql: 'seq > (SELECT ?)', values: [afterSeq] }];
  if (beforeSeq !== undefined) range.push({ sql: 'seq < (SELECT ?)', values: [beforeSeq] });
  return range;
}

function idDemands({ runId, taskId, attemptId, agentId }: EventQuery): Fragment[] {
  const demands: Fragment[] = [];
  if (runId !== undefined) demands.push({ sql: 'run_id = (SELECT ?)', values: [runId] });
  if (taskId !== undefined) demands.push({ sql: 'task_id = (SELECT ?)', values: [taskId] });
  if (agentId !== undefined) demands.push({ sql: 'agent_id = (SELECT ?)', values: [agentId] });
  if (attemptId !== undefined) {
    // An attempt's events are its task's: one index less to keep for every event of every attempt.
    demands.push({
      sql: 'task_id = (SELECT task_id FROM attempts WHERE id = ?) AND attempt_id = ?',
      values: [attemptId, attemptId],
    });
  }
  return demands;
}
