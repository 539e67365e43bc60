import type { Event, EventKind } from '../contract/event.ts';
import { eventSchema } from '../contract/event.ts';
import type { SqlValue, Statements } from './connection.ts';

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

const columns = 'seq, at_ms, kind, actor, run_id, task_id, attempt_id, agent_id, data';
const insertSql = `INSERT INTO events (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;

type EventFields = Readonly<Record<IdField, string | null | undefined>> & Omit<Event, 'kind'> & { kind: EventKind };

/** What of an event has no column of its own, as JSON text. */
export function eventData(event: Omit<Event, 'seq'>): string {
  const { seq, at, kind, actor, runId, taskId, attemptId, agentId, ...data } = event as EventFields;
  return JSON.stringify(data);
}

/** Writes an event. @param data its {@link eventData}. */
export function insertEvent(statements: Statements, event: Event, data: string): void {
  const { runId, taskId, attemptId, agentId } = event as EventFields;
  statements.run(
    insertSql,
    event.seq,
    event.at,
    event.kind,
    event.actor,
    runId ?? null,
    taskId ?? null,
    attemptId ?? null,
    agentId ?? null,
    data,
  );
}

function decodeEvent(row: readonly SqlValue[]): Event {
  const [seq, at, kind, actor, ...rest] = row;
  const ids: Record<string, SqlValue> = {};
  for (const field of idsOfKind.get(String(kind)) ?? []) ids[field] = rest[idFields.indexOf(field)] ?? null;
  return { seq, at, actor, kind, ...ids, ...JSON.parse(String(rest[idFields.length])) } as Event;
}

/** The number of the last event; 0 when there is none. */
export function lastSeq(statements: Statements): number {
  return statements.number('SELECT max(seq) FROM events');
}

/** Which events to read: all that have every given id. */
export interface EventFilter {
  readonly runId?: string | undefined;
  readonly taskId?: string | undefined;
  readonly attemptId?: string | undefined;
  readonly agentId?: string | undefined;
}

/** Events after `afterSeq` in the order of their numbers. */
export function readEvents(
  statements: Statements,
  filter: EventFilter,
  afterSeq: number,
  limit: number,
): readonly Event[] {
  const conditions = ['seq > (SELECT ?)'];
  const values: SqlValue[] = [afterSeq];
  const demand = (condition: string, ...bound: SqlValue[]) => {
    conditions.push(condition);
    values.push(...bound);
  };
  if (filter.runId !== undefined) demand('run_id = (SELECT ?)', filter.runId);
  if (filter.taskId !== undefined) demand('task_id = (SELECT ?)', filter.taskId);
  if (filter.agentId !== undefined) demand('agent_id = (SELECT ?)', filter.agentId);
  if (filter.attemptId !== undefined) {
    // An attempt's events are its task's: one index less to keep for every event of every attempt.
    demand('task_id = (SELECT task_id FROM attempts WHERE id = ?)', filter.attemptId);
    demand('attempt_id = ?', filter.attemptId);
  }
  const sql = `SELECT ${columns} FROM events WHERE ${conditions.join(' AND ')} ORDER BY seq LIMIT ? + 0`;
  return statements.rows(sql, ...values, limit).map(decodeEvent);
}
