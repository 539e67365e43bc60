import type { Metrics } from '../../contract/api-engine.ts';
import type { Failure } from '../../contract/errors.ts';
import type { AgentId } from '../../contract/ids.ts';
import { ok } from '../../contract/result.ts';
import type { ViewAnswers } from '../../core/ports.ts';
import type { Statements } from '../connection.ts';
import type { EndedAttempt } from './ended-attempts.ts';
import { endedAttempts } from './ended-attempts.ts';
import { p95Of, quantilesOf } from './quantiles.ts';

const typesSql = "SELECT id, definition ->> 'type' FROM agents";
const endedRunsSql =
  'SELECT state, started_at_ms, ended_at_ms FROM runs WHERE ended_at_ms >= ? AND ended_at_ms < ? ORDER BY ended_at_ms';
/** Approvals and permissions that a person answered; one that a rule, a time-out or an end answered had nobody waiting. */
const answeredSql = `
SELECT answered_at_ms - requested_at_ms FROM approvals
WHERE state IN ('approved', 'rejected') AND answered_at_ms >= ? AND answered_at_ms < ?
UNION ALL
SELECT answered_at_ms - requested_at_ms FROM permissions
WHERE state = 'answered' AND answered_by = 'person' AND answered_at_ms >= ? AND answered_at_ms < ?`;

/** Attempts of one kind: how long each took, and how many failed. */
class Times {
  readonly tookMs: number[] = [];
  failed = 0;

  add(attempt: EndedAttempt): void {
    this.tookMs.push(attempt.tookMs);
    if (attempt.failed) this.failed += 1;
  }

  summary() {
    return { ...quantilesOf(this.tookMs), failed: this.failed };
  }
}

interface Bucket {
  tasksCompleted: number;
  tasksFailed: number;
  runsCompleted: number;
  runsFailed: number;
  readonly queueDelays: number[];
  readonly tookMs: number[];
}

/** Times and counts of what ended in a span of time, computed from the rows. */
export function viewMetrics(
  statements: Statements,
  { from, to, buckets: wanted }: Parameters<ViewAnswers['getMetrics']>[0],
): ReturnType<ViewAnswers['getMetrics']> {
  const bucketMs = Math.ceil((to - from) / wanted);
  const buckets = Array.from({ length: Math.ceil((to - from) / bucketMs) }, (): Bucket => {
    return { tasksCompleted: 0, tasksFailed: 0, runsCompleted: 0, runsFailed: 0, queueDelays: [], tookMs: [] };
  });
  const bucketAt = (time: number) => buckets[Math.floor((time - from) / bucketMs)] as Bucket;
  const attempts = addAttempts(endedAttempts(statements, from, to), bucketAt, agentTypes(statements));
  const runMs: number[] = [];
  for (const [state, started, ended] of statements.each(endedRunsSql, from, to)) {
    if (state === 'completed') bucketAt(Number(ended)).runsCompleted += 1;
    if (state === 'failed') bucketAt(Number(ended)).runsFailed += 1;
    if (started !== null) runMs.push(Math.max(0, Number(ended) - Number(started)));
  }
  const waits = statements.rows(answeredSql, from, to, from, to).map(([ms]) => Math.max(0, Number(ms)));
  return ok({
    from,
    to,
    bucketMs,
    buckets: buckets.map(({ queueDelays, tookMs, ...counts }, index) => ({
      at: from + index * bucketMs,
      ...counts,
      queueDelayP95Ms: p95Of(queueDelays),
      durationP95Ms: p95Of(tookMs),
    })),
    ...attempts,
    runDuration: quantilesOf(runMs),
    waitingForPerson: quantilesOf(waits),
  });
}

/** Types of the agents there are. An agent that was removed is its own type: nothing tells what it was. */
function agentTypes(statements: Statements): ReadonlyMap<string, string> {
  return new Map(statements.rows(typesSql).map(([id, type]) => [String(id), String(type)]));
}

type OfAttempts = Pick<
  Metrics,
  'queueDelay' | 'taskDuration' | 'errorRate' | 'causes' | 'byStage' | 'byType' | 'byAgent'
>;

function addAttempts(
  attempts: Iterable<EndedAttempt>,
  bucketAt: (time: number) => Bucket,
  types: ReadonlyMap<string, string>,
): OfAttempts {
  const all = new Times();
  const queueDelays: number[] = [];
  const causes = new Map<Failure['category'], number>();
  const stages = new Map<string, Times & { readonly workflow: string; readonly stage: string }>();
  const byType = new Map<string, Times>();
  const byAgent = new Map<string, Times>();
  for (const attempt of attempts) {
    const bucket = bucketAt(attempt.endedAt);
    bucket.queueDelays.push(attempt.queueDelayMs);
    bucket.tookMs.push(attempt.tookMs);
    if (attempt.completed) bucket.tasksCompleted += 1;
    if (attempt.failed) bucket.tasksFailed += 1;
    if (attempt.failed && attempt.category !== null) {
      causes.set(attempt.category, (causes.get(attempt.category) ?? 0) + 1);
    }
    queueDelays.push(attempt.queueDelayMs);
    all.add(attempt);
    timesOf(byType, types.get(attempt.agentId) ?? attempt.agentId).add(attempt);
    timesOf(byAgent, attempt.agentId).add(attempt);
    const { workflow, stage } = attempt;
    if (workflow === null || stage === null) continue;
    const key = `${workflow}/${stage}`;
    const times = stages.get(key) ?? Object.assign(new Times(), { workflow, stage });
    stages.set(key, times);
    times.add(attempt);
  }
  return {
    queueDelay: quantilesOf(queueDelays),
    taskDuration: quantilesOf(all.tookMs),
    errorRate: all.tookMs.length === 0 ? null : all.failed / all.tookMs.length,
    causes: [...causes].map(([category, count]) => ({ category, count })).sort((a, b) => b.count - a.count),
    byStage: byKey(stages).map(([, times]) => ({ workflow: times.workflow, stage: times.stage, ...times.summary() })),
    byType: byKey(byType).map(([type, times]) => ({ type, ...times.summary() })),
    byAgent: byKey(byAgent).map(([agentId, times]) => ({ agentId: agentId as AgentId, ...times.summary() })),
  };
}

function timesOf(all: Map<string, Times>, key: string): Times {
  const times = all.get(key) ?? new Times();
  all.set(key, times);
  return times;
}

function byKey<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([one], [other]) => (one < other ? -1 : 1));
}
