import { describe, expect, it } from 'vitest';
import type { TaskId } from '../../src-main/contract/ids.ts';
import { StoreFailure } from '../../src-main/core/ports.ts';
import { ids } from '../store/sample-events.ts';
import type { Engine } from '../support/engine.ts';
import { openEngine, sample } from '../support/engine.ts';
import { stageSpec } from '../support/samples.ts';

const reason = 'tidying up';
const work = { kind: 'prompt' as const, prompt: 'Do it.', config: {} };

/** Tasks that were cancelled before anything was done. */
async function endedTasks(engine: Engine, count: number, needs: readonly string[] = []): Promise<TaskId[]> {
  const task = { agent: { type: 'worker' }, work, needs: [...needs], delayMs: 3_600_000 };
  const { taskIds } = await engine.call('enqueueTasks', { tasks: Array.from({ length: count }, () => task) });
  return taskIds;
}

function cancel(engine: Engine, taskIds: TaskId[]) {
  return engine.call('changeTasks', { select: { taskIds }, action: { kind: 'cancel', reason } });
}

function remove(engine: Engine, taskIds: TaskId[]) {
  return engine.call('changeTasks', { select: { taskIds }, action: { kind: 'delete', reason } });
}

describe('deleting', () => {
  it('R75 removes tasks that have ended for good, with logs and folders, and says who deleted how many', async () => {
    const engine = await openEngine();
    const taskIds = await endedTasks(engine, 3);
    await cancel(engine, taskIds);
    for (const id of taskIds) engine.files.workspaces.set(id, 0);
    expect(await remove(engine, taskIds)).toEqual({ changed: 3, refused: 0, refusals: [] });
    expect(engine.events('history.pruned')).toMatchObject([
      { actor: 'person', before: null, reason, tasks: 3, runs: 0 },
    ]);
    expect(engine.files.workspaces.size).toBe(0);
    expect(await engine.attempt('getTask', { taskId: taskIds[0] as TaskId })).toMatchObject({
      error: { type: 'notFound' },
    });
    expect((await engine.call('getStatus', {})).tasks.cancelled).toBe(0);
    expect(await remove(engine, taskIds)).toMatchObject({ changed: 0, refused: 3 });
    expect(engine.events('history.pruned')).toHaveLength(1);
  });

  it('R75 removes runs that have ended, and refuses those that have not with what to do', async () => {
    const engine = await openEngine({ workflows: [sample(stageSpec('build'))] });
    const { id: ended } = await engine.call('startRun', { workflow: 'sample', inputs: {} });
    await (await engine.launch(0)).complete({});
    await engine.settle();
    const { id: open } = await engine.call('startRun', { workflow: 'sample', inputs: {} });
    const [stageTask] = engine.store.reads.tasksOfRun(ended);
    expect(await remove(engine, [stageTask?.id as TaskId])).toMatchObject({
      refusals: [{ error: { message: expect.stringContaining(`belongs to run ${ended}`) } }],
    });
    const answer = await engine.call('changeRuns', { select: { runIds: [ended, open] }, action: 'delete', reason });
    expect(answer).toMatchObject({ changed: 1, refused: 1 });
    expect(answer.refusals).toMatchObject([
      { runId: open, error: { message: expect.stringContaining('only what has ended') } },
    ]);
    expect(engine.store.reads.row('run', ended)).toBeNull();
    expect(engine.events('history.pruned')).toMatchObject([{ runs: 1, tasks: 0 }]);
    expect(engine.events('command.refused').at(-1)).toMatchObject({ command: 'changeRuns', runId: open });
  });

  it('refuses what another task needs, and what somebody else has just deleted', async () => {
    const engine = await openEngine();
    const [needed] = await endedTasks(engine, 1);
    const [dependant] = await endedTasks(engine, 1, [needed as TaskId]);
    await cancel(engine, [needed as TaskId]);
    expect(await remove(engine, [needed as TaskId])).toMatchObject({
      refusals: [{ error: { message: expect.stringContaining('another task needs it') } }],
    });
    await cancel(engine, [dependant as TaskId]);
    const both = await Promise.all([remove(engine, [dependant as TaskId]), remove(engine, [dependant as TaskId])]);
    expect(both.map(({ changed }) => changed).toSorted()).toEqual([0, 1]);
    expect(both.flatMap(({ refusals }) => refusals)).toMatchObject([{ error: { type: 'notFound' } }]);
  });

  it('of what has a long history takes several steps', async () => {
    const engine = await openEngine();
    const [taskId] = await endedTasks(engine, 1);
    for (let time = 0; time < 250; time += 1) {
      const priority = time % 2 === 0 ? 'high' : 'low';
      await engine.call('setTaskPriority', { taskId: taskId as TaskId, priority });
    }
    await cancel(engine, [taskId as TaskId]);
    expect(await remove(engine, [taskId as TaskId])).toMatchObject({ changed: 1 });
    expect(engine.events('history.pruned')).toMatchObject([{ tasks: 1, events: expect.any(Number) }]);
  });

  it('goes on where a log or a folder cannot be removed, and says so', async () => {
    const engine = await openEngine();
    const taskIds = await endedTasks(engine, 1);
    await cancel(engine, taskIds);
    engine.files.failure = new Error('the disk is read-only');
    expect(await remove(engine, taskIds)).toMatchObject({ changed: 1 });
    expect(engine.log.problems).toHaveLength(2);
  });

  it('tells why the store refused, and passes on what is a defect', async () => {
    const engine = await openEngine();
    const taskIds = await endedTasks(engine, 1);
    await cancel(engine, taskIds);
    const error = { type: 'storeFailed' as const, message: 'The disk is full.', remedy: 'Free some space.' };
    const { forget } = engine.store.history;
    engine.store.history.forget = () => Promise.reject(new StoreFailure(error));
    const input = { select: { taskIds }, action: { kind: 'delete', reason } } as const;
    expect(await engine.attempt('changeTasks', input)).toEqual({ ok: false, error });
    engine.store.history.forget = () => Promise.reject(new Error('a defect'));
    await expect(engine.attempt('changeTasks', input)).rejects.toThrow('a defect');
    engine.store.history.forget = forget;
    const unknown = await engine.call('changeRuns', { select: { runIds: [ids.runId()] }, action: 'delete', reason });
    expect(unknown).toMatchObject({ refusals: [{ error: { type: 'notFound' } }] });
  });
});

it('what is being deleted in several steps is neither put back into the queue nor needed by anything new', async () => {
  const engine = await openEngine();
  const [taskId] = await endedTasks(engine, 1);
  for (let time = 0; time < 250; time += 1) {
    const priority = time % 2 === 0 ? 'high' : 'low';
    await engine.call('setTaskPriority', { taskId: taskId as TaskId, priority });
  }
  await cancel(engine, [taskId as TaskId]);
  expect(await engine.store.history.forget({ noun: 'task', id: taskId as TaskId })).toMatchObject({
    outcome: 'partly',
  });
  expect(await engine.attempt('requeueTask', { taskId: taskId as TaskId })).toMatchObject({
    error: { type: 'notFound' },
  });
  const task = { agent: { type: 'worker' }, work, needs: [taskId as TaskId] };
  expect(await engine.attempt('enqueueTasks', { tasks: [task] })).toMatchObject({ error: { type: 'invalidInput' } });
  // The next look goes on with it.
  expect(await engine.call('pruneHistory', {})).toMatchObject({ tasks: 1 });
});

it('the log of an attempt that was removed to save room is not just empty', async () => {
  const engine = await openEngine();
  await engine.call('enqueueTasks', { tasks: [{ agent: { type: 'worker' }, work }] });
  const launch = await engine.launch(0);
  const attemptId = launch.request.attempt.id;
  launch.complete();
  await engine.settle();
  const find = { kind: 'error' } as const;
  expect(await engine.call('readLog', { attemptId })).toMatchObject({ totalLines: 0, complete: true });
  await engine.store.history.noteLogsRemoved(engine.clock.now());
  const removed = {
    error: {
      type: 'notFound',
      message: expect.stringMatching(/was removed.*after 2026-01-01/),
      remedy: expect.stringContaining('retention.logMebibytes'),
    },
  };
  expect(await engine.attempt('readLog', { attemptId })).toMatchObject(removed);
  expect(await engine.attempt('searchLog', { attemptId, find })).toMatchObject(removed);
});
