import type { RowKind, Rows } from '../contract/evolve.ts';
import { saveAgent } from './agent-table.ts';
import { saveApproval } from './approval-table.ts';
import { saveAttempt } from './attempt-table.ts';
import { saveBreaker } from './breaker-table.ts';
import { isUnreadable } from './checked-row.ts';
import type { Connection, SqlValue } from './connection.ts';
import { Statements } from './connection.ts';
import { saveEngine } from './engine-table.ts';
import { savePermission, savePermissionRule } from './permission-table.ts';
import { rebuildRow } from './quarantine-rebuild.ts';
import { saveRun } from './run-table.ts';
import { saveFiring, saveSchedule } from './schedule-table.ts';
import { readStored } from './store-reads.ts';
import { saveTask } from './task-table.ts';

/** A row that could not be read. */
export interface UnreadableRef {
  readonly kind: RowKind;
  readonly id: string;
}

/** What became of it. */
export type RepairOutcome = UnreadableRef &
  (
    | { readonly outcome: 'sound' | 'rebuilt' }
    /** Moved into `quarantined_rows`, with what belongs to it. */
    | { readonly outcome: 'quarantined'; readonly reason: string; readonly rows: number }
  );

/** A row of which every column differs from what is to be written. */
const nothing = {};

/** Writes every column of a row that is there. */
const overwrites: { readonly [K in RowKind]: (statements: Statements, row: Rows[K]) => void } = {
  run: (statements, row) => {
    saveRun(statements, { stages: row.stages.map(() => nothing) } as unknown as Rows['run'], row);
    statements.run('UPDATE run_inputs SET inputs = ? WHERE run_id = ?', JSON.stringify(row.inputs), row.id);
  },
  task: (statements, row) => {
    saveTask(statements, nothing as Rows['task'], row);
    const { spec } = row;
    statements.run(
      'UPDATE task_specs SET title = ?, spec = ? WHERE task_id = ?',
      spec.title,
      JSON.stringify(spec),
      row.id,
    );
  },
  attempt: (statements, row) => saveAttempt(statements, nothing as Rows['attempt'], row, 0),
  agent: (statements, row) => saveAgent(statements, nothing as Rows['agent'], row),
  approval: (statements, row) => saveApproval(statements, nothing as Rows['approval'], row),
  permission: (statements, row) => savePermission(statements, nothing as Rows['permission'], row),
  permissionRule: (statements, row) => savePermissionRule(statements, row, row),
  breaker: (statements, row) => saveBreaker(statements, nothing as Rows['breaker'], row),
  schedule: (statements, row) => saveSchedule(statements, nothing as Rows['schedule'], row),
  firing: (statements, row) => saveFiring(statements, nothing as Rows['firing'], row),
  engine: saveEngine,
};

/** Table and condition of every row that makes up a row of the contract; the parameter is its id. */
const storedAs: { readonly [K in RowKind]: readonly (readonly [table: string, where: string])[] } = {
  run: [
    ['runs', 'id = ?'],
    ['run_inputs', 'run_id = ?'],
    ['stages', 'run_id = ?'],
  ],
  task: [
    ['tasks', 'id = ?'],
    ['task_specs', 'task_id = ?'],
    ['task_needs', 'task_id = ?'],
  ],
  attempt: [['attempts', 'id = ?']],
  agent: [['agents', 'id = ?']],
  approval: [['approvals', 'id = ?']],
  permission: [['permissions', 'id = ?']],
  permissionRule: [['permission_rules', 'id = ?']],
  breaker: [['breakers', 'id = ?']],
  schedule: [['schedules', 'id = ?']],
  firing: [['firings', 'id = ?']],
  engine: [['engine', 'id = ?']],
};

/** What a task takes along when it is set aside. Its places in the queue follow from it. */
function tablesOfTasks(ids: string): readonly (readonly [table: string, where: string])[] {
  return [
    ['ready_tasks', `task_id IN (${ids})`],
    ['delayed_tasks', `task_id IN (${ids})`],
    ['permissions', `task_id IN (${ids})`],
    ['attempts', `task_id IN (${ids})`],
    ['task_needs', `task_id IN (${ids})`],
    ['task_specs', `task_id IN (${ids})`],
    ['tasks', `id IN (${ids})`],
  ];
}

/**
 * Repairs a row that could not be read: writes what its events give. Where they cannot be read either it is set aside
 * as text, together with what would be lost without it: a run with its tasks, a task with its attempts.
 * @param connection a writable one with `foreign_keys = OFF`: rows are replaced under those that refer to them.
 */
export function repairRow(connection: Connection, ref: UnreadableRef, now: number): RepairOutcome {
  const statements = new Statements(connection);
  return connection
    .transaction((): RepairOutcome => {
      const fault = faultOf(statements, ref);
      if (fault === null) return { ...ref, outcome: 'sound' };
      const row = rebuildRow(statements, ref.kind, ref.id, 'everywhere');
      if (row !== null) {
        (overwrites[ref.kind] as (statements: Statements, row: Rows[RowKind]) => void)(statements, row);
        return { ...ref, outcome: 'rebuilt' };
      }
      const rows = setAside(connection, statements, ref, { now, reason: fault });
      return { ...ref, outcome: 'quarantined', reason: fault, rows };
    })
    .immediate();
}

function faultOf(statements: Statements, { kind, id }: UnreadableRef): string | null {
  try {
    readStored(statements, kind, id);
    return null;
  } catch (error) {
    if (isUnreadable(error)) return error instanceof Error ? error.message : String(error);
    throw error;
  }
}

function setAside(
  connection: Connection,
  statements: Statements,
  ref: UnreadableRef,
  { now, reason }: { readonly now: number; readonly reason: string },
): number {
  let moved = 0;
  const { id, tables } = ownerOf(statements, ref);
  for (const [table, where] of tables) {
    const rows = connection.prepare(`SELECT * FROM ${table} WHERE ${where}`).all(id) as Record<string, SqlValue>[];
    for (const row of rows) {
      const rowId = String(row.id ?? row.task_id ?? row.run_id ?? '');
      statements.run(
        'INSERT INTO quarantined_rows VALUES (?, ?, ?, ?, ?)',
        table,
        rowId,
        now,
        reason,
        JSON.stringify(row),
      );
    }
    moved += statements.run(`DELETE FROM ${table} WHERE ${where}`, id);
  }
  recount(statements);
  return moved;
}

/** What is set aside with a row: everything of its run, or of its task when that stands alone, or nothing else. */
function ownerOf(statements: Statements, { kind, id }: UnreadableRef) {
  const refer = (noun: string, column: string) =>
    text(statements.row(`SELECT ${column} FROM ${noun}s WHERE id = ?`, id)?.[0]);
  let taskId = kind === 'task' ? id : null;
  if (kind === 'attempt' || kind === 'permission') taskId = refer(kind, 'task_id');
  let runId = kind === 'run' ? id : null;
  if (kind === 'approval') runId = refer(kind, 'run_id');
  if (taskId !== null) runId = text(statements.row('SELECT run_id FROM tasks WHERE id = ?', taskId)?.[0]);
  if (runId !== null) {
    const tasks = tablesOfTasks('SELECT id FROM tasks WHERE run_id = ?');
    return { id: runId, tables: [...tasks, ['approvals', 'run_id = ?'] as const, ...storedAs.run.toReversed()] };
  }
  return taskId === null ? { id, tables: storedAs[kind] } : { id: taskId, tables: tablesOfTasks('?') };
}

function text(value: SqlValue | undefined): string | null {
  return value === undefined || value === null ? null : String(value);
}

/** The counters are what counting gives; what was set aside does not count. */
function recount(statements: Statements): void {
  const tallies: readonly (readonly [scope: string, countSql: string])[] = [
    ...(['runs', 'tasks', 'agents'] as const).map((table) => [table, `state, count(*) FROM ${table}`] as const),
    ['permissions', "state, count(*) FROM permissions WHERE state = 'open'"],
    ['leases', "agent_id, count(*) FROM tasks WHERE state IN ('claimed', 'running')"],
    ['attemptsCompleted', "agent_id, count(*) FROM attempts WHERE state = 'completed'"],
    ['attemptsFailed', "agent_id, count(*) FROM attempts WHERE state IN ('failed', 'timed_out')"],
  ];
  for (const [scope, countSql] of tallies) {
    statements.run('DELETE FROM counters WHERE scope = ?', scope);
    statements.run(`INSERT INTO counters SELECT '${scope}', ${countSql} GROUP BY 2`);
  }
}
