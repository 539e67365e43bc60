import type { Approval } from '../contract/approval.ts';
import { approvalSchema } from '../contract/approval.ts';
import { decodeChecked } from './checked-row.ts';
import type { SqlValue, Statements } from './connection.ts';
import { RowTable } from './row-table.ts';

const table = new RowTable<Approval>({
  table: 'approvals',
  key: 'id',
  columns: {
    id: ['id', 'plain'],
    runId: ['run_id', 'plain'],
    stage: ['stage', 'plain'],
    question: ['question', 'plain'],
    state: ['state', 'plain'],
    onTimeout: ['on_timeout', 'plain'],
    expiresAt: ['expires_at_ms', 'plain'],
    requestedAt: ['requested_at_ms', 'plain'],
    answeredAt: ['answered_at_ms', 'plain'],
    comment: ['comment', 'plain'],
  },
});

/** The columns that {@link decodeApproval} expects. */
export const approvalSelection = table.selection('a');
const selectSql = `SELECT ${approvalSelection} FROM approvals a`;
const loadSql = `${selectSql} WHERE a.id = ?`;
const openSql = `${selectSql} WHERE a.state = 'open' ORDER BY a.id`;

const countOpenSql = "SELECT count(*) FROM approvals WHERE state = 'open'";

/** An approval out of its columns. */
export function decodeApproval(columns: readonly SqlValue[]): Approval {
  return decodeChecked(approvalSchema, `approval ${columns[0]}`, table.decode(columns));
}

/** An approval by its id; null when there is none. */
export function loadApproval(statements: Statements, id: string): Approval | null {
  const columns = statements.row(loadSql, id);
  return columns === undefined ? null : decodeApproval(columns);
}

/** Approvals that wait for an answer, oldest first. */
export function openApprovals(statements: Statements): readonly Approval[] {
  return statements.rows(openSql).map(decodeApproval);
}

/** How many approvals wait for an answer, out of an index. */
export function countOpenApprovals(statements: Statements): number {
  return statements.number(countOpenSql);
}

/** Stores a new approval, or writes what changed of it. */
export function saveApproval(statements: Statements, before: Approval | null, after: Approval): void {
  if (before === null) table.insert(statements, after);
  else table.update(statements, before, after);
}
