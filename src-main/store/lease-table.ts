import type { AgentId, AttemptId, TaskId } from '../contract/ids.ts';
import { isTaskLive } from '../contract/states.ts';
import type { Attempt, Task } from '../contract/task.ts';
import type { Lease } from '../core/ports.ts';
import type { Statements } from './connection.ts';

const insertSql = 'INSERT INTO leases (task_id, attempt_id, agent_id, fence, expires_at_ms) VALUES (?, ?, ?, ?, ?)';
const deleteSql = 'DELETE FROM leases WHERE task_id = ?';
/** The ownership guard: only the lease of this attempt, with this fence, is the writer's to extend. */
const renewSql = `
UPDATE leases SET expires_at_ms = ?
WHERE task_id = (SELECT task_id FROM attempts WHERE id = ?) AND attempt_id = ? AND fence = ?`;
const allSql = 'SELECT task_id, attempt_id, agent_id, fence, expires_at_ms FROM leases ORDER BY task_id';
const countSql = 'SELECT count(*) FROM leases WHERE agent_id = ?';

/**
 * Keeps the leases in step with a task that changed: a live task has exactly one, of its current attempt.
 * @param attempt the task's current attempt; its claim starts the lease.
 */
export function moveLease(
  statements: Statements,
  before: Task | null,
  after: Task,
  attempt: () => Attempt | null,
  leaseMs: number,
): void {
  const held = before !== null && isTaskLive(before.state) ? before.attemptId : null;
  const holds = isTaskLive(after.state) ? after.attemptId : null;
  if (held === holds) return;
  if (held !== null) statements.run(deleteSql, after.id);
  const claim = holds === null ? null : attempt();
  if (claim === null) return;
  statements.run(insertSql, after.id, claim.id, claim.agentId, claim.fence, claim.claimedAt + leaseMs);
}

/** Extends leases. @returns the attempts whose lease was there and had the fence. */
export function renewLeases(
  statements: Statements,
  leases: readonly Pick<Lease, 'attemptId' | 'fence'>[],
  expiresAt: number,
): readonly AttemptId[] {
  return leases
    .filter(({ attemptId, fence }) => statements.run(renewSql, expiresAt, attemptId, attemptId, fence) > 0)
    .map(({ attemptId }) => attemptId);
}

/** All live leases. */
export function readLeases(statements: Statements): readonly Lease[] {
  return statements.rows(allSql).map(([taskId, attemptId, agentId, fence, expiresAt]) => ({
    taskId: taskId as TaskId,
    attemptId: attemptId as AttemptId,
    agentId: agentId as AgentId,
    fence: Number(fence),
    expiresAt: Number(expiresAt),
  }));
}

/** How many live leases an agent holds. */
export function countLeases(statements: Statements, agentId: string): number {
  return statements.number(countSql, agentId);
}
