/** Agents that ask before they act: real processes, a real database, an engine that is killed in between. */
import Database from 'better-sqlite3';
import { afterEach, expect, test } from 'vitest';
import type { TaskId } from '../../src-main/contract/ids.ts';
import type { Permission } from '../../src-main/contract/permission.ts';
import { databaseFile } from '../../src-main/store/data-files.ts';
import { KillableEngine } from '../support/killable-engine.ts';
import { isAlive, processesOf } from '../support/process-census.ts';
import { makeDataFolder, RealEngine, testAgent, testTask } from '../support/real-engine.ts';
import { notYet, until } from '../support/until.ts';

const open: RealEngine[] = [];
const killable: KillableEngine[] = [];

async function openEngine(options: Parameters<typeof RealEngine.open>[0] = {}): Promise<RealEngine> {
  const engine = await RealEngine.open(options);
  open.push(engine);
  return engine;
}

afterEach(async () => {
  for (const engine of killable.splice(0)) await engine.kill();
  for (const engine of open.splice(0)) await engine.close();
});

/** Waits until so many questions are open, and gives them, oldest first. */
function questions(engine: RealEngine, count = 1): Promise<readonly Permission[]> {
  return until(
    `${count} questions to be open`,
    async () => {
      const { permissions } = await engine.call('listPermissions', { states: ['open'] });
      return permissions.length === count ? permissions.toReversed() : notYet(permissions);
    },
    20_000,
  );
}

/** The ids of open questions, read past the engine that works on the folder. */
function openIn(dataFolder: string): readonly string[] {
  const database = new Database(databaseFile(dataFolder), { readonly: true });
  try {
    return database.prepare<[], string>("SELECT id FROM permissions WHERE state = 'open'").pluck().all();
  } finally {
    database.close();
  }
}

const asker = testAgent('asker', { permissions: 'ask', slots: 2 });
const asks = (rest: object = {}) => testTask({ mode: 'ask', question: 'Delete it?', command: 'rm a', ...rest });

test('R17 R47 a question outlives an engine that is killed: it is asked again, answered once, and the work completes', async () => {
  const dataFolder = makeDataFolder();
  const before = await RealEngine.open({ dataFolder, mode: 'idle' });
  await before.call('saveAgent', asker);
  const [taskId] = await before.enqueue(asks());
  await before.park();
  const doomed = new KillableEngine(dataFolder);
  killable.push(doomed);
  await doomed.ready();
  const first = await until('the question', () => openIn(dataFolder)[0], 20_000);
  await doomed.kill();
  // It is answered by nobody: the agent that asked is gone.
  await before.reopen();
  const unheard = await before.attempt('answerPermission', { permissionId: first as never, optionId: 'yes' });
  expect(unheard).toMatchObject({ ok: false, error: { type: 'refused' } });
  await before.park();

  const engine = await openEngine({ dataFolder });
  const [again] = await questions(engine);
  expect(again).toMatchObject({ taskId, tool: 'execute', title: 'Delete it?', detail: 'rm a', state: 'open' });
  expect(again?.id).not.toBe(first);
  const answer = { permissionId: again?.id as never, optionId: 'yes', comment: 'looked at it' };
  const [one, two] = await Promise.all([
    engine.attempt('answerPermission', answer),
    engine.attempt('answerPermission', { ...answer, optionId: 'no' }),
  ]);
  expect([one.ok, two.ok]).toEqual([true, false]);
  const { task, attempts } = await engine.taskEnd(taskId as TaskId);
  expect(task).toMatchObject({ state: 'completed', outputs: { choice: 'allow_once' } });
  expect(attempts.map(({ state }) => state)).toEqual(['interrupted', 'completed']);
  const answered = await engine.eventsOf('permission.answered');
  expect(answered.map(({ state, by }) => [state, by])).toEqual([
    ['withdrawn', null],
    ['answered', 'person'],
  ]);
  const { findings } = await engine.call('runDoctor', {});
  expect(findings.filter(({ status }) => status === 'broken')).toEqual([]);
});

test('R47 an answer that holds always answers what waits, and what comes later, without asking', async () => {
  const engine = await openEngine();
  await engine.call('saveAgent', asker);
  const taskIds = await engine.enqueue(asks(), asks());
  const [one] = await questions(engine, 2);
  await engine.call('answerPermission', { permissionId: one?.id as never, optionId: 'never', always: true });
  const ended = await Promise.all(taskIds.map((taskId) => engine.taskEnd(taskId)));
  expect(ended.map(({ task }) => task.outputs?.choice).toSorted()).toEqual(['reject_always', 'reject_once']);
  const later = await engine.runTask(asks());
  expect(later.task.outputs).toMatchObject({ choice: 'reject_once' });
  const told = (await engine.events({ taskId: later.task.id })).filter((event) => event.kind === 'attempt.did');
  expect(JSON.stringify(told)).toContain('reject_once (Reject), by a rule');
  const other = await engine.enqueue(asks({ tool: 'edit' }));
  const [edit] = await questions(engine);
  expect(edit).toMatchObject({ taskId: other[0], tool: 'edit' });
});

test('R35 R47 work that waits for an answer can be cancelled: no question and no process is left', async () => {
  const engine = await openEngine();
  await engine.call('saveAgent', { ...asker, idleStopMs: 1 });
  const [taskId] = await engine.enqueue(asks({ count: 3 }));
  await questions(engine, 3);
  const { process } = await engine.running(taskId as TaskId);
  await engine.call('cancelTask', { taskId: taskId as TaskId, reason: 'no longer wanted' });
  const { task, attempts } = await engine.taskEnd(taskId as TaskId);
  expect(task.state).toBe('cancelled');
  expect(attempts[0]?.exit).toMatchObject({ stopReason: 'cancelled' });
  const { permissions } = await engine.call('listPermissions', {});
  expect(permissions.map(({ state }) => state)).toEqual(['withdrawn', 'withdrawn', 'withdrawn']);
  await until('the idle process to end', () => (isAlive(process.pid) ? undefined : true), 10_000);
  expect(processesOf(engine.dataFolder).map(({ pid }) => pid)).not.toContain(process.pid);
});

test('R47 a question that nobody answers in time is cancelled, which is no rejection', async () => {
  const engine = await openEngine({ settings: { permissions: { expireAfterMs: 300 } } });
  await engine.call('saveAgent', asker);
  const { task } = await engine.runTask(asks());
  expect(task).toMatchObject({ state: 'completed', outputs: { choice: 'cancelled' } });
  expect((await engine.call('listPermissions', {})).permissions).toMatchObject([{ state: 'expired', answer: null }]);
});
