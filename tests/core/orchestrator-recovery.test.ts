import { describe, expect, it } from 'vitest';
import { taskIdSchema } from '../../src-main/contract/ids.ts';
import { openEngine, sample } from '../support/engine.ts';
import { agentDefinition, stageSpec } from '../support/samples.ts';

const work = { agent: { type: 'worker' }, work: { kind: 'prompt' as const, prompt: 'do it', config: {} } };
const workflows = [sample(stageSpec('a'), stageSpec('b', { needs: ['a'] }))];
const identity = { pid: 4_242, startMark: 'then' };

describe('R17 the start after an engine that died', () => {
  it('ends what it left running, releases the task to the front without blame, and completes the run', async () => {
    const first = await openEngine({ workflows });
    const run = await first.call('startRun', { workflow: 'sample', inputs: {} });
    await first.call('enqueueTasks', { tasks: [work] });
    (await first.launch(0)).observer.started(identity);
    first.launcher.agents.ready(agentDefinition().id, { pid: 7, startMark: 'x' }, null);
    await first.settle();
    await first.crash();

    const second = await openEngine({ workflows, folder: first.folder });
    expect(second.launcher.reaped).toEqual([[identity, { pid: 7, startMark: 'x' }]]);
    const status = await second.call('getStatus', {});
    expect(status).toMatchObject({ resumedRuns: [run.id], reapedProcesses: 2 });
    const again = await second.launch(0);
    expect(again.request.task).toMatchObject({ stage: 'a', attempts: 2, failures: 0, interruptions: 0, fence: 2 });
    second.launcher.onLaunch = (launch) => launch.complete();
    again.complete();
    await second.settle();
    await second.settle();
    expect((await second.call('getRun', { runId: run.id })).state).toBe('completed');
    expect((await second.call('getStatus', {})).tasks.completed).toBe(3);
    const attempts = second.events('attempt.ended').map((event) => event.state);
    expect(attempts).toEqual(['interrupted', 'completed', 'completed', 'completed']);
  });

  it('releases a task that was claimed and had no process yet', async () => {
    const first = await openEngine();
    await first.call('enqueueTasks', { tasks: [work] });
    await first.launch(0);
    await first.crash();
    const second = await openEngine({ folder: first.folder });
    expect(second.launcher.reaped).toEqual([[]]);
    expect((await second.launch(0)).request.task).toMatchObject({ attempts: 2, failures: 0, fence: 2 });
    expect(second.events('attempt.ended')).toMatchObject([{ state: 'interrupted' }]);
  });

  it('carries on a run whose next task was not made yet, and an approval whose time is up', async () => {
    const ask = { kind: 'approval' as const, question: 'go?', timeoutMs: 1_000, onTimeout: 'approve' as const };
    const asking = [sample(stageSpec('ask', { action: ask }), stageSpec('b', { needs: ['ask'] }))];
    const first = await openEngine({ workflows: asking });
    const run = await first.call('startRun', { workflow: 'sample', inputs: {} });
    await first.crash();
    first.clock.jump(3_600_000);
    const second = await openEngine({ workflows: asking, folder: first.folder, clock: first.clock });
    await second.pass(0);
    (await second.launch(0)).complete();
    await second.settle();
    expect((await second.call('getRun', { runId: run.id })).state).toBe('completed');
  });

  it('fails a task whose process cannot be ended, so that it never runs twice', async () => {
    const first = await openEngine();
    const { taskIds } = await first.call('enqueueTasks', { tasks: [work] });
    (await first.launch(0)).observer.started(identity);
    await first.settle();
    await first.crash();
    const second = await openEngine({ folder: first.folder, start: false });
    second.launcher.leaves = [{ process: identity, reason: 'not permitted' }];
    await second.orchestrator.start();
    const taskId = taskIdSchema.parse(taskIds[0]);
    const { task } = await second.call('getTask', { taskId });
    expect(task).toMatchObject({ state: 'failed', failure: { message: expect.stringContaining('not permitted') } });
    expect(second.launcher.launches).toEqual([]);
    expect(second.log.problems).toMatchObject([{ level: 'error' }]);
  });

  it('stays frozen, and keeps delayed work for its time', async () => {
    const first = await openEngine();
    await first.call('enqueueTasks', { tasks: [{ ...work, delayMs: 60_000 }] });
    await first.call('freeze', { reason: 'over night' });
    await first.crash();
    const second = await openEngine({ folder: first.folder, clock: first.clock });
    await second.pass(120_000);
    expect(second.launcher.launches).toEqual([]);
    await second.call('thaw', { reason: 'morning' });
    expect(await second.launch(0)).toBeDefined();
  });
});

describe('R70 quitting', () => {
  it('parks live attempts, takes nothing new, and says so', async () => {
    const engine = await openEngine();
    await engine.call('enqueueTasks', { tasks: [work, work] });
    const launch = await engine.launch(0);
    await engine.orchestrator.close({ mode: 'park' });
    expect(launch.stops).toEqual([5_000]);
    expect(engine.launcher.launches).toHaveLength(1);
    expect((await engine.call('getStatus', {})).tasks).toMatchObject({ queued: 2, running: 0, claimed: 0 });
    expect(engine.events('engine.stopped')).toMatchObject([{ reason: 'park' }]);
    const refused = await engine.attempt('enqueueTasks', { tasks: [work] });
    expect(refused).toMatchObject({ ok: false, error: { type: 'unavailable' } });
    expect(engine.clock.timers).toBe(0);
  });

  it('drains: lets live attempts end first, for as long as it was told', async () => {
    const engine = await openEngine({ agents: [agentDefinition({ slots: 2 })] });
    engine.launcher.obeysStop = false;
    await engine.call('enqueueTasks', { tasks: [work, work] });
    const [quick, slow] = [await engine.launch(0), await engine.launch(1)];
    const closed = engine.orchestrator.close({ mode: 'drain', drainMs: 30_000 });
    quick.complete();
    await engine.settle();
    expect(slow.stops).toEqual([]);
    await engine.pass(30_000);
    expect(slow.stops).toEqual([5_000]);
    slow.stopped();
    await closed;
    expect((await engine.call('getStatus', {})).tasks).toMatchObject({ completed: 1, queued: 1 });
  });

  it('leaves no agent that seems to run: their processes are ended and their rows say so', async () => {
    const engine = await openEngine();
    const { id } = agentDefinition();
    engine.launcher.agents.starting(id);
    engine.launcher.agents.ready(id, identity, '1.0.0');
    await engine.settle();
    await engine.orchestrator.close({ mode: 'park' });
    expect(engine.launcher.stoppedAgents).toEqual([id]);
    const { agents } = await engine.call('listAgents', {});
    expect(agents).toMatchObject([{ state: 'stopped', processes: [], startsOnDemand: true }]);
  });

  it('ends at once when nothing is live', async () => {
    const engine = await openEngine();
    await engine.orchestrator.close({ mode: 'drain', drainMs: 30_000 });
    expect(engine.clock.timers).toBe(0);
  });
});
