import type { Event } from '../../contract/event.ts';
import type { RowKind } from '../../contract/evolve.ts';
import { isUnreadable } from '../checked-row.ts';
import type { Statements } from '../connection.ts';
import { readEvents } from '../event-table.ts';
import type { Check } from './check.ts';
import { healthy, warning } from './check.ts';

const tableOf: Readonly<Record<RowKind, string>> = {
  run: 'runs',
  task: 'tasks',
  attempt: 'attempts',
  agent: 'agents',
  approval: 'approvals',
  permission: 'permissions',
  permissionRule: 'permission_rules',
  breaker: 'breakers',
  schedule: 'schedules',
  firing: 'firings',
  engine: 'engine',
};

/** Rows whose events have no column with their id, by how the kinds of those events begin. */
const byKind: readonly (readonly [beginning: string, tables: readonly string[]])[] = [
  ['breaker.', ['breakers']],
  ['schedule.', ['schedules', 'firings']],
  ['permission.rule', ['permission_rules']],
  ['engine.', ['engine']],
];

/** What of an event says to which rows it belongs. */
interface EventOwners {
  readonly kind: string;
  readonly runId?: string | null;
  readonly taskId?: string | null;
  readonly agentId?: string | null;
}

/** The rows that were set aside because neither they nor their events could be read. Usually there is none. */
export class SetAside {
  readonly #rows: ReadonlySet<string>;
  readonly #tables: ReadonlySet<string>;

  constructor(statements: Statements) {
    const rows = statements.rows('SELECT table_name, id FROM quarantined_rows');
    this.#rows = new Set(rows.map(([table, id]) => `${table} ${id}`));
    this.#tables = new Set(rows.map(([table]) => String(table)));
  }

  has(kind: RowKind, id: string): boolean {
    return this.#rows.has(`${tableOf[kind]} ${id}`);
  }

  /** Whether an event that cannot be read belongs to a row that was set aside, and so was the reason for it. */
  explains(event: EventOwners): boolean {
    const { kind, runId, taskId, agentId } = event;
    if (kind.startsWith('agent.')) return this.has('agent', String(agentId));
    const tables = byKind.find(([beginning]) => kind.startsWith(beginning))?.[1];
    if (tables !== undefined) return tables.some((table) => this.#tables.has(table));
    return this.has('run', String(runId)) || this.has('task', String(taskId));
  }
}

const ownersSql = 'SELECT seq, kind, run_id, task_id, agent_id FROM events WHERE seq > ? ORDER BY seq LIMIT ?';

/**
 * Reads the next events, without those that cannot be read and belong to rows that were set aside.
 * @returns the events, the number of the last one that was looked at (null: there are no more), and how many were left out.
 * @throws when any other event cannot be read.
 */
export function readEventLot(
  statements: Statements,
  aside: SetAside,
  { after, limit }: { readonly after: number; readonly limit: number },
): { readonly events: readonly Event[]; readonly last: number | null; readonly unreadable: number } {
  try {
    const events = readEvents(statements, { afterSeq: after, limit });
    return { events, last: events.at(-1)?.seq ?? null, unreadable: 0 };
  } catch (error) {
    if (!isUnreadable(error)) throw error;
  }
  const rows = statements.rows(ownersSql, after, limit);
  const events = rows.flatMap(([seq, kind, runId, taskId, agentId]): readonly Event[] => {
    try {
      return readEvents(statements, { afterSeq: Number(seq) - 1, limit: 1 });
    } catch (error) {
      const owners = { kind, runId, taskId, agentId } as EventOwners;
      if (isUnreadable(error) && aside.explains(owners)) return [];
      throw error;
    }
  });
  return { events, last: Number(rows.at(-1)?.[0]), unreadable: rows.length - events.length };
}

const tallySql = 'SELECT table_name, count(*), min(id) FROM quarantined_rows GROUP BY table_name ORDER BY table_name';
const firstSql = 'SELECT table_name, id, reason, at_ms FROM quarantined_rows ORDER BY at_ms, rowid LIMIT 1';

/** Says which rows were set aside: work goes on without them, and a person decides what to do about them. */
export const setAsideCheck: Check = {
  name: 'rows set aside',
  look: (reader) =>
    reader.inOneState(() => {
      const { statements } = reader;
      const tally = statements.rows(tallySql).map(([table, count, id]) => `${count} of ${table} (${id})`);
      const first = statements.row(firstSql);
      if (first === undefined || first === null) return healthy('No row was set aside.');
      const [, , reason, at] = first;
      return warning(
        `Neither these rows nor their events could be read, and they were set aside: ${tally.join(', ')}. ` +
          `The first was at ${new Date(Number(at)).toISOString()}: ${reason}`,
        'Work goes on without them. "signalbox export" writes them out whole, as rows of quarantined_rows; enqueue again ' +
          'what is still needed, or go back to a copy from before: signalbox restore FILE.',
      );
    }),
};
