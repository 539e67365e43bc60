import type { TaskId } from '../contract/ids.ts';
import { priorities } from '../contract/states.ts';
import type { Task } from '../contract/task.ts';
import type { ReadyHead } from '../core/ports.ts';
import { routeOf } from '../core/route.ts';
import type { SqlValue, Statements } from './connection.ts';
import { LotInsert } from './lot-insert.ts';

const insertReadySql = 'INSERT INTO ready_tasks (route, priority, position, task_id) VALUES (?, ?, ?, ?)';
const deleteReadySql = 'DELETE FROM ready_tasks WHERE route = ? AND priority = ? AND position = ? AND task_id = ?';
const insertDelayedSql = 'INSERT INTO delayed_tasks (available_at_ms, task_id, route) VALUES (?, ?, ?)';
const deleteDelayedSql = 'DELETE FROM delayed_tasks WHERE available_at_ms = ? AND task_id = ?';
const headsSql =
  'SELECT task_id, priority, position FROM ready_tasks WHERE route = (SELECT ?) ORDER BY priority, position, task_id LIMIT ? + 0';
const dueSql = `
SELECT d.available_at_ms, d.task_id, d.route, t.priority, t.position
FROM delayed_tasks d CROSS JOIN tasks t ON t.id = d.task_id
WHERE d.available_at_ms <= (SELECT ?) ORDER BY d.available_at_ms, d.task_id LIMIT ? + 0`;
const nextDelayedSql = 'SELECT min(available_at_ms) FROM delayed_tasks';
/** Jumps from route to route through the index instead of reading every waiting task. */
const routesSql = `
WITH RECURSIVE lane (route) AS (
  SELECT min(route) FROM ready_tasks
  UNION ALL
  SELECT (SELECT min(route) FROM ready_tasks WHERE route > lane.route) FROM lane WHERE lane.route IS NOT NULL
)
SELECT route FROM lane WHERE route IS NOT NULL`;

const ready = new LotInsert<Task>('ready_tasks', ['route', 'priority', 'position', 'task_id'], (values, task) => {
  values.push(...readyKey(task), task.id);
});

/** Puts new tasks where they wait. */
export function placeInLanes(statements: Statements, tasks: readonly Task[]): void {
  const waiting = tasks.filter(isWaiting);
  ready.run(
    statements,
    waiting.filter((task) => task.availableAt === 0),
  );
  for (const task of waiting) if (task.availableAt !== 0) enter(statements, task);
}

/** Whether a task waits to be claimed, at once or later. */
function isWaiting(task: Task): boolean {
  return task.state === 'queued' && !task.held;
}

/** Keeps the lanes in step with a task that changed: a waiting task is in exactly one place, any other in none. */
export function moveInLanes(statements: Statements, before: Task, after: Task): void {
  const waited = isWaiting(before);
  if (!isWaiting(after)) {
    if (waited) leave(statements, before);
    return;
  }
  if (!waited) {
    enter(statements, after);
    return;
  }
  if (before.availableAt !== after.availableAt) {
    leave(statements, before);
    enter(statements, after);
  } else if (
    (before.priority !== after.priority || before.position !== after.position) &&
    leaveReady(statements, before)
  ) {
    enterReady(statements, after);
  }
}

/** The places of delayed tasks whose time has come, for {@link readyTasks}. */
export function dueTasks(statements: Statements, now: number, limit: number): SqlValue[][] {
  return statements.rows(dueSql, now, limit);
}

/** Moves delayed tasks to their lanes. */
export function readyTasks(statements: Statements, due: readonly SqlValue[][]): void {
  for (const [availableAt = 0, taskId = '', route = '', priority = 0, position = 0] of due) {
    statements.run(deleteDelayedSql, availableAt, taskId);
    statements.run(insertReadySql, route, priority, position, taskId);
  }
}

/** Lanes that have a ready task. */
export function readyRoutes(statements: Statements): readonly string[] {
  return statements.rows(routesSql).map(([route]) => String(route));
}

/** The first ready tasks of a lane. */
export function readyHeads(statements: Statements, route: string, limit: number): readonly ReadyHead[] {
  return statements.rows(headsSql, route, limit).map(([taskId, priority, position]) => ({
    taskId: taskId as TaskId,
    priority: Number(priority),
    position: Number(position),
  }));
}

/** When the next delayed task becomes ready; null when none is delayed. */
export function nextDelayedAt(statements: Statements): number | null {
  const at = statements.row(nextDelayedSql)?.[0] ?? null;
  return at === null ? null : Number(at);
}

function enter(statements: Statements, task: Task): void {
  if (task.availableAt === 0) enterReady(statements, task);
  else statements.run(insertDelayedSql, task.availableAt, task.id, routeOf(task.spec.selector, task.spec.project));
}

function leave(statements: Statements, task: Task): void {
  const wasDelayed = task.availableAt !== 0 && statements.run(deleteDelayedSql, task.availableAt, task.id) > 0;
  if (!wasDelayed) leaveReady(statements, task);
}

function enterReady(statements: Statements, task: Task): void {
  statements.run(insertReadySql, ...readyKey(task), task.id);
}

function leaveReady(statements: Statements, task: Task): boolean {
  return statements.run(deleteReadySql, ...readyKey(task), task.id) > 0;
}

function readyKey(task: Task): [route: string, priority: number, position: number] {
  return [routeOf(task.spec.selector, task.spec.project), priorities.indexOf(task.priority), task.position];
}
