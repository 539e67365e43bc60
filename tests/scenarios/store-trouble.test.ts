/** A database that cannot be written, on a real engine. The trouble is real too: the system refuses the writes. */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openOrchestrator } from '../../src-main/open-orchestrator.ts';
import { refuseWrites } from '../support/file-size-limit.ts';
import { journalCommand } from '../support/journal.ts';
import { commandTask, RealEngine } from '../support/real-engine.ts';

let engine: RealEngine;
let allow = () => {};

afterEach(async () => {
  allow();
  await engine.close();
});

test('R03 a submit that cannot be stored is rejected, nothing is started, and later everything works again', async () => {
  engine = await RealEngine.open();
  const first = await engine.runTask(commandTask(['/bin/true']));
  const eventsBefore = await engine.events();
  allow = refuseWrites();
  const work = commandTask(journalCommand(engine.dataFolder, 'must-not-run', 1));
  const refused = await engine.attempt('enqueueTasks', { tasks: [work] });
  expect(refused).toMatchObject({ ok: false, error: { type: 'storeFailed' } });
  const run = await engine.attempt('startRun', {
    workflow: 'app',
    inputs: { name: 'calculator-app', requirements: 'Add.' },
  });
  expect(run).toMatchObject({ ok: false, error: { type: 'storeFailed' } });
  // Reads go on.
  expect(await engine.events()).toEqual(eventsBefore);
  expect((await engine.call('getTask', { taskId: first.task.id })).task).toEqual(first.task);
  allow();
  allow = () => {};
  const after = await engine.runTask(commandTask(['/bin/true']));
  expect(after.task.state).toBe('completed');
  expect(existsSync(join(engine.dataFolder, 'must-not-run'))).toBe(false);
  const { tasks } = await engine.call('listTasks', {});
  expect(tasks.map(({ id }) => id).toSorted()).toEqual([first.task.id, after.task.id].toSorted());
  expect((await engine.call('listRuns', {})).runs).toEqual([]);
});

test('R75 a result that cannot be stored is kept, and stored as soon as that is possible', async () => {
  engine = await RealEngine.open();
  const [taskId] = await engine.enqueue(commandTask(journalCommand(engine.dataFolder, 'result', 700)));
  await engine.running(taskId as never);
  allow = refuseWrites();
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, 1_500);
  await promise;
  expect((await engine.call('getTask', { taskId: taskId as never })).task.state).toBe('running');
  allow();
  allow = () => {};
  const { task, attempts } = await engine.taskEnd(taskId as never);
  expect([task.state, attempts.length]).toEqual(['completed', 1]);
});

test('R75 a start in a folder that cannot be written is refused in words, and changes nothing', async () => {
  engine = await RealEngine.open();
  const dataFolder = join(engine.dataFolder, 'another');
  mkdirSync(dataFolder);
  allow = refuseWrites();
  const opened = await openOrchestrator({ dataFolder, mode: 'idle' });
  expect(opened).toMatchObject({
    ok: false,
    error: { kind: 'refused', error: { type: 'storeFailed', message: expect.stringContaining('cannot be written') } },
  });
  expect(readdirSync(dataFolder)).toEqual([]);
});
