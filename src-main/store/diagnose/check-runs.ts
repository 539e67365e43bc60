import type { Event } from '../../contract/event.ts';
import type { RowKind, Rows } from '../../contract/evolve.ts';
import { evolve, touchedRows } from '../../contract/evolve.ts';
import type { EventPage } from '../../core/ports.ts';
import { loadApproval } from '../approval-table.ts';
import type { Statements } from '../connection.ts';
import { readEvents } from '../event-table.ts';
import { isMarked } from '../prune/forgotten.ts';
import { loadRun } from '../run-table.ts';
import type { Check } from './check.ts';
import { faulty, healthy } from './check.ts';
import { describeDifference } from './check-events.ts';

/** No run or task has as many events as this, by far. */
const allEvents = Number.MAX_SAFE_INTEGER;

const requestedSql = `
SELECT count(*) FROM events
WHERE run_id = (SELECT run_id FROM approvals WHERE id = ?) AND kind = 'approval.requested' AND data ->> 'approvalId' = ?`;

/** Folds events into the rows of some kinds that they touch. @returns the rows by kind and id. */
export function foldRows(events: readonly Event[], kinds: readonly RowKind[]): Map<string, FoldedRow> {
  const rows = new Map<string, FoldedRow>();
  for (const event of events) {
    for (const { kind, id } of touchedRows(event)) {
      if (!kinds.includes(kind)) continue;
      const key = `${kind} ${id}`;
      rows.set(key, { kind, id, row: evolve(kind, rows.get(key)?.row ?? null, event) });
    }
  }
  return rows;
}

/** A row as its events give it; null when they only mention it. */
export interface FoldedRow {
  readonly kind: RowKind;
  readonly id: string;
  readonly row: Rows[RowKind] | null;
}

/** All events that carry the id of a run or of a task. */
export function eventsOf(statements: Statements, filter: { runId: string } | { taskId: string }): readonly Event[] {
  return readEvents(statements, { ...(filter as Pick<EventPage, 'runId' | 'taskId'>), afterSeq: 0, limit: allEvents });
}

/** Every run with its stages, and every approval, is what its events give. */
export const runCheck: Check = {
  name: 'runs, stages and approvals',
  look: (reader) => {
    const { statements } = reader;
    const runs = reader.eachId('runs', (id) => {
      if (isMarked(statements, { noun: 'run', id })) return null;
      const folded = foldRows(eventsOf(statements, { runId: id }), ['run', 'approval']);
      const stored = (kind: RowKind, rowId: string) =>
        kind === 'run' ? loadRun(statements, rowId) : loadApproval(statements, rowId);
      return compareRows(folded, { kind: 'run', id }, stored);
    });
    if (runs.fault !== null) return faulty(runs.fault);
    const approvals = reader.eachId('approvals', (id) => {
      const known = statements.number(requestedSql, id, id);
      return known === 1 || isRunOfApprovalMarked(statements, id)
        ? null
        : `The row of approval ${id} follows from no event.`;
    });
    if (approvals.fault !== null) return faulty(approvals.fault);
    return healthy(`${runs.count} runs and ${approvals.count} approvals are what their events give.`);
  },
};

function isRunOfApprovalMarked(statements: Statements, approvalId: string): boolean {
  const runId = statements.row('SELECT run_id FROM approvals WHERE id = ?', approvalId)?.[0];
  return isMarked(statements, { noun: 'run', id: String(runId) });
}

/** Compares folded rows with the stored ones. @param owner a row that must be among them. */
export function compareRows(
  folded: ReadonlyMap<string, FoldedRow>,
  owner: { readonly kind: RowKind; readonly id: string },
  stored: (kind: RowKind, id: string) => unknown,
): string | null {
  const rows = folded.has(`${owner.kind} ${owner.id}`) ? [...folded.values()] : [{ ...owner, row: null }];
  return rows.reduce<string | null>(
    (fault, { kind, id, row }) => fault ?? describeDifference(kind, id, row, stored(kind, id)),
    null,
  );
}
