import { createHash } from 'node:crypto';
import type { Task } from '../contract/task.ts';

/**
 * The W3C trace context of an attempt: the trace id of its task, and a parent id derived from the attempt, so that
 * every try is a span of its own and the same everywhere (https://www.w3.org/TR/trace-context/).
 */
export function traceparent(task: Pick<Task, 'traceId'>, attemptId: string): string {
  const span = createHash('sha256').update(attemptId).digest('hex').slice(0, 16);
  return `00-${task.traceId}-${span}-01`;
}
