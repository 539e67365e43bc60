import type { Attempt } from '../contract/task.ts';
import { loadAttempt } from './attempt-table.ts';
import type { Statements } from './connection.ts';

/*
 * How an agent has done lately. Both ask a partial index that begins with the agent, and read as many of its entries as
 * they answer about: a million attempts cost what a hundred do.
 */

const averageSql = `
SELECT avg(max(0, ended_at_ms - started_at_ms)) FROM (
  SELECT started_at_ms, ended_at_ms FROM attempts WHERE agent_id = ? AND state = 'completed' ORDER BY id DESC LIMIT ?
)`;
const failedSql = 'SELECT id FROM attempts WHERE agent_id = ? AND failure IS NOT NULL ORDER BY id DESC LIMIT ?';

/** Mean time from start to end of an agent's last completed attempts, in ms; null without any. */
export function agentAverageMs(statements: Statements, agentId: string, limit: number): number | null {
  const average = statements.row(averageSql, agentId, limit)?.[0] ?? null;
  return average === null ? null : Number(average);
}

/** Attempts of an agent that ended with a failure, newest first. */
export function failedAttemptsOf(statements: Statements, agentId: string, limit: number): readonly Attempt[] {
  return statements.rows(failedSql, agentId, limit).flatMap(([id]) => loadAttempt(statements, String(id)) ?? []);
}
