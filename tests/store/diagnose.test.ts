import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../src-main/core/ports.ts';
import { backupFolder } from '../../src-main/store/data-files.ts';
import { diagnoseDatabase } from '../../src-main/store/diagnose/diagnose-database.ts';
import { firstDifference } from '../../src-main/store/diagnose/first-difference.ts';
import { runDiagnosis } from '../../src-main/store/diagnose/run-diagnosis.ts';
import { taskSpec } from '../support/samples.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { connectTo, openTestStore } from './open-test-store.ts';
import {
  addTask,
  agentRegistered,
  approvalRequested,
  at,
  attemptEnded,
  attemptStarted,
  claimFirst,
  claimOf,
  runCreated,
  sampleWorkflow,
  taskCompleted,
} from './sample-events.ts';

/** A store with rows of every kind: three tasks that wait, one live, one completed, a run with an open approval. */
async function openFilledStore() {
  const opened = await openTestStore();
  await opened.store.write((unit) => {
    unit.putWorkflow(sampleWorkflow);
    const run = runCreated();
    unit.record([agentRegistered(), run, approvalRequested(run.runId)]);
    unit.record([{ kind: 'engine.frozen', at, actor: 'person', reason: 'lunch' }]);
    const { taskId } = addTask(unit);
    addTask(unit);
    const done = claimFirst(unit);
    if (done === null || claimFirst(unit) === null) throw new Error('Nothing is ready.');
    unit.record([attemptStarted(claimOf(done)), attemptEnded(claimOf(done), 'completed'), taskCompleted(done)]);
    addTask(unit, { availableAt: at + 5 });
    addTask(unit, { spec: taskSpec({ needs: [taskId] }) });
    addTask(unit, { held: true });
  });
  return opened;
}

const statuses = async (store: Store) =>
  Object.fromEntries((await store.diagnose()).map(({ check, status }) => [check, status]));

it('finds a store in order, off the main thread', async () => {
  const { store } = await openFilledStore();
  const findings = await store.diagnose();
  expect(findings.map(({ check, status, detail }) => [check, status, detail])).toEqual([
    ['database file', 'ok', 'The file is sound.'],
    ['references between rows', 'ok', 'Every reference leads to a row.'],
    ['numbers of events', 'ok', '14 events are numbered without a gap.'],
    ['events', 'ok', '14 events fit the contract, and the agents follow from them.'],
    ['runs, stages and approvals', 'ok', '1 runs and 1 approvals are what their events give.'],
    ['tasks and attempts', 'ok', '5 tasks with their attempts are what their events give.'],
    ['permissions', 'ok', '0 permissions are what their events give.'],
    ['queue', 'ok', '2 tasks wait, each in one place.'],
    ['leases', 'ok', '1 live tasks hold a lease each.'],
    ['counters', 'ok', 'The counters agree with the rows.'],
    ['rows set aside', 'ok', 'No row was set aside.'],
  ]);
  expect(findings.every(({ remedy }) => remedy === null)).toBe(true);
});

it('finds an empty store in order', async () => {
  const { store } = await openTestStore();
  expect(new Set(Object.values(await statuses(store)))).toEqual(new Set(['ok']));
});

it('finds an id that its table says otherwise than the index through which it is read', async () => {
  const { store, file } = await openTestStore();
  const run = runCreated();
  await store.write((unit) => {
    unit.putWorkflow(sampleWorkflow);
    unit.record([run]);
  });
  await store.close();
  const id = Buffer.from(run.runId);
  const other = Buffer.from(`${run.runId.slice(0, -1)}Z`);
  const bytes = readFileSync(file);
  const unseen: number[] = [];
  let places = 0;
  for (let place = bytes.indexOf(id); place !== -1; place = bytes.indexOf(id, place + 1)) {
    other.copy(bytes, place);
    writeFileSync(file, bytes);
    const connection = connectTo(file, { readonly: true });
    if (diagnoseDatabase(connection).every(({ status }) => status === 'ok')) unseen.push(place);
    connection.close();
    id.copy(bytes, place);
    places += 1;
  }
  expect(places).toBeGreaterThan(4);
  expect(unseen).toEqual([]);
});

it('finishes what it looks at before the store closes', async () => {
  const { store } = await openFilledStore();
  const looking = statuses(store);
  await store.close();
  expect(new Set(Object.values(await looking))).toEqual(new Set(['ok']));
});

describe('names what something else has spoilt:', () => {
  it.each([
    [
      'events',
      "UPDATE events SET data = json_set(data, '$.reason', 7) WHERE kind = 'engine.frozen'",
      'is not valid: reason must be a text',
    ],
    ['events', 'DELETE FROM agents', 'The row of agent worker is missing.'],
    [
      'events',
      'UPDATE agents SET crashes_in_row = 3',
      'The row of agent worker differs from its events in crashesInRow.',
    ],
    [
      'events',
      "INSERT INTO agents SELECT 'ghost', json_set(definition, '$.id', 'ghost'), state, reason, version, processes, starts_on_demand, crashes_in_row, restarts, restart_at_ms, registered_at_ms, state_since_ms FROM agents",
      'The row of agent ghost follows from no event.',
    ],
    [
      'events',
      "UPDATE engine SET frozen_reason = 'dinner'",
      'The row of engine engine differs from its events in frozenReason.',
    ],
    ['events', 'DELETE FROM approvals', /created approval approval_\w+, which has no row/],
    ['numbers of events', 'DELETE FROM events WHERE seq = 4', '13 events have the numbers 1 to 14.'],
    [
      'references between rows',
      'DELETE FROM task_specs; DELETE FROM task_needs; DELETE FROM tasks',
      'A row of attempts refers to a row of tasks that does not exist.',
    ],
    [
      'runs, stages and approvals',
      "UPDATE stages SET state = 'running' WHERE name = 'build'",
      /differs from its events in stages\.0\.state/,
    ],
    [
      'runs, stages and approvals',
      "UPDATE approvals SET question = 'Sure?'",
      /The row of approval approval_\w+ differs from its events in question/,
    ],
    [
      'runs, stages and approvals',
      "INSERT INTO approvals SELECT id || 'x', run_id, stage, question, state, on_timeout, expires_at_ms, requested_at_ms, answered_at_ms, comment FROM approvals",
      /The row of approval approval_\w+x follows from no event/,
    ],
    [
      'runs, stages and approvals',
      'DELETE FROM events WHERE run_id IS NOT NULL',
      /The row of run run_\w+ follows from no event/,
    ],
    [
      'tasks and attempts',
      "UPDATE tasks SET failures = 2 WHERE state = 'completed'",
      /The row of task task_\w+ differs from its events in failures/,
    ],
    [
      'tasks and attempts',
      'UPDATE attempts SET activities = 9',
      /The row of attempt attempt_\w+ differs from its events in activities/,
    ],
    [
      'tasks and attempts',
      "DELETE FROM events WHERE kind = 'task.created'",
      /The row of task task_\w+ follows from no event/,
    ],
    [
      'tasks and attempts',
      "INSERT INTO attempts (id, task_id, number, agent_id, fence, state, claimed_at_ms, activities, gates) SELECT id || 'x', task_id, 9, agent_id, fence, state, claimed_at_ms, activities, gates FROM attempts LIMIT 1",
      /has 2 attempts; its events give 1/,
    ],
    [
      'tasks and attempts',
      'DELETE FROM task_needs',
      /The stored needs of task task_\w+ are not those of its specification/,
    ],
    [
      'tasks and attempts',
      'UPDATE ready_tasks SET position = position + 1',
      /waits in 0 lanes and 0 times among the delayed tasks/,
    ],
    [
      'tasks and attempts',
      "INSERT INTO ready_tasks SELECT 'worker//', t.priority, t.position, t.id FROM tasks t JOIN delayed_tasks d ON d.task_id = t.id",
      /waits in 1 lanes and 1 times/,
    ],
    [
      'tasks and attempts',
      "UPDATE events SET data = json_set(data, '$.outputs', json('[1]')) WHERE kind = 'task.completed'; UPDATE tasks SET outputs = '[1]' WHERE state = 'completed'",
      /The row of task task_\w+ is not valid: outputs must be an object/,
    ],
    ['queue', 'DELETE FROM ready_tasks', '2 tasks wait, but the queue has 1 places.'],
    [
      'leases',
      'UPDATE attempts SET ended_at_ms = 9 WHERE ended_at_ms IS NULL',
      '1 tasks are live, and 0 of them hold a lease.',
    ],
    [
      'leases',
      'UPDATE attempts SET fence = 7 WHERE ended_at_ms IS NULL',
      '1 tasks are live, and 0 of them hold a lease.',
    ],
    [
      'leases',
      'UPDATE attempts SET lease_expires_at_ms = NULL WHERE ended_at_ms IS NULL',
      '1 tasks are live, and 0 of them hold a lease.',
    ],
    [
      'counters',
      "UPDATE counters SET value = 7 WHERE scope = 'leases'",
      'The counter of leases of agent worker is off by 6.',
    ],
    [
      'counters',
      "UPDATE counters SET value = 2 WHERE scope = 'permissions'",
      'The counter of open permissions says 2; there are 0.',
    ],
    [
      'counters',
      "UPDATE counters SET value = 7 WHERE scope = 'tasks' AND key = 'queued'",
      'The counter of queued tasks says 7; there are 3.',
    ],
    [
      'counters',
      "UPDATE counters SET value = 0 WHERE scope = 'attemptsCompleted'",
      'The counter of attemptsCompleted of agent worker is off by 1.',
    ],
    [
      'counters',
      "INSERT INTO counters VALUES ('attemptsFailed', 'worker', 2)",
      'The counter of attemptsFailed of agent worker is off by 2.',
    ],
  ])('%s, after %s', async (check, sql, detail) => {
    const { file } = await openFilledStore();
    const connection = connectTo(file);
    connection.pragma('foreign_keys = OFF');
    connection.exec(sql);
    const finding = diagnoseDatabase(connectTo(file, { readonly: true })).find((one) => one.check === check);
    expect(finding).toEqual({
      check,
      status: 'broken',
      detail: typeof detail === 'string' ? expect.stringContaining(detail) : expect.stringMatching(detail),
      remedy: `Stop Signalbox and keep a copy of ${file}. There is no older copy of it: move it away to start empty, or go on with what can still be read.`,
    });
  });

  it('a damaged file, and what cannot be read of it', async () => {
    const { file } = await openFilledStore();
    const connection = connectTo(file);
    connection.unsafeMode();
    connection.exec('DROP TABLE counters');
    connection.pragma('writable_schema = ON');
    connection.exec("UPDATE sqlite_schema SET rootpage = 3 WHERE name = 'approvals'");
    const findings = diagnoseDatabase(connectTo(file, { readonly: true }));
    const detailOf = (name: string) => findings.find(({ check }) => check === name)?.detail;
    expect(detailOf('database file')).toContain('The file is damaged: ');
    expect(detailOf('counters')).toBe('It could not be read: no such table: counters');
    expect(detailOf('events')).toContain('14 events fit the contract');
  });
});

it('names the newest copy as the way back', async () => {
  const { folder, file } = await openFilledStore();
  mkdirSync(backupFolder(folder));
  for (const name of ['signalbox-schema-1-2026-01.db', 'signalbox-schema-2-2026-02.db', 'notes.txt']) {
    writeFileSync(join(backupFolder(folder), name), '');
  }
  connectTo(file).exec("UPDATE counters SET value = 7 WHERE scope = 'tasks' AND key = 'queued'");
  const [counters] = diagnoseDatabase(connectTo(file, { readonly: true })).filter(({ status }) => status !== 'ok');
  expect(counters?.remedy).toBe(
    `Stop Signalbox and keep a copy of ${file}. Then put ${join(backupFolder(folder), 'signalbox-schema-2-2026-02.db')} in its place, or go on with what can still be read.`,
  );
});

it('says why it could not look', async () => {
  const file = join(temporaryFolder(), 'nothing-here.db');
  expect(await runDiagnosis(file)).toEqual([
    {
      check: 'database',
      status: 'broken',
      detail: 'The database could not be checked: unable to open database file.',
      remedy: `Check that ${file} exists and may be read, then run the check again.`,
    },
  ]);
  const silent = new URL('../fixtures/store/silent-worker.ts', import.meta.url);
  expect((await runDiagnosis(file, silent))[0]?.detail).toContain('its thread ended without a result');
});

it('names the first field in which two values differ', () => {
  expect(firstDifference({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] })).toBeNull();
  expect(firstDifference({ a: [1, { b: 2 }] }, { a: [1, { b: 3 }] })).toBe('a.1.b');
  expect(firstDifference({ a: [1] }, { a: { 0: 1 } })).toBe('a');
  expect(firstDifference({ a: 1 }, { a: 1, b: null })).toBe('b');
  expect(firstDifference({ a: undefined }, {})).toBeNull();
  expect(firstDifference(null, { a: 1 })).toBe('');
});
