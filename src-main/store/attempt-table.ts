import type { Attempt } from '../contract/task.ts';
import type { SqlValue, Statements } from './connection.ts';
import { RowTable } from './row-table.ts';

const table = new RowTable<Attempt>({
  table: 'attempts',
  key: 'id',
  insertOnly: 'lease_expires_at_ms',
  columns: {
    id: ['id', 'plain'],
    taskId: ['task_id', 'plain'],
    runId: ['run_id', 'plain'],
    stage: ['stage', 'plain'],
    number: ['number', 'plain'],
    agentId: ['agent_id', 'plain'],
    fence: ['fence', 'plain'],
    state: ['state', 'plain'],
    process: ['process', 'json'],
    claimedAt: ['claimed_at_ms', 'plain'],
    startedAt: ['started_at_ms', 'plain'],
    endedAt: ['ended_at_ms', 'plain'],
    activities: ['activities', 'plain'],
    exit: ['exit', 'json'],
    gates: ['gates', 'json'],
    failure: ['failure', 'json'],
    outputs: ['outputs', 'json'],
    stuck: ['stuck', 'json'],
  },
});

const selectSql = `SELECT ${table.selection()} FROM attempts`;
const loadSql = `${selectSql} WHERE id = ?`;
const ofTaskSql = `${selectSql} WHERE task_id = (SELECT ?) ORDER BY number`;
const liveSql = `${selectSql} WHERE ended_at_ms IS NULL ORDER BY id`;

const decodeAttempt = (columns: readonly SqlValue[]): Attempt => table.decode(columns);

/** An attempt by its id; null when there is none. */
export function loadAttempt(statements: Statements, id: string): Attempt | null {
  const columns = statements.row(loadSql, id);
  return columns === undefined ? null : decodeAttempt(columns);
}

/** The attempts of a task, first to last. */
export function attemptsOf(statements: Statements, taskId: string): readonly Attempt[] {
  return statements.rows(ofTaskSql, taskId).map(decodeAttempt);
}

/** Attempts that have not ended, oldest first. */
export function liveAttempts(statements: Statements): readonly Attempt[] {
  return statements.rows(liveSql).map(decodeAttempt);
}

/** Stores a new attempt with its lease, which lasts `leaseMs` from the claim on; or writes what changed of it. */
export function saveAttempt(statements: Statements, before: Attempt | null, after: Attempt, leaseMs: number): void {
  if (before === null) table.insert(statements, after, after.claimedAt + leaseMs);
  else table.update(statements, before, after);
}
