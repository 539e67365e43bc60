import type { TaskId } from '../contract/ids.ts';
import type { Task, TaskSpec } from '../contract/task.ts';
import type { SqlValue, Statements } from './connection.ts';
import { LotInsert } from './lot-insert.ts';
import { RowTable } from './row-table.ts';

type TaskRow = Omit<Task, 'spec'>;

const table = new RowTable<TaskRow>({
  table: 'tasks',
  key: 'id',
  columns: {
    id: ['id', 'plain'],
    runId: ['run_id', 'plain'],
    stage: ['stage', 'plain'],
    state: ['state', 'plain'],
    priority: ['priority', 'priority'],
    position: ['position', 'plain'],
    availableAt: ['available_at_ms', 'plain'],
    held: ['held', 'flag'],
    traceId: ['trace_id', 'plain'],
    attempts: ['attempts', 'plain'],
    failures: ['failures', 'plain'],
    interruptions: ['interruptions', 'plain'],
    fence: ['fence', 'plain'],
    attemptId: ['attempt_id', 'plain'],
    agentId: ['agent_id', 'plain'],
    cancelRequestedAt: ['cancel_requested_at_ms', 'plain'],
    createdAt: ['created_at_ms', 'plain'],
    startedAt: ['started_at_ms', 'plain'],
    endedAt: ['ended_at_ms', 'plain'],
    failure: ['failure', 'json'],
    outputs: ['outputs', 'json'],
  },
});

const specs = new LotInsert<Task>('task_specs', ['task_id', 'title', 'agent_ref', 'spec'], (values, { id, spec }) => {
  values.push(id, spec.title, agentRefOf(spec), JSON.stringify(spec));
});
const insertNeedSql = 'INSERT OR IGNORE INTO task_needs (need_id, task_id) VALUES (?, ?)';
const specSql = '(SELECT s.spec FROM task_specs s WHERE s.task_id = t.id)';
const selectSql = `SELECT ${table.selection('t')}, ${specSql} FROM tasks t`;
const loadSql = `${selectSql} WHERE t.id = ?`;
const ofRunSql = `${selectSql} WHERE t.run_id = (SELECT ?) ORDER BY t.id`;
const dependantsSql =
  "SELECT n.task_id FROM task_needs n JOIN tasks t ON t.id = n.task_id WHERE n.need_id = (SELECT ?) AND t.state = 'blocked' ORDER BY n.task_id";

function decodeTask(columns: readonly SqlValue[]): Task {
  const row = table.decode(columns) as Task;
  row.spec = JSON.parse(String(columns[table.width])) as TaskSpec;
  return row;
}

/** What a task's list entry needs of it, without its specification and its outputs. */
export const taskSummarySelection = table.selection('t');

/** Decodes {@link taskSummarySelection} followed by title and agent reference. */
export function decodeTaskSummary(columns: readonly SqlValue[]) {
  const { outputs, ...row } = table.decode(columns);
  return { ...row, title: String(columns[table.width]), agentRef: String(columns[table.width + 1]) };
}

/** A task by its id; null when there is none. */
export function loadTask(statements: Statements, id: string): Task | null {
  const columns = statements.row(loadSql, id);
  return columns === undefined ? null : decodeTask(columns);
}

/** The tasks of a run in the order of their creation. */
export function tasksOfRun(statements: Statements, runId: string): readonly Task[] {
  return statements.rows(ofRunSql, runId).map(decodeTask);
}

/** Ids of the blocked tasks that need this one. */
export function dependantsOf(statements: Statements, needId: string): readonly TaskId[] {
  return statements.rows(dependantsSql, needId).map(([id]) => id as TaskId);
}

/** Stores new tasks with their specifications and what they need. */
export function insertTasks(statements: Statements, tasks: readonly Task[]): void {
  table.insertAll(statements, tasks);
  specs.run(statements, tasks);
  for (const { id, spec } of tasks) for (const need of spec.needs) statements.run(insertNeedSql, need, id);
}

/** Stores one new task, or writes what changed of one. */
export function saveTask(statements: Statements, before: Task | null, after: Task): void {
  if (before === null) insertTasks(statements, [after]);
  else updateTask(statements, before, after);
}

/** Writes what changed of a task. */
export function updateTask(statements: Statements, before: Task, after: Task): void {
  table.update(statements, before, after);
}

/** Which agents a task asks for, in one word for lists: an agent's id, or a type. */
function agentRefOf({ selector }: TaskSpec): string {
  return selector.id ?? selector.type ?? '';
}
