import type { AgentId, AttemptId, TaskId } from '../contract/ids.ts';
import type { Lease } from '../core/ports.ts';
import type { Statements } from './connection.ts';

/*
 * The current attempt of a live task is its lease, which lasts until the time in the attempt's row: it begins, is passed
 * on and ends with the attempt, without a row of its own.
 */

/** The ownership guard: only the lease of this attempt, with this fence, is the writer's to extend. */
const renewSql = `
UPDATE attempts SET lease_expires_at_ms = (SELECT ?) WHERE id = ? AND fence = ? AND ended_at_ms IS NULL`;
const allSql = `
SELECT t.id, a.id, a.agent_id, a.fence, a.lease_expires_at_ms
FROM attempts a CROSS JOIN tasks t ON t.id = a.task_id AND t.attempt_id = a.id
WHERE a.ended_at_ms IS NULL AND t.state IN ('claimed', 'running') ORDER BY t.id`;

/** Extends leases. @returns the attempts whose lease was there and had the fence. */
export function renewLeases(
  statements: Statements,
  leases: readonly Pick<Lease, 'attemptId' | 'fence'>[],
  expiresAt: number,
): readonly AttemptId[] {
  return leases
    .filter(({ attemptId, fence }) => statements.run(renewSql, expiresAt, attemptId, fence) > 0)
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
