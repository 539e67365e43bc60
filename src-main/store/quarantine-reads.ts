import type { RowKind, Rows } from '../contract/evolve.ts';
import type { StoreReads } from '../core/ports.ts';
import { isUnreadable } from './checked-row.ts';
import type { SqlValue, Statements } from './connection.ts';
import { rebuildRow } from './quarantine-rebuild.ts';

/**
 * What to answer where a row could not be read: what its events give. It is told of, and repaired soon after.
 * @param error what reading it threw.
 * @throws the error, when it says something else, or its events are not at hand.
 */
export function readFromEvents<K extends RowKind>(
  statements: Statements,
  kind: K,
  id: string,
  error: unknown,
): Rows[K] | null {
  if (!isUnreadable(error)) throw error;
  statements.tellUnreadable({ kind, id });
  const row = rebuildRow(statements, kind, id, 'quick');
  if (row === null) throw error;
  return row;
}

/** Reads that a row which cannot be read does not hold up: it is made of its events, or left out. */
export function tolerateUnreadable(statements: Statements, reads: StoreReads): StoreReads {
  function many<K extends RowKind>(
    kind: K,
    list: () => readonly Rows[K][],
    idsSql: string,
    ...values: readonly SqlValue[]
  ): readonly Rows[K][] {
    try {
      return list();
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      return statements.rows(idsSql, ...values).flatMap(([id]) => oneOrNone(kind, String(id)));
    }
  }
  function oneOrNone<K extends RowKind>(kind: K, id: string): readonly Rows[K][] {
    try {
      const row = reads.row(kind, id);
      return row === null ? [] : [row];
    } catch (error) {
      if (isUnreadable(error)) return [];
      throw error;
    }
  }
  return {
    ...reads,
    agents: () => many('agent', reads.agents, 'SELECT id FROM agents ORDER BY id'),
    runByRequestId: (requestId) =>
      many(
        'run',
        () => [reads.runByRequestId(requestId)].filter((run) => run !== null),
        'SELECT id FROM runs WHERE request_id = ?',
        requestId,
      )[0] ?? null,
    openRuns: () => many('run', reads.openRuns, 'SELECT id FROM runs WHERE ended_at_ms IS NULL ORDER BY id'),
    openApprovals: () =>
      many('approval', reads.openApprovals, "SELECT id FROM approvals WHERE state = 'open' ORDER BY id"),
    openPermissions: (attemptId) =>
      many(
        'permission',
        () => reads.openPermissions(attemptId),
        "SELECT id FROM permissions WHERE state = 'open' AND (attempt_id = ? OR ? IS NULL) ORDER BY id",
        attemptId ?? null,
        attemptId ?? null,
      ),
    permissionRules: () => many('permissionRule', reads.permissionRules, 'SELECT id FROM permission_rules ORDER BY id'),
    breakers: () => many('breaker', reads.breakers, 'SELECT id FROM breakers ORDER BY id'),
    schedules: () => many('schedule', reads.schedules, 'SELECT id FROM schedules ORDER BY id'),
    firingsOf: (scheduleId, before, limit) =>
      many(
        'firing',
        () => reads.firingsOf(scheduleId, before, limit),
        'SELECT id FROM firings WHERE schedule_id = ? AND due_at_ms < ? ORDER BY due_at_ms DESC LIMIT ?',
        scheduleId,
        before,
        limit,
      ),
    liveAttempts: () =>
      many('attempt', reads.liveAttempts, 'SELECT id FROM attempts WHERE ended_at_ms IS NULL ORDER BY id'),
    tasksOfRun: (runId) =>
      many('task', () => reads.tasksOfRun(runId), 'SELECT id FROM tasks WHERE run_id = ? ORDER BY id', runId),
    attemptsOf: (taskId) =>
      many(
        'attempt',
        () => reads.attemptsOf(taskId),
        'SELECT id FROM attempts WHERE task_id = ? ORDER BY number',
        taskId,
      ),
  };
}
