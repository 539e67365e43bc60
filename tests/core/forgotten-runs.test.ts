import { describe, expect, it } from 'vitest';
import type { RunId } from '../../src-main/contract/ids.ts';
import { taskIdSchema } from '../../src-main/contract/ids.ts';
import { ForgottenRuns } from '../../src-main/core/forgotten-runs.ts';
import { RunFlow } from '../../src-main/core/run-flow.ts';
import { countingIds } from '../support/counting-ids.ts';
import type { Engine } from '../support/engine.ts';
import { openEngine, sample } from '../support/engine.ts';
import { noProjects } from '../support/no-projects.ts';
import { agentDefinition, stageSpec } from '../support/samples.ts';

const approval = { kind: 'approval' as const, question: 'Go on?', onTimeout: 'reject' as const };

function watchOf(engine: Engine): ForgottenRuns {
  const { store, clock, log: logger } = engine;
  return new ForgottenRuns({ store, clock, logger, flow: new RunFlow({ ids: countingIds(), projects: noProjects }) });
}

/** A run of two stages whose first one runs. */
async function begin(engine: Engine): Promise<RunId> {
  const { id } = await engine.call('startRun', { workflow: 'sample', inputs: {} });
  const launch = await engine.launch(0);
  launch.observer.started(null);
  await engine.settle();
  return id;
}

/** Ends the task of the first stage as a defect would: nobody tells the stage. */
async function endBehindItsBack(engine: Engine, runId: RunId): Promise<void> {
  await engine.store.write((unit) => {
    const [task] = unit.tasksOfRun(runId);
    if (task === undefined) throw new Error('the run has no task');
    const ids = { taskId: taskIdSchema.parse(task.id), runId };
    unit.record([{ at: 1, actor: 'engine', kind: 'task.completed', ...ids, outputs: {} }]);
    return null;
  });
}

const two = [stageSpec('build'), stageSpec('check', { needs: ['build'] })];

describe('a run of which nothing is under way', () => {
  it('R18 whose task ended unheard is carried on, and the log says so', async () => {
    const engine = await openEngine({ workflows: [sample(...two)] });
    const runId = await begin(engine);
    await endBehindItsBack(engine, runId);
    await watchOf(engine).look();
    const { stages } = await engine.call('getRun', { runId });
    expect(stages.map(({ state, taskId }) => [state, taskId !== null])).toEqual([
      ['completed', true],
      ['pending', true],
    ]);
    expect(engine.log.problems).toMatchObject([
      { message: 'A run had nothing under way and nothing to wait for; it was carried on.', facts: { runId } },
    ]);
  });

  it('whose second stage ended unheard keeps what its first one brought', async () => {
    const engine = await openEngine({ workflows: [sample(...two)] });
    const runId = await begin(engine);
    (await engine.launch(0)).complete();
    (await engine.launch(1)).observer.started(null);
    await engine.settle();
    await engine.store.write((unit) => {
      const task = unit.tasksOfRun(runId).find(({ stage }) => stage === 'check');
      if (task === undefined) throw new Error('the second stage has no task');
      unit.record([{ at: 1, actor: 'engine', kind: 'task.completed', taskId: task.id, runId, outputs: {} }]);
      return null;
    });
    await watchOf(engine).look();
    expect(await engine.call('getRun', { runId })).toMatchObject({ state: 'completed' });
    expect(engine.events('stage.completed').map(({ stage }) => stage)).toEqual(['build', 'check']);
  });

  it('is found by the engine itself while it works', async () => {
    const engine = await openEngine({ workflows: [sample(...two)] });
    const runId = await begin(engine);
    await endBehindItsBack(engine, runId);
    await engine.pass(10_000);
    const { stages } = await engine.call('getRun', { runId });
    expect(stages[0]?.state).toBe('completed');
  });
});

describe('a run that goes on', () => {
  it('is left alone while a stage runs, waits in the queue, or waits for an answer', async () => {
    const stages = [stageSpec('build'), stageSpec('ask', { action: approval })];
    const engine = await openEngine({ workflows: [sample(...stages)] });
    const runId = await begin(engine);
    const before = engine.store.reads.lastSeq();
    const forgotten = watchOf(engine);
    await forgotten.look();
    await forgotten.look();
    expect(engine.store.reads.lastSeq()).toBe(before);
    expect(engine.log.problems).toEqual([]);
    expect((await engine.call('getRun', { runId })).state).toBe('running');
  });

  it('is left alone when it has ended between the look and the write', async () => {
    const engine = await openEngine({ workflows: [sample(stageSpec('build'))] });
    const runId = await begin(engine);
    await endBehindItsBack(engine, runId);
    const looked = watchOf(engine).look();
    const other = watchOf(engine).look();
    await Promise.all([looked, other]);
    expect(engine.log.problems).toHaveLength(1);
  });

  it('is looked at in turns, when there are many', async () => {
    const engine = await openEngine({
      agents: [agentDefinition({ slots: 64 })],
      workflows: [sample(stageSpec('build'))],
      settings: { slots: { total: 64 } },
    });
    for (let index = 0; index < 25; index += 1) await engine.call('startRun', { workflow: 'sample', inputs: {} });
    await engine.settle();
    const asked: (string | undefined)[] = [];
    const { reads } = engine.store;
    const listRuns = reads.listRuns.bind(reads);
    const store = { ...engine.store, reads: Object.create(reads), write: engine.store.write.bind(engine.store) };
    store.reads.listRuns = (page: Parameters<typeof listRuns>[0]) => {
      asked.push(page.after);
      return listRuns(page);
    };
    const { clock, log: logger } = engine;
    const forgotten = new ForgottenRuns({
      store,
      clock,
      logger,
      flow: new RunFlow({ ids: countingIds(), projects: noProjects }),
    });
    for (let look = 0; look < 3; look += 1) await forgotten.look();
    expect(asked.map((after) => after === undefined)).toEqual([true, false, true]);
  });

  it('is looked at again later when a look fails', async () => {
    const engine = await openEngine({ workflows: [sample(...two)] });
    const runId = await begin(engine);
    await endBehindItsBack(engine, runId);
    const { clock, log: logger, store } = engine;
    const failing = { ...store, reads: store.reads, write: () => Promise.reject(new Error('disk full')) };
    await new ForgottenRuns({
      store: failing,
      clock,
      logger,
      flow: new RunFlow({ ids: countingIds(), projects: noProjects }),
    }).look();
    expect(engine.log.problems.map(({ message }) => message)).toEqual([
      'Runs could not be looked at, whether anything of them is under way.',
    ]);
  });
});
