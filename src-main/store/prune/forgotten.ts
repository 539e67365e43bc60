import type { AttemptId, RunId, TaskId } from '../../contract/ids.ts';
import type { Statements } from '../connection.ts';

/** A run or a standing task with everything that belongs to it; it is forgotten as a whole. */
export interface Owner {
  readonly noun: 'run' | 'task';
  readonly id: string;
}

/** What a step has removed. */
export interface Removed {
  runs: number;
  tasks: number;
  events: number;
  /** Attempts whose logs nobody will ask for any more. */
  attemptIds: AttemptId[];
  /** Runs and standing tasks whose workspaces nobody will ask for any more. */
  ownerIds: (RunId | TaskId)[];
}

export function nothingRemoved(): Removed {
  return { runs: 0, tasks: 0, events: 0, attemptIds: [], ownerIds: [] };
}

const changeSql =
  'INSERT INTO counters (scope, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = value + excluded.value';
const valueSql = 'SELECT value FROM counters WHERE scope = ? AND key = ?';
const raiseSql =
  'INSERT INTO counters (scope, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = max(value, excluded.value)';
const dropSql = 'DELETE FROM counters WHERE scope = ? AND key = ?';
const markedSql = 'SELECT scope, key FROM counters WHERE scope = ? OR scope = ?';

const markOf = { run: 'forgettingRuns', task: 'forgettingTasks' } as const;

/** Changes a counter of rows that were removed. */
export function subtract(statements: Statements, scope: string, key: string, count: number): void {
  statements.run(changeSql, scope, key, -count);
}

/**
 * Counts removed events, and keeps the highest number that was ever given: a number is never given twice, also when
 * the newest event of all was removed.
 */
export function countRemovedEvents(statements: Statements, count: number, highest: number): void {
  if (count === 0) return;
  statements.run(changeSql, 'events', 'pruned', count);
  statements.run(raiseSql, 'events', 'last', highest);
}

/** How many events were ever removed. */
export function prunedEvents(statements: Statements): number {
  return statements.number(valueSql, 'events', 'pruned');
}

/** Says that an owner is being forgotten in several steps: until the last of them its events no longer give its rows. */
export function mark(statements: Statements, { noun, id }: Owner): void {
  statements.run(raiseSql, markOf[noun], id, 1);
}

/** The last step is done. */
export function unmark(statements: Statements, { noun, id }: Owner): void {
  statements.run(dropSql, markOf[noun], id);
}

export function isMarked(statements: Statements, { noun, id }: Owner): boolean {
  return statements.number(valueSql, markOf[noun], id) > 0;
}

/** Whether a row or an event belongs to what is being forgotten. */
export function isBeingForgotten(
  statements: Statements,
  of: { readonly runId?: string | null | undefined; readonly taskId?: string | null | undefined },
): boolean {
  const { runId, taskId } = of;
  if (runId != null) return isMarked(statements, { noun: 'run', id: runId });
  return taskId != null && isMarked(statements, { noun: 'task', id: taskId });
}

/** Owners of which an earlier step, perhaps of an earlier engine, has removed a part. */
export function markedOwners(statements: Statements): readonly Owner[] {
  return statements
    .rows(markedSql, markOf.run, markOf.task)
    .map(([scope, key]) => ({ noun: scope === markOf.run ? 'run' : 'task', id: String(key) }));
}

/** The time at which the newest attempt ended whose log was removed to save room, in ms; 0: none was. */
export function logsRemovedUpTo(statements: Statements): number {
  return statements.number(valueSql, 'logs', 'removedUpTo');
}

export function noteLogsRemoved(statements: Statements, endedAt: number): void {
  statements.run(raiseSql, 'logs', 'removedUpTo', endedAt);
}
