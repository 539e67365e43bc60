import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import type { RowKind } from '../../src-main/contract/evolve.ts';
import { breakerIdSchema } from '../../src-main/contract/ids.ts';
import type { Store, StoreReads } from '../../src-main/core/ports.ts';
import type { Connection } from '../../src-main/store/connection.ts';
import { diagnoseDatabase } from '../../src-main/store/diagnose/diagnose-database.ts';
import { Repairs } from '../../src-main/store/quarantine.ts';
import { repairRow } from '../../src-main/store/quarantine-repair.ts';
import { openEngineStore } from '../../src-main/store/safe-mode.ts';
import { scheduleRow, taskSpec } from '../support/samples.ts';
import { notYet, until } from '../support/until.ts';
import { expectSound, KeptMessages, openTestStore } from './open-test-store.ts';
import {
  addTask,
  agentRegistered,
  approvalRequested,
  at,
  attemptEnded,
  attemptStarted,
  claimFirst,
  claimOf,
  failure,
  permissionRequested,
  runCreated,
  sampleWorkflow,
  taskCompleted,
} from './sample-events.ts';

/** A closed store with rows of every kind, and the connection past it with which a test spoils them. */
async function filledFolder() {
  const { store, folder, file } = await openTestStore();
  await store.write((unit) => {
    unit.putWorkflow(sampleWorkflow);
    const run = runCreated();
    unit.record([agentRegistered(), agentRegistered('other'), run, approvalRequested(run.runId)]);
    addTask(unit, { runId: run.runId, stage: run.stages[0]?.name ?? null });
    for (let count = 0; count < 3; count += 1) addTask(unit);
    const done = claimFirst(unit);
    const live = claimFirst(unit);
    if (done === null || live === null) throw new Error('Nothing is ready.');
    unit.record([attemptStarted(claimOf(done)), attemptEnded(claimOf(done), 'completed'), taskCompleted(done)]);
    unit.record([attemptStarted(claimOf(live)), permissionRequested(live)]);
    const { id, definition } = scheduleRow();
    const moment = { at, actor: 'engine' } as const;
    const fired = {
      dueAt: at,
      outcome: 'skipped',
      runId: null,
      taskId: null,
      reason: 'paused',
      nextAt: at + 1,
    } as const;
    unit.record([
      { ...moment, kind: 'schedule.saved', scheduleId: id, definition, nextAt: at },
      { ...moment, kind: 'schedule.fired', scheduleId: id, ...fired },
      {
        ...moment,
        kind: 'breaker.failed',
        breakerId: breakerIdSchema.parse('agent:worker'),
        attemptId: live.id,
        failure,
        to: 'closed',
        retryAt: null,
      },
    ]);
  });
  await store.close();
  return { folder, file };
}

function openPast(file: string) {
  const connection = new Database(file);
  connection.pragma('foreign_keys = OFF');
  return connection;
}

/** All rows as the store's tables have them. */
function allRows(file: string): Record<string, unknown[]> {
  const connection = openPast(file);
  const tables = ['runs', 'run_inputs', 'stages', 'tasks', 'task_specs', 'attempts', 'agents', 'approvals'];
  const further = ['permissions', 'breakers', 'schedules', 'firings', 'counters', 'ready_tasks'];
  const rows = [...tables, ...further].map((table) => [table, connection.prepare(`SELECT * FROM ${table}`).all()]);
  connection.close();
  return Object.fromEntries(rows);
}

async function openEngine(folder: string, log = new KeptMessages()): Promise<Store> {
  const opened = await openEngineStore({
    folder,
    logger: log,
    now: () => at,
    mode: 'work',
    unclean: false,
    lookAfterMs: 1e9,
  });
  if (!opened.ok) throw new Error(opened.error.message);
  onTestFinished(() => opened.value.close());
  return opened.value;
}

/** Every list that an engine or a window asks for. */
function listAll(reads: StoreReads) {
  const page = { limit: 100 };
  return {
    agents: reads.agents(),
    runs: reads.openRuns(),
    pageOfRuns: reads.listRuns(page).runs,
    tasks: reads.listTasks(page).tasks,
    whole: reads.listTasks(page).tasks.flatMap(({ id }) => reads.row('task', id) ?? []),
    attempts: reads.listTasks(page).tasks.flatMap(({ id }) => reads.attemptsOf(id)),
    live: reads.liveAttempts(),
    ofRuns: reads.listRuns(page).runs.flatMap(({ id }) => reads.tasksOfRun(id)),
    approvals: [...reads.openApprovals(), ...reads.listApprovals(page).approvals],
    permissions: [...reads.openPermissions(), ...reads.listPermissions(page).permissions],
    breakers: reads.breakers(),
    schedules: reads.schedules(),
    firings: reads.firingsOf(scheduleRow().id, at + 1, 10),
  };
}

const noJson = '{"cut off';
/** What cannot be read of a row, wherever the table lets it be written. */
const spoilt: readonly (readonly [table: string, column: string, garbage: string])[] = [
  ['runs', 'rerun_of', noJson],
  ['runs', 'failure', noJson],
  ['runs', 'failure', '7'],
  ['runs', 'trace_id', 'x'],
  ['run_inputs', 'inputs', noJson],
  ['run_inputs', 'inputs', '7'],
  ['stages', 'needs', noJson],
  ['stages', 'gates', '{}'],
  ['stages', 'outputs', noJson],
  ['tasks', 'failure', noJson],
  ['tasks', 'outputs', noJson],
  ['task_specs', 'spec', noJson],
  ['attempts', 'gates', noJson],
  ['attempts', 'exit', noJson],
  ['attempts', 'process', noJson],
  ['agents', 'definition', noJson],
  ['agents', 'processes', '[7]'],
  ['approvals', 'on_timeout', 'perhaps'],
  ['approvals', 'run_id', 'no run'],
  ['permissions', 'options', noJson],
  ['permissions', 'task_id', 'no task'],
  ['breakers', 'last_failure', noJson],
  ['schedules', 'definition', '{}'],
  ['schedules', 'waiting', noJson],
  ['firings', 'outcome', 'nobody knows'],
];

it('R75 makes any row that cannot be read anew of its events, and lists everything else meanwhile', async () => {
  const { folder, file } = await filledFolder();
  const before = allRows(file);
  const first = await openEngine(folder);
  const listed = listAll(first.reads);
  await first.close();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...spoilt), fc.nat(100), async ([table, column, garbage], choice) => {
      const connection = openPast(file);
      const keys = connection
        .prepare(`SELECT ${keyOf(table)} FROM ${table}`)
        .pluck()
        .all();
      expect(keys).not.toEqual([]);
      connection
        .prepare(`UPDATE ${table} SET ${column} = ? WHERE ${keyOf(table)} = ?`)
        .run(garbage, keys[choice % keys.length]);
      connection.close();

      const store = await openEngine(folder);
      const seen = listAll(store.reads);
      for (const [name, rows] of Object.entries(listed)) {
        expect(seen[name as keyof typeof seen].length).toBeGreaterThanOrEqual(rows.length - 2);
      }
      await until('the repair', () =>
        JSON.stringify(allRows(file)) === JSON.stringify(before) ? true : notYet([table, column]),
      );
      expect(listAll(store.reads)).toEqual(listed);
      await store.close();
      expect(allRows(file)).toEqual(before);
    }),
    { numRuns: 30, examples: spoilt.map((one) => [one, 1]) },
  );
  expectSound(file);
}, 120_000);

function keyOf(table: string): string {
  if (table === 'stages' || table === 'run_inputs') return 'run_id';
  return table === 'task_specs' ? 'task_id' : 'id';
}

it('R75 goes on in a unit of work on a row that cannot be read: it sees what its events give', async () => {
  const { store, file, log } = await openTestStore();
  const { taskId } = await store.write((unit) => addTask(unit));
  const connection = openPast(file);
  connection.prepare('UPDATE task_specs SET spec = ?').run(noJson);
  connection.close();
  const change = { kind: 'task.priorityChanged', at, actor: 'person', taskId, runId: null } as const;
  await store.write((unit) => unit.record([{ ...change, priority: 'high' }]));
  expect(store.reads.row('task', taskId)).toMatchObject({ priority: 'high', spec: taskSpec() });
  await until('the repair', () => (log.warnings.length > 0 ? true : notYet(log.errors)));
  expect(log.warnings).toEqual(['A row could not be read, and was made anew of its events.']);
  await store.close();
  expectSound(file);
});

it('R75 repairs what a look through all rows in the query thread leaves out', async () => {
  const { store, file } = await openTestStore();
  await store.write((unit) => {
    addTask(unit);
    addTask(unit);
  });
  const connection = openPast(file);
  connection.prepare('UPDATE tasks SET failure = ? WHERE id = (SELECT min(id) FROM tasks)').run(noJson);
  connection.close();
  const query = { limit: 10, count: false, search: 'e', now: at } as Parameters<Store['views']['listTasks']>[0];
  const seen = await store.views.listTasks(query);
  expect(seen.ok && seen.value.tasks.length).toBeGreaterThanOrEqual(1);
  await until('the repair', async () => {
    const all = await store.views.listTasks(query);
    return all.ok && all.value.tasks.length === 2 ? true : notYet(all);
  });
});

/** Spoils a row and the event that created it. */
function spoilWithEvents(file: string, rowSql: string, eventSql: string): void {
  const connection = openPast(file);
  connection.prepare(rowSql).run(noJson);
  connection.prepare(`UPDATE events SET data = ? WHERE ${eventSql}`).run(noJson);
  connection.close();
}

it.each<[RowKind, string, string, Record<string, number>]>([
  ['agent', "UPDATE agents SET definition = ? WHERE id = 'other'", "agent_id = 'other'", { agents: 1 }],
  ['schedule', 'UPDATE schedules SET definition = ?', "kind = 'schedule.saved'", { schedules: 1 }],
  ['run', 'UPDATE run_inputs SET inputs = ?', "kind = 'run.created'", { runs: 1, approvals: 1, tasks: 1, stages: 2 }],
  [
    'attempt',
    "UPDATE attempts SET gates = ? WHERE state = 'running'",
    "kind = 'attempt.started' AND attempt_id = (SELECT id FROM attempts WHERE state = 'running')",
    { attempts: 1, tasks: 1, permissions: 1 },
  ],
])(
  'R75 sets a %s aside, with what belongs to it, when its events cannot be read either',
  async (kind, rowSql, eventSql, moved) => {
    const { folder, file } = await filledFolder();
    const before = allRows(file);
    spoilWithEvents(file, rowSql, eventSql);
    const log = new KeptMessages();
    const store = await openEngine(folder, log);
    const [event] = store.reads.listEvents({ afterSeq: 0, limit: 1, order: 'newest' }).events;
    expect(event).toMatchObject({ kind: 'row.quarantined', row: kind });
    expect(log.errors).toEqual(['A row and its events could not be read; it was set aside.']);
    await store.close();
    const after = allRows(file);
    const connection = openPast(file);
    for (const [table, count] of Object.entries(moved)) {
      expect(before[table]?.length).toBe((after[table]?.length ?? 0) + count);
      const kept = connection.prepare('SELECT row FROM quarantined_rows WHERE table_name = ?').pluck().all(table);
      expect(kept.map((row) => typeof JSON.parse(String(row)))).toEqual(Array.from({ length: count }, () => 'object'));
    }
    expect(connection.pragma('foreign_key_check')).toEqual([]);
    const live = connection.prepare("SELECT count(*) FROM tasks WHERE state IN ('claimed', 'running')").pluck().get();
    expect(
      connection.prepare("SELECT coalesce(sum(value), 0) FROM counters WHERE scope = 'leases'").pluck().get(),
    ).toBe(live);
    expectOnlySetAside(connection, Object.keys(moved));
    connection.close();
    const again = await openEngine(folder);
    expect(again.reads.lastSeq()).toBe(event?.seq);
  },
);

/** The doctor names what was set aside, with a way out, and finds nothing else. */
function expectOnlySetAside(connection: Connection, tables: readonly string[]): void {
  const found = diagnoseDatabase(connection).filter(({ status }) => status !== 'ok');
  expect(found).toEqual([
    {
      check: 'rows set aside',
      status: 'warning',
      detail: expect.stringContaining('could be read, and they were set aside: '),
      remedy: expect.stringMatching(/signalbox export.*signalbox restore FILE/),
    },
  ]);
  for (const table of tables) expect(found[0]?.detail).toContain(` of ${table} (`);
}

const kindOf: Readonly<Record<string, RowKind>> = {
  runs: 'run',
  run_inputs: 'run',
  stages: 'run',
  tasks: 'task',
  task_specs: 'task',
  attempts: 'attempt',
  agents: 'agent',
  approvals: 'approval',
  permissions: 'permission',
  breakers: 'breaker',
  schedules: 'schedule',
  firings: 'firing',
};

it.each(spoilt)('R75 writes what its events give over a spoilt %s.%s', async (table, column, garbage) => {
  const { file } = await filledFolder();
  const before = allRows(file);
  const connection = openPast(file);
  const key = connection
    .prepare(`SELECT min(${keyOf(table)}) FROM ${table}`)
    .pluck()
    .get() as string;
  connection.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${keyOf(table)} = ?`).run(garbage, key);
  const ref = { kind: kindOf[table] ?? 'run', id: key };
  expect(repairRow(connection, ref, at)).toEqual({ ...ref, outcome: 'rebuilt' });
  connection.close();
  expect(allRows(file)).toEqual(before);
});

it.each<[RowKind, string, string]>([
  ['approval', 'UPDATE approvals SET on_timeout = ?', "kind = 'approval.requested'"],
  ['permission', 'UPDATE permissions SET options = ?', "kind = 'permission.requested'"],
  [
    'task',
    'UPDATE task_specs SET spec = ? WHERE task_id = (SELECT max(task_id) FROM task_specs)',
    "kind = 'task.created' AND task_id = (SELECT max(task_id) FROM task_specs)",
  ],
  ['breaker', 'UPDATE breakers SET last_failure = ?', "kind = 'breaker.failed'"],
])('R75 sets a %s aside without leaving what refers to it', async (kind, rowSql, eventSql) => {
  const { file } = await filledFolder();
  spoilWithEvents(file, rowSql, eventSql);
  const connection = openPast(file);
  const id = connection.prepare(`SELECT max(id) FROM ${kind}s`).pluck().get() as string;
  expect(repairRow(connection, { kind, id }, at)).toMatchObject({ outcome: 'quarantined', reason: expect.any(String) });
  expect(connection.pragma('foreign_key_check')).toEqual([]);
  expectOnlySetAside(connection, [`${kind}s`]);
  connection.close();
});

it('leaves a row alone that can be read', async () => {
  const { file } = await filledFolder();
  const connection = openPast(file);
  expect(repairRow(connection, { kind: 'agent', id: 'worker' }, at)).toMatchObject({ outcome: 'sound' });
  expect(repairRow(connection, { kind: 'agent', id: 'nobody' }, at)).toMatchObject({ outcome: 'sound' });
  connection.close();
});

it('gives up on a row whose thread dies again and again, and says so each time', async () => {
  const log = new KeptMessages();
  const entry = new URL('../fixtures/store/dying-worker.ts', import.meta.url);
  const write = () => Promise.reject(new Error('not asked'));
  const repairs = new Repairs({ file: '/none', logger: log, now: () => at, write, entry });
  for (let count = 0; count < 5; count += 1) {
    repairs.found({ kind: 'run', id: 'run_1' });
    repairs.found({ kind: 'run', id: 'run_1' });
    await repairs.settled();
  }
  expect(log.errors).toEqual(Array.from({ length: 3 }, () => 'Rows that cannot be read could not be repaired.'));
  await repairs.close();
  repairs.found({ kind: 'run', id: 'run_2' });
  await repairs.settled();
  expect(log.errors).toHaveLength(3);
});
