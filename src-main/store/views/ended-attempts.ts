import type { Failure } from '../../contract/errors.ts';
import type { AttemptState } from '../../contract/states.ts';
import type { Statements } from '../connection.ts';

/** What metrics need of an attempt that ended. */
export interface EndedAttempt {
  readonly agentId: string;
  /** Null for a task that stands alone, like `workflow`. */
  readonly stage: string | null;
  readonly workflow: string | null;
  readonly completed: boolean;
  /** Failed or timed out; a cancelled or interrupted attempt is neither this nor `completed`. */
  readonly failed: boolean;
  readonly category: Failure['category'] | null;
  readonly endedAt: number;
  /** From its claim to its end, in ms. */
  readonly tookMs: number;
  /** From when its task could be claimed to its claim, in ms. */
  readonly queueDelayMs: number;
}

const endedSql = `
SELECT a.task_id, a.number, a.agent_id, a.stage, r.workflow, a.state, a.failure ->> 'category',
  a.claimed_at_ms, a.ended_at_ms, t.created_at_ms, t.available_at_ms, a.run_id
FROM attempts a CROSS JOIN tasks t ON t.id = a.task_id LEFT JOIN runs r ON r.id = a.run_id
WHERE a.ended_at_ms >= ? AND a.ended_at_ms < ? ORDER BY a.ended_at_ms`;
const hasNeedsSql = 'SELECT EXISTS (SELECT 1 FROM task_needs)';
/** When a task last came (back) into the queue, as its events tell. */
const queuedAgainSql = `
SELECT max(max(at_ms, coalesce(data ->> 'availableAt', 0))) FROM events
WHERE task_id = ? AND kind IN ('task.unblocked', 'task.unheld', 'task.released', 'task.requeued') AND at_ms <= ?`;

const failedStates: ReadonlySet<string> = new Set<AttemptState>(['failed', 'timed_out']);

/**
 * Attempts that ended in a span of time, `to` excluded, in the order of their ends.
 *
 * A task can be claimed from its creation on, or from the time up to which it was delayed. That of a later attempt, or
 * of a task that may have needed others, was unblocked, released or requeued in between, which only its events tell;
 * other tasks are spared that look.
 */
export function* endedAttempts(statements: Statements, from: number, to: number): Generator<EndedAttempt> {
  const mayNeed = statements.number(hasNeedsSql) === 1;
  for (const row of statements.each(endedSql, from, to)) {
    const [
      taskId = null,
      number,
      agentId,
      stage,
      workflow,
      state,
      category,
      claimed,
      ended,
      created,
      available,
      runId,
    ] = row;
    const claimedAt = Number(claimed);
    const looksBack = Number(number) > 1 || (mayNeed && runId === null);
    const again = looksBack ? statements.number(queuedAgainSql, taskId, claimedAt) : 0;
    // A later release has overwritten the time up to which this attempt's task was delayed.
    const delayedTo = Number(available) <= claimedAt ? Number(available) : 0;
    yield {
      agentId: String(agentId),
      stage: stage === null ? null : String(stage),
      workflow: workflow === null ? null : String(workflow),
      completed: state === 'completed',
      failed: failedStates.has(String(state)),
      category: category as Failure['category'] | null,
      endedAt: Number(ended),
      tookMs: Math.max(0, Number(ended) - claimedAt),
      queueDelayMs: Math.max(0, claimedAt - Math.max(Number(created), delayedTo, again)),
    };
  }
}
