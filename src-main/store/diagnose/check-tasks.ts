import type { RowKind } from '../../contract/evolve.ts';
import { invalidFields } from '../../contract/invalid-input.ts';
import { priorities } from '../../contract/states.ts';
import type { Task } from '../../contract/task.ts';
import { attemptSchema, taskSchema } from '../../contract/task.ts';
import { routeOf } from '../../core/route.ts';
import { loadAttempt } from '../attempt-table.ts';
import type { Statements } from '../connection.ts';
import { isBeingForgotten } from '../prune/forgotten.ts';
import { loadTask } from '../task-table.ts';
import type { Check } from './check.ts';
import { faulty, healthy } from './check.ts';
import { compareRows, eventsOf, foldRows } from './check-runs.ts';

const attemptsSql = 'SELECT count(*) FROM attempts WHERE task_id = ?';
const readySql = 'SELECT count(*) FROM ready_tasks WHERE route = ? AND priority = ? AND position = ? AND task_id = ?';
const delayedSql = 'SELECT count(*) FROM delayed_tasks WHERE available_at_ms = ? AND task_id = ? AND route = ?';
const needsSql = 'SELECT count(*) FROM task_needs WHERE task_id = ?';
const needSql = 'SELECT count(*) FROM task_needs WHERE task_id = ? AND need_id = ?';

/** Every task with its attempts is what its events give, and waits where it should. */
export const taskCheck: Check = {
  name: 'tasks and attempts',
  look: (reader) => {
    const { statements } = reader;
    const { fault, count } = reader.eachId('tasks', (id) => {
      const task = loadTask(statements, id);
      if (isBeingForgotten(statements, { runId: task?.runId, taskId: id })) return null;
      const folded = foldRows(eventsOf(statements, { taskId: id }), ['task', 'attempt']);
      const load = (kind: RowKind, rowId: string) =>
        kind === 'task' ? loadTask(statements, rowId) : loadAttempt(statements, rowId);
      return (
        compareRows(folded, { kind: 'task', id }, load) ??
        surplusAttempt(statements, id, folded.size - 1) ??
        invalidRow(load, [...folded.values()]) ??
        (task === null ? null : (misplaced(statements, task) ?? wrongNeeds(statements, task)))
      );
    });
    if (fault !== null) return faulty(fault);
    return healthy(`${count} tasks with their attempts are what their events give.`);
  },
};

function surplusAttempt(statements: Statements, taskId: string, folded: number): string | null {
  const stored = statements.number(attemptsSql, taskId);
  return stored === folded ? null : `Task ${taskId} has ${stored} attempts; its events give ${folded}.`;
}

/** Tasks and attempts are read without a check where speed counts; here they are checked. */
function invalidRow(
  load: (kind: RowKind, id: string) => unknown,
  rows: readonly { readonly kind: RowKind; readonly id: string }[],
): string | null {
  for (const { kind, id } of rows) {
    const parsed = (kind === 'task' ? taskSchema : attemptSchema).safeParse(load(kind, id));
    if (parsed.success) continue;
    const [first] = invalidFields(parsed.error);
    return `The row of ${kind} ${id} is not valid: ${first?.field ?? 'it'} ${first?.complaint}.`;
  }
  return null;
}

/** A waiting task is in its lane or, with a time in the future or not yet noticed, among the delayed; never in both. */
function misplaced(statements: Statements, task: Task): string | null {
  const route = routeOf(task.spec.selector, task.spec.project);
  const ready = statements.number(readySql, route, priorities.indexOf(task.priority), task.position, task.id);
  const delayed = statements.number(delayedSql, task.availableAt, task.id, route);
  const places = task.state === 'queued' && !task.held ? 1 : 0;
  if (ready + delayed === places && (delayed === 0 || task.availableAt > 0)) return null;
  return `Task ${task.id} (${task.state}) waits in ${ready} lanes and ${delayed} times among the delayed tasks.`;
}

function wrongNeeds(statements: Statements, task: Task): string | null {
  const needs = new Set(task.spec.needs);
  const known = [...needs].filter((need) => statements.number(needSql, task.id, need) === 1);
  if (known.length === needs.size && statements.number(needsSql, task.id) === needs.size) return null;
  return `The stored needs of task ${task.id} are not those of its specification.`;
}
