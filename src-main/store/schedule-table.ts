import type { Firing, Schedule } from '../contract/schedule.ts';
import { firingSchema, scheduleSchema } from '../contract/schedule.ts';
import { decodeChecked } from './checked-row.ts';
import type { SqlValue, Statements } from './connection.ts';
import { RowTable } from './row-table.ts';

const table = new RowTable<Schedule>({
  table: 'schedules',
  key: 'id',
  columns: {
    id: ['id', 'plain'],
    definition: ['definition', 'json'],
    enabled: ['enabled', 'flag'],
    nextAt: ['next_at_ms', 'plain'],
    waiting: ['waiting', 'json'],
    lastRunId: ['last_run_id', 'plain'],
    lastTaskId: ['last_task_id', 'plain'],
    savedAt: ['saved_at_ms', 'plain'],
  },
});

const selectSql = `SELECT ${table.selection()} FROM schedules`;
const loadSql = `${selectSql} WHERE id = ?`;
const allSql = `${selectSql} ORDER BY id`;
const countSql = 'SELECT count(*) FROM schedules';
const deleteSql = 'DELETE FROM schedules WHERE id = ?';

function decodeSchedule(columns: readonly SqlValue[]): Schedule {
  return decodeChecked(scheduleSchema, `schedule ${columns[0]}`, table.decode(columns));
}

/** A schedule by its id; null when there is none. */
export function loadSchedule(statements: Statements, id: string): Schedule | null {
  const columns = statements.row(loadSql, id);
  return columns === undefined ? null : decodeSchedule(columns);
}

/** All schedules, by id. */
export function readSchedules(statements: Statements): readonly Schedule[] {
  return statements.rows(allSql).map(decodeSchedule);
}

/** How many schedules there are. */
export function countSchedules(statements: Statements): number {
  return statements.number(countSql);
}

/** Stores a new schedule, writes what changed of it, or removes it; what became of its times stays. */
export function saveSchedule(statements: Statements, before: Schedule | null, after: Schedule | null): void {
  if (after === null) {
    if (before !== null) statements.run(deleteSql, before.id);
  } else if (before === null) table.insert(statements, after);
  else table.update(statements, before, after);
}

const firingTable = new RowTable<Firing>({
  table: 'firings',
  key: 'id',
  columns: {
    id: ['id', 'plain'],
    scheduleId: ['schedule_id', 'plain'],
    dueAt: ['due_at_ms', 'plain'],
    at: ['at_ms', 'plain'],
    outcome: ['outcome', 'plain'],
    runId: ['run_id', 'plain'],
    taskId: ['task_id', 'plain'],
    reason: ['reason', 'plain'],
  },
});

const firingsSql = `SELECT ${firingTable.selection()} FROM firings`;
const loadFiringSql = `${firingsSql} WHERE id = ?`;
const firingsOfSql = `${firingsSql} WHERE schedule_id = ? AND due_at_ms < ? ORDER BY due_at_ms DESC LIMIT ?`;

function decodeFiring(columns: readonly SqlValue[]): Firing {
  return decodeChecked(firingSchema, `firing ${columns[0]}`, firingTable.decode(columns));
}

/** What became of a time at which a schedule was due; null when it was not due then. */
export function loadFiring(statements: Statements, id: string): Firing | null {
  const columns = statements.row(loadFiringSql, id);
  return columns === undefined ? null : decodeFiring(columns);
}

/** What became of a schedule's times before a moment, newest first. */
export function firingsOf(
  statements: Statements,
  scheduleId: string,
  before: number,
  limit: number,
): readonly Firing[] {
  return statements.rows(firingsOfSql, scheduleId, before, limit).map(decodeFiring);
}

/** Everything that became of any schedule's times, for whoever has time. */
export function readFirings(statements: Statements): readonly Firing[] {
  return statements.rows(firingsSql).map(decodeFiring);
}

/** Stores what became of a time, or what became of it after it had waited. */
export function saveFiring(statements: Statements, before: Firing | null, after: Firing): void {
  if (before === null) firingTable.insert(statements, after);
  else firingTable.update(statements, before, after);
}
