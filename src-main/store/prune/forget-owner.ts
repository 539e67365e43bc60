import type { AttemptId, RunId, TaskId } from '../../contract/ids.ts';
import type { RunState, TaskState } from '../../contract/states.ts';
import { isRunEnded, isTaskEnded } from '../../contract/states.ts';
import type { Statements } from '../connection.ts';
import type { Owner, Removed } from './forgotten.ts';
import { countRemovedEvents, isMarked, mark, subtract, unmark } from './forgotten.ts';

/**
 * What came of a step for one owner. `partly`: there is more of it to remove, in further steps. `open`: it has not
 * ended. `needed`: a task that is still there needs it, or one of its tasks.
 */
export type Outcome = 'done' | 'partly' | 'missing' | 'open' | 'needed';

const runSql = 'SELECT state FROM runs WHERE id = ?';
const taskSql = 'SELECT state, run_id FROM tasks WHERE id = ?';
const tasksOfRunSql = 'SELECT id, state FROM tasks WHERE run_id = ?';
const neededSql = 'SELECT count(*) FROM (SELECT 1 FROM task_needs WHERE need_id = ? LIMIT 1)';
const neededOfRunSql = `
SELECT count(*) FROM (
  SELECT 1 FROM tasks t CROSS JOIN task_needs n ON n.need_id = t.id CROSS JOIN tasks d ON d.id = n.task_id
  WHERE t.run_id = ? AND d.run_id IS NOT t.run_id LIMIT 1)`;
const liveOfRunSql = `
SELECT count(*) FROM (SELECT 1 FROM tasks t WHERE t.run_id = ? AND t.state IN ('claimed', 'running') LIMIT 1)`;

const needsOfSql = "SELECT n.value FROM task_specs s, json_each(s.spec, '$.needs') n WHERE s.task_id = ?";
const attemptsOfTaskSql = 'SELECT id, agent_id, state FROM attempts WHERE task_id = ? LIMIT ?';
const attemptsOfRunSql = `
SELECT a.id, a.agent_id, a.state FROM tasks t CROSS JOIN attempts a ON a.task_id = t.id WHERE t.run_id = ? LIMIT ?`;

/** What of an owner's events says which rows without an index of their own belong to it. */
const namedSql = `CASE kind WHEN 'permission.requested' THEN data ->> 'permissionId'
 WHEN 'approval.requested' THEN data ->> 'approvalId' END`;
const eventsSql = {
  run: `SELECT seq, kind, ${namedSql} FROM events WHERE run_id = ? AND kind <> 'schedule.fired' LIMIT ?`,
  task: `SELECT seq, kind, ${namedSql} FROM events WHERE task_id = ? AND kind <> 'schedule.fired' LIMIT ?`,
} as const;

/** A task has a row, a specification, and seldom needs. */
const rowsPerTask = 3;

const deleteEventSql = 'DELETE FROM events WHERE seq = ?';
const deleteNeedSql = 'DELETE FROM task_needs WHERE need_id = ? AND task_id = ?';

/**
 * Removes a run, or a task that stands alone, with its rows and its events; of a large one a part. The unit of work is
 * the caller's. What a schedule tells of it stays: it belongs to the schedule.
 * @param budget about how many rows and events one step may remove.
 * @param removed is added to.
 */
export function forgetOwner(statements: Statements, owner: Owner, budget: number, removed: Removed): Outcome {
  const fault = obstacle(statements, owner);
  if (fault !== null) return fault;
  const events = statements.rows(eventsSql[owner.noun], owner.id, budget + 1);
  const attempts = attemptsOf(statements, owner, budget + 1);
  const tasks = tasksOf(statements, owner);
  if (events.length + attempts.length + rowsPerTask * tasks.length > budget) {
    mark(statements, owner);
    removePart(statements, { events, attempts, tasks: owner.noun === 'run' ? tasks : [] }, budget, removed);
    return 'partly';
  }
  removeEvents(statements, events, removed);
  removeAttempts(statements, attempts, removed);
  for (const task of tasks) removeTask(statements, task);
  if (owner.noun === 'run') removeRun(statements, owner.id);
  if (isMarked(statements, owner)) unmark(statements, owner);
  removed[owner.noun === 'run' ? 'runs' : 'tasks'] += 1;
  removed.ownerIds.push(owner.id as RunId | TaskId);
  return 'done';
}

/** Events first, then attempts, then the tasks of a run, whose own row is the last to go. */
function removePart(
  statements: Statements,
  part: {
    readonly events: readonly Columns[];
    readonly attempts: readonly Columns[];
    readonly tasks: readonly TaskOf[];
  },
  budget: number,
  removed: Removed,
): void {
  const events = part.events.slice(0, budget);
  const attempts = part.attempts.slice(0, budget - events.length);
  removeEvents(statements, events, removed);
  removeAttempts(statements, attempts, removed);
  // A task is the last of its own rows.
  if (attempts.length < part.attempts.length) return;
  const room = Math.floor((budget - events.length - attempts.length) / rowsPerTask);
  for (const task of part.tasks.slice(0, room)) removeTask(statements, task);
}

/** The tasks that a standing task needed; they may be next. */
export function needsOf(statements: Statements, taskId: string): readonly string[] {
  return statements.rows(needsOfSql, taskId).map(([id]) => String(id));
}

/** Why an owner must stay; null when it need not. */
export function obstacle(statements: Statements, { noun, id }: Owner): 'missing' | 'open' | 'needed' | null {
  if (noun === 'task') {
    const task = statements.row(taskSql, id);
    // A stage's task goes with its run.
    if (task === undefined || task[1] !== null) return 'missing';
    if (!isTaskEnded(task[0] as TaskState)) return 'open';
    return statements.number(neededSql, id) > 0 ? 'needed' : null;
  }
  const run = statements.row(runSql, id);
  if (run === undefined) return 'missing';
  if (!isRunEnded(run[0] as RunState) || statements.number(liveOfRunSql, id) > 0) return 'open';
  return statements.number(neededOfRunSql, id) > 0 ? 'needed' : null;
}

type Columns = readonly (string | number | null)[];

interface TaskOf {
  readonly id: string;
  readonly state: string;
}

function attemptsOf(statements: Statements, { noun, id }: Owner, limit: number): readonly Columns[] {
  return statements.rows(noun === 'run' ? attemptsOfRunSql : attemptsOfTaskSql, id, limit);
}

function tasksOf(statements: Statements, { noun, id }: Owner): readonly TaskOf[] {
  if (noun === 'task') return [{ id, state: String(statements.row(taskSql, id)?.[0]) }];
  return statements.rows(tasksOfRunSql, id).map(([taskId, state]) => ({ id: String(taskId), state: String(state) }));
}

/** Removes events with the permissions and approvals that they brought about. */
function removeEvents(statements: Statements, events: readonly Columns[], removed: Removed): void {
  let highest = 0;
  for (const [seq, kind, named] of events) {
    if (kind === 'permission.requested') statements.run('DELETE FROM permissions WHERE id = ?', String(named));
    if (kind === 'approval.requested') statements.run('DELETE FROM approvals WHERE id = ?', String(named));
    statements.run(deleteEventSql, Number(seq));
    highest = Math.max(highest, Number(seq));
  }
  countRemovedEvents(statements, events.length, highest);
  removed.events += events.length;
}

function removeAttempts(statements: Statements, attempts: readonly Columns[], removed: Removed): void {
  const tallies = new Map<string, number>();
  for (const [id, agentId, state] of attempts) {
    statements.run('DELETE FROM attempts WHERE id = ?', String(id));
    removed.attemptIds.push(id as AttemptId);
    const scope = tallyOf(String(state));
    if (scope === null) continue;
    const key = `${scope} ${agentId}`;
    tallies.set(key, (tallies.get(key) ?? 0) + 1);
  }
  for (const [key, count] of tallies) {
    const [scope = '', agentId = ''] = key.split(' ');
    subtract(statements, scope, agentId, count);
  }
}

/** The counter that an attempt's end was counted in; null: in none. */
function tallyOf(state: string): 'attemptsCompleted' | 'attemptsFailed' | null {
  if (state === 'completed') return 'attemptsCompleted';
  return state === 'failed' || state === 'timed_out' ? 'attemptsFailed' : null;
}

function removeTask(statements: Statements, { id, state }: TaskOf): void {
  for (const need of needsOf(statements, id)) statements.run(deleteNeedSql, need, id);
  statements.run('DELETE FROM task_specs WHERE task_id = ?', id);
  statements.run('DELETE FROM tasks WHERE id = ?', id);
  subtract(statements, 'tasks', state, 1);
}

function removeRun(statements: Statements, id: string): void {
  const state = String(statements.row(runSql, id)?.[0]);
  statements.run('DELETE FROM stages WHERE run_id = ?', id);
  statements.run('DELETE FROM run_inputs WHERE run_id = ?', id);
  statements.run('DELETE FROM runs WHERE id = ?', id);
  subtract(statements, 'runs', state, 1);
}
