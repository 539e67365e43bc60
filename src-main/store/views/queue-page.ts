import type { ApiError } from '../../contract/errors.ts';
import type { Result } from '../../contract/result.ts';
import { ok } from '../../contract/result.ts';
import type { ViewAnswers } from '../../core/ports.ts';
import type { SqlValue, Statements } from '../connection.ts';
import { taskColumns, taskSource } from '../list-pages.ts';
import type { Selection } from '../read-page.ts';
import { readyRoutes } from '../ready-table.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

/** The place of ready tasks in the order of the queue, and the length of the whole key with the id. */
const readyPlace = 1;
const keyLength = 5;

const laneSql = `
SELECT priority, position, task_id FROM ready_tasks
WHERE route = (SELECT ?) AND (priority, position, task_id) > (?, ?, ?)
ORDER BY priority, position, task_id LIMIT ? + 0`;
const taskSql = `SELECT ${taskColumns} FROM ${taskSource(null).from} WHERE t.id = ?`;

type Place = readonly [priority: number, position: number, taskId: string];

/**
 * The page of the queue that a person mostly looks at: ready tasks without further demands. They are kept in the order
 * of claiming, so that the page costs the same however long the queue is.
 * @returns null when that does not answer it: another question, or a page that goes beyond the ready tasks.
 */
export function readQueue(
  statements: Statements,
  query: Parameters<ViewAnswers['listTasks']>[0],
  selection: Selection,
): Result<{ readonly rows: SqlValue[][]; readonly next: string | null }, ApiError> | null {
  const { sort, states, limit } = query;
  const onlyQueued = states?.length === 1 && states[0] === 'queued' && selection.demands.length === 0;
  if (!onlyQueued || sort?.by !== 'queue' || sort.direction !== 'ascending') return null;
  const cursor = { sort: 'queue ascending', now: query.now, length: keyLength };
  const start = decodeCursor(query.after, cursor);
  if (!start.ok) return start;
  const { now, after } = start.value;
  if (after !== undefined && after[0] !== readyPlace) return null;
  const places = nextPlaces(statements, after, limit + 1);
  if (places.length <= limit) return null;
  const rows = places.slice(0, limit).flatMap(([, , taskId]) => statements.rows(taskSql, taskId));
  const last = places[limit - 1] ?? [];
  return ok({ rows, next: encodeCursor(cursor.sort, now, [readyPlace, 0, ...last]) });
}

function nextPlaces(statements: Statements, after: readonly SqlValue[] | undefined, limit: number): Place[] {
  const [, , priority = -1, position = 0, taskId = ''] = after ?? [];
  return readyRoutes(statements)
    .flatMap((route) => statements.rows(laneSql, route, priority, position, taskId, limit))
    .map((row): Place => [Number(row[0]), Number(row[1]), String(row[2])])
    .sort(comparePlaces)
    .slice(0, limit);
}

function comparePlaces(one: Place, other: Place): number {
  return one[0] - other[0] || one[1] - other[1] || (one[2] < other[2] ? -1 : 1);
}
