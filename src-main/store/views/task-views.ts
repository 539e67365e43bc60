import type { TaskFilter } from '../../contract/api-tasks.ts';
import type { Failure } from '../../contract/errors.ts';
import type { TaskId } from '../../contract/ids.ts';
import { ok } from '../../contract/result.ts';
import { taskStates } from '../../contract/states.ts';
import type { ViewAnswers } from '../../core/ports.ts';
import { decodeEach } from '../checked-row.ts';
import type { Statements } from '../connection.ts';
import { equal, taskColumns, taskSource } from '../list-pages.ts';
import type { Fragment, Selection } from '../read-page.ts';
import { decodeTaskSummary } from '../task-table.ts';
import { lastPlace, readOrdered } from './ordered-page.ts';
import { readQueue } from './queue-page.ts';
import { countSelected, ofPriorities } from './run-views.ts';
import { contains } from './search-text.ts';
import { selectIds } from './select-ids.ts';

const searched = ['t.id', 's.title', 's.agent_ref', 't.agent_id', "t.failure ->> 'message'"];
const deadSql = `
SELECT failure ->> 'category', count(*) FROM tasks
WHERE state = 'dead' AND state <> 'claimed' AND state <> 'running' AND failure IS NOT NULL
GROUP BY 1 ORDER BY 2 DESC, 1`;

/** Which tasks a filter means. */
function selectTasks(filter: TaskFilter): Selection {
  const demands: Fragment[] = [...equal('t.run_id', filter.runId), ...equal('t.agent_id', filter.agentId)];
  if (filter.priorities !== undefined) demands.push(ofPriorities('t.priority', filter.priorities));
  if (filter.category !== undefined) {
    demands.push({ sql: "t.failure ->> 'category' = ?", values: [filter.category] });
  }
  if (filter.search !== undefined) demands.push(contains(filter.search, searched));
  return { sourceOf: taskSource, states: filter.states, demands };
}

/**
 * The order of claiming: what is being worked at, what is ready, what is delayed by its time, what its run's pause holds,
 * what needs other tasks, what has ended; among equals by priority, then by position.
 */
function queueOrder(now: number): readonly Fragment[] {
  const place = `CASE
    WHEN t.state = 'claimed' OR t.state = 'running' THEN 0
    WHEN t.state = 'queued' AND t.held = 0 AND t.available_at_ms <= ? THEN 1
    WHEN t.state = 'queued' AND t.held = 0 THEN 2
    WHEN t.state = 'queued' THEN 3
    WHEN t.state = 'blocked' THEN 4
    ELSE 5 END`;
  return [
    { sql: place, values: [now] },
    { sql: 'CASE WHEN t.available_at_ms > ? THEN t.available_at_ms ELSE 0 END', values: [now] },
    { sql: 't.priority', values: [] },
    { sql: 't.position', values: [] },
  ];
}

/** Priorities descend from the most urgent one; rows without a time come last in either direction. */
function orderOf(by: string, ascending: boolean, now: number): readonly Fragment[] {
  if (by === 'queue') return queueOrder(now);
  const last = lastPlace(ascending);
  const orders: Readonly<Record<string, Fragment>> = {
    priority: { sql: '-t.priority', values: [] },
    started: { sql: `coalesce(t.started_at_ms, ${last})`, values: [] },
    ended: { sql: `coalesce(t.ended_at_ms, ${last})`, values: [] },
    duration: { sql: `coalesce(coalesce(t.ended_at_ms, ?) - t.started_at_ms, ${last})`, values: [now] },
    title: { sql: 's.title', values: [] },
    attempts: { sql: 't.attempts', values: [] },
  };
  const order = orders[by];
  return order === undefined ? [] : [order];
}

/** Tasks by any filter, in any order. */
export function viewTasks(
  statements: Statements,
  query: Parameters<ViewAnswers['listTasks']>[0],
): ReturnType<ViewAnswers['listTasks']> {
  const selection = selectTasks(query);
  const quick = readQueue(statements, query, selection);
  const page = quick ?? readOrdered(statements, query, { selection, columns: taskColumns, orderOf });
  if (!page.ok) return page;
  const { rows, next } = page.value;
  const total = query.count ? countSelected(statements, selection, 'tasks', taskStates) : null;
  return ok({ tasks: decodeEach(statements, 'task', rows, decodeTaskSummary), next, total });
}

/** Ids of the tasks that a filter means, oldest first. */
export function selectTaskIds(
  statements: Statements,
  { filter, ...page }: Parameters<ViewAnswers['selectTaskIds']>[0],
): ReturnType<ViewAnswers['selectTaskIds']> {
  const { ids, upTo } = selectIds(statements, { ...page, selection: selectTasks(filter), table: 'tasks', alias: 't' });
  return ok({ ids: ids as TaskId[], upTo });
}

/** Dead letters by the category of their failure, most first. */
export function countDeadLetters(statements: Statements): ReturnType<ViewAnswers['countDeadLetters']> {
  const categories = statements
    .rows(deadSql)
    .map(([category, count]) => ({ category: category as Failure['category'], count: Number(count) }));
  return ok({ categories });
}
