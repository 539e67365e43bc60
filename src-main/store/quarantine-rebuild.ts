import type { Event } from '../contract/event.ts';
import { eventSchema } from '../contract/event.ts';
import type { RowKind, Rows } from '../contract/evolve.ts';
import { evolve, touchedRows } from '../contract/evolve.ts';
import { isUnreadable } from './checked-row.ts';
import type { Statements } from './connection.ts';
import type { EventQuery } from './event-table.ts';
import { readEvents } from './event-table.ts';

/** No row has as many events as this, by far. */
const allEvents = Number.MAX_SAFE_INTEGER;

/** How the events of rows of a kind begin, where they have no index of their own. */
const beginnings: { readonly [K in RowKind]?: string } = {
  agent: 'agent.*',
  breaker: 'breaker.*',
  schedule: 'schedule.*',
  firing: 'schedule.*',
  permissionRule: 'permission.rule*',
  engine: 'engine.*',
};

/** Where the row of a kind says to whose events its own belong, and the event that says so too. */
const owners = {
  attempt: {
    column: 'taskId',
    rowSql: 'SELECT task_id FROM attempts WHERE id = ?',
    eventSql: "SELECT task_id FROM events WHERE kind = 'task.claimed' AND attempt_id = ?",
  },
  permission: {
    column: 'taskId',
    rowSql: 'SELECT task_id FROM permissions WHERE id = ?',
    eventSql:
      "SELECT task_id FROM events WHERE kind = 'permission.requested' AND CASE WHEN json_valid(data) THEN data ->> 'permissionId' END = ?",
  },
  approval: {
    column: 'runId',
    rowSql: 'SELECT run_id FROM approvals WHERE id = ?',
    eventSql:
      "SELECT run_id FROM events WHERE kind = 'approval.requested' AND CASE WHEN json_valid(data) THEN data ->> 'approvalId' END = ?",
  },
} as const;

/**
 * Makes a row anew out of its events, which is what it is by definition.
 * @param look `quick`: only where an index leads to its events; `everywhere`: among all of them, which takes long.
 * @returns null when its events are not found, or cannot be read either.
 */
export function rebuildRow<K extends RowKind>(
  statements: Statements,
  kind: K,
  id: string,
  look: 'quick' | 'everywhere',
): Rows[K] | null {
  for (const filter of filtersOf(statements, kind, id, look)) {
    const row = fold(statements, kind, id, filter);
    if (row !== null) return row;
  }
  return null;
}

type Filter = Omit<EventQuery, 'afterSeq' | 'limit'>;

function* filtersOf(statements: Statements, kind: RowKind, id: string, look: 'quick' | 'everywhere'): Iterable<Filter> {
  if (kind === 'run') yield { runId: id } as Filter;
  else if (kind === 'task') yield { taskId: id } as Filter;
  else if (kind === 'attempt' || kind === 'permission' || kind === 'approval') {
    const { column, rowSql, eventSql } = owners[kind];
    for (const sql of look === 'quick' ? [rowSql] : [rowSql, eventSql]) {
      const owner = statements.row(sql, id)?.[0] ?? null;
      if (owner !== null) yield { [column]: String(owner) } as Filter;
    }
  } else if (look === 'everywhere' || kind === 'agent') {
    const demands = [{ sql: 'kind GLOB ?', values: [beginnings[kind] ?? '*'] }];
    yield (kind === 'agent' ? { agentId: id, demands } : { demands }) as Filter;
  }
}

function fold<K extends RowKind>(statements: Statements, kind: K, id: string, filter: Filter): Rows[K] | null {
  const events = readAll(statements, filter);
  if (events === null) return null;
  let row: Rows[K] | null = null;
  for (const event of events) {
    if (!touchedRows(event).some((touched) => touched.kind === kind && touched.id === id)) continue;
    if (!eventSchema.safeParse(event).success) return null;
    row = evolve(kind, row, event);
  }
  return row;
}

/** @returns null when one of them cannot be read. */
function readAll(statements: Statements, filter: Filter): readonly Event[] | null {
  try {
    return readEvents(statements, { ...filter, afterSeq: 0, limit: allEvents });
  } catch (error) {
    if (isUnreadable(error)) return null;
    throw error;
  }
}
