import { describe, expect, it, onTestFinished } from 'vitest';
import type { AgentDefinition } from '../../src-main/contract/agent.ts';
import type { StuckPolicy, WatchdogRung } from '../../src-main/contract/policies.ts';
import type { Attempt } from '../../src-main/contract/task.ts';
import type { Engine } from '../support/engine.ts';
import { openEngine, sample } from '../support/engine.ts';
import { agentDefinition, stageSpec } from '../support/samples.ts';
import type { Launch } from '../support/scripted-launcher.ts';

const silentMs = 10_000;
const stepMs = 3_000;
const policy = (upTo: WatchdogRung): StuckPolicy => ({ silentMs, stepMs, upTo });
const process = { pid: 123, startMark: '456' };
const retry = { maxAttempts: 5, delayMs: 0, maxDelayMs: 0, factor: 1, jitter: 0 };
const work = { kind: 'prompt' as const, prompt: 'do it', config: {} };
const task = { title: 'a task', agent: { type: 'worker' }, work, retry };

/** An engine whose agent is watched by a policy; its attempts do not end when they are asked to. */
async function watched(upTo: WatchdogRung, change: Partial<AgentDefinition> = {}): Promise<Engine> {
  const agents = [agentDefinition({ watchdog: policy(upTo), ...change })];
  const engine = await openEngine({ agents, workflows: [sample(stageSpec('build', { retry }))] });
  neverObey(engine);
  return engine;
}

/** Attempts do not end when they are asked to; only with the test, as with the kill of a real process. */
function neverObey({ launcher }: Engine): void {
  launcher.obeysStop = false;
  onTestFinished(() => {
    launcher.obeysStop = true;
    for (const launch of launcher.launches) launch.stopped();
  });
}

/** Queues a task and starts its process. */
async function begin(engine: Engine): Promise<Launch> {
  await engine.call('enqueueTasks', { tasks: [task] });
  return running(engine, 0);
}

async function running(engine: Engine, index: number): Promise<Launch> {
  const launch = await engine.launch(index);
  launch.observer.started(process);
  await engine.settle();
  return launch;
}

/** Lets time pass as it does for a real engine: it comes to everything in between, and agents give signs of life. */
async function wait(engine: Engine, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 1_000) {
    engine.launcher.launches.at(-1)?.observer.beat();
    await engine.pass(Math.min(left, 1_000));
  }
}

function rungs(engine: Engine): string[] {
  return engine.events('attempt.stuck').map(({ rung }) => rung);
}

function attemptRow(engine: Engine, launch: Launch): Attempt {
  const row = engine.store.reads.row('attempt', launch.request.attempt.id);
  if (row === null) throw new Error('the attempt has no row');
  return row;
}

function taskRow(engine: Engine, launch: Launch) {
  const row = engine.store.reads.row('task', launch.request.task.id);
  if (row === null) throw new Error('the task has no row');
  return row;
}

describe('an attempt that does nothing', () => {
  it('R18 is flagged when its time is up, with the evidence, and not before', async () => {
    const engine = await watched('notice');
    const launch = await begin(engine);
    await wait(engine, silentMs - 1);
    expect(attemptRow(engine, launch).stuck).toBeNull();
    await engine.pass(1);
    expect(attemptRow(engine, launch).stuck).toEqual({
      since: engine.clock.now() - silentMs,
      rung: 'notice',
      evidence: 'last activity 10 s ago, process 123 alive, 0 % of a core',
    });
  });

  it('R18 is asked to stop, then killed, and its task is tried again by its policy', async () => {
    const engine = await watched('restart');
    const launch = await begin(engine);
    await wait(engine, silentMs + stepMs);
    expect(rungs(engine)).toEqual(['notice', 'stop']);
    expect(launch.stops).toEqual([launch.request.task.spec.timeouts.runMs]);
    await wait(engine, stepMs);
    expect(rungs(engine)).toEqual(['notice', 'stop', 'restart']);
    expect(launch.stops.at(-1)).toBe(0);
    launch.stopped();
    const again = await running(engine, 1);
    const { state, failure, stuck } = attemptRow(engine, launch);
    expect(state).toBe('failed');
    expect(failure).toMatchObject({ category: 'stuck', class: 'transient' });
    expect(failure?.message).toContain('last activity 16 s ago, process 123 alive');
    expect(stuck?.rung).toBe('restart');
    expect(again.request.attempt.number).toBe(2);
    again.complete();
    await engine.settle();
    expect(taskRow(engine, again)).toMatchObject({ state: 'completed', failures: 1 });
  });

  it('that ends its turn when it is asked to is not killed, and is tried again', async () => {
    const engine = await watched('restart');
    const launch = await begin(engine);
    await wait(engine, silentMs + stepMs);
    launch.stopped();
    await engine.launch(1);
    expect(attemptRow(engine, launch)).toMatchObject({ state: 'failed', failure: { category: 'stuck' } });
    expect(launch.stops).not.toContain(0);
  });

  it('is flagged, however many others have come and gone meanwhile', async () => {
    const engine = await watched('notice', { slots: 65 });
    const launch = await begin(engine);
    const others = Array.from({ length: 300 }, () => task);
    await engine.call('enqueueTasks', { tasks: others });
    for (const index of others.keys()) (await engine.launch(index + 1)).complete();
    await engine.settle();
    await wait(engine, silentMs);
    expect(attemptRow(engine, launch).stuck?.rung).toBe('notice');
  });

  it('is watched while it starts, too', async () => {
    const engine = await watched('notice');
    await engine.call('enqueueTasks', { tasks: [task] });
    const launch = await engine.launch(0);
    await wait(engine, silentMs);
    expect(attemptRow(engine, launch).stuck?.evidence).toBe(
      'last activity 10 s ago, no process has taken the work yet',
    );
  });

  it('is only shown where the policy goes no further', async () => {
    const engine = await watched('notice');
    const launch = await begin(engine);
    await wait(engine, silentMs + 10 * stepMs);
    expect([rungs(engine), launch.stops]).toEqual([['notice'], []]);
    launch.complete();
    await engine.settle();
    expect(attemptRow(engine, launch)).toMatchObject({ state: 'completed', stuck: null });
    expect(engine.events('attempt.unstuck')).toHaveLength(1);
  });

  it('is asked and not killed where the policy ends there; its run time-out still ends it', async () => {
    const engine = await watched('stop');
    const timeouts = { runMs: 60_000, stopMs: 250 };
    await engine.call('enqueueTasks', { tasks: [{ ...task, timeouts }] });
    const launch = await running(engine, 0);
    await wait(engine, 59_000);
    expect([rungs(engine), launch.stops]).toEqual([['notice', 'stop'], [60_000]]);
    await wait(engine, 1_000);
    expect(launch.stops).toEqual([60_000, 250]);
    launch.stopped();
    await engine.settle();
    expect(attemptRow(engine, launch)).toMatchObject({ state: 'timed_out', stuck: { rung: 'stop' } });
  });

  it('is told of where it is asked why the task stands still', async () => {
    const engine = await watched('notice');
    const launch = await begin(engine);
    const why = async () => (await engine.call('getTask', { taskId: launch.request.task.id })).waitingBecause;
    expect(await why()).toBeNull();
    await wait(engine, silentMs);
    expect(await why()).toBe('it does nothing: last activity 10 s ago, process 123 alive, 0 % of a core');
  });

  it('is nobody’s business where the time is 0', async () => {
    const engine = await watched('park', { watchdog: { ...policy('park'), silentMs: 0 } });
    await begin(engine);
    await wait(engine, 100_000);
    expect(rungs(engine)).toEqual([]);
  });

  it('follows the settings of its protocol where its agent says nothing, as they are now', async () => {
    const engine = await openEngine({ agents: [agentDefinition({ protocol: 'command', command: ['true'] })] });
    const { settings } = await engine.call('getSettings', {});
    const launch = await begin(engine);
    await wait(engine, 30_000);
    const watchdog = { ...settings.watchdog, commands: policy('notice') };
    await engine.call('saveSettings', { settings: { ...settings, watchdog } });
    await engine.settle();
    expect(attemptRow(engine, launch).stuck).toMatchObject({ rung: 'notice' });
  });
});

describe('activity', () => {
  it.each([
    ['output', (launch: Launch) => launch.observer.active()],
    ['a report', (launch: Launch) => launch.observer.did({ kind: 'thinking' })],
  ])('%s takes the flag away at once, and time begins again', async (_what, act) => {
    const engine = await watched('park');
    const launch = await begin(engine);
    await wait(engine, silentMs + 1_000);
    act(launch);
    await engine.settle();
    expect(attemptRow(engine, launch).stuck).toBeNull();
    await wait(engine, silentMs - 1);
    expect(rungs(engine)).toEqual(['notice']);
    await engine.pass(1);
    expect(rungs(engine)).toEqual(['notice', 'notice']);
    expect(launch.stops).toEqual([]);
  });

  it('a heartbeat is none', async () => {
    const engine = await watched('notice');
    const launch = await begin(engine);
    for (let second = 0; second < 10; second += 1) {
      launch.observer.beat();
      await engine.pass(1_000);
    }
    expect(rungs(engine)).toEqual(['notice']);
  });

  it('comes too late once it was asked to stop', async () => {
    const engine = await watched('restart');
    const launch = await begin(engine);
    await wait(engine, silentMs + stepMs);
    launch.observer.active();
    await wait(engine, stepMs);
    expect(rungs(engine)).toEqual(['notice', 'stop', 'restart']);
    expect(engine.events('attempt.unstuck')).toEqual([]);
  });

  it('while the processor’s use is looked at is heard', async () => {
    const engine = await watched('park');
    const launch = await begin(engine);
    await wait(engine, silentMs + stepMs - 1);
    const look = Promise.withResolvers<number | null>();
    engine.launcher.onProcessorTime = () => look.promise;
    await engine.pass(1);
    launch.observer.active();
    look.resolve(0);
    await engine.settle();
    expect([rungs(engine), launch.stops]).toEqual([['notice'], []]);
    expect(attemptRow(engine, launch).stuck).toBeNull();
  });

  it('does not count while a person has to answer, and time begins with the answer', async () => {
    const engine = await watched('park');
    const launch = await begin(engine);
    await wait(engine, silentMs - 500);
    const options = [{ id: 'yes', name: 'Allow', kind: 'allow_once' as const }];
    launch.observer.asked({ callId: 'call-1', tool: 'edit', title: 'Write', detail: '', options });
    await wait(engine, 10 * silentMs);
    expect(rungs(engine)).toEqual([]);
    const { permissions } = await engine.call('listPermissions', { states: ['open'] });
    const [permission] = permissions;
    if (permission === undefined) throw new Error('nothing is asked');
    await engine.call('answerPermission', { permissionId: permission.id, optionId: 'yes' });
    await engine.settle();
    await wait(engine, silentMs - 1);
    expect(rungs(engine)).toEqual([]);
    await engine.pass(1);
    expect(rungs(engine)).toEqual(['notice']);
  });

  it('is not missed while gates are checked', async () => {
    const engine = await watched('park');
    const gates = [
      { kind: 'command' as const, name: 'tests', argv: ['test'], level: 'blocking' as const, timeoutMs: 600_000 },
    ];
    const gate = Promise.withResolvers<{ exitCode: number; message: string }>();
    engine.launcher.onGateCommand = () => gate.promise;
    await engine.call('enqueueTasks', { tasks: [{ ...task, gates }] });
    const launch = await running(engine, 0);
    launch.complete();
    await wait(engine, 5 * silentMs);
    expect(rungs(engine)).toEqual([]);
    gate.resolve({ exitCode: 0, message: '' });
    await engine.settle();
    expect(taskRow(engine, launch).state).toBe('completed');
  });
});

describe('the processor', () => {
  it('R18 an attempt that computes stays at notice, and the evidence says so; when it ends that, it is stopped', async () => {
    const engine = await watched('park');
    const launch = await begin(engine);
    let spentMs = 0;
    let share = 0.5;
    engine.launcher.onProcessorTime = () => {
      spentMs += share * 1_000_000;
      return Promise.resolve(spentMs);
    };
    await wait(engine, silentMs + 3 * stepMs);
    expect([rungs(engine), launch.stops]).toEqual([['notice'], []]);
    expect(attemptRow(engine, launch).stuck?.evidence).toContain('% of a core: it computes');
    share = 0;
    await wait(engine, stepMs);
    expect(rungs(engine)).toEqual(['notice', 'stop']);
    expect(attemptRow(engine, launch).stuck?.evidence).toContain('0 % of a core');
  });

  it('that begins to work after the notice is told of once', async () => {
    const engine = await watched('stop');
    const launch = await begin(engine);
    await wait(engine, silentMs);
    let spentMs = 0;
    engine.launcher.onProcessorTime = () => {
      spentMs += stepMs / 10;
      return Promise.resolve(spentMs);
    };
    await wait(engine, 4 * stepMs);
    expect(rungs(engine)).toEqual(['notice', 'notice']);
    expect(attemptRow(engine, launch).stuck?.evidence).toContain('process 123 alive, 10 % of a core: it computes');
  });

  it('that nobody can look at does not save an attempt', async () => {
    const engine = await watched('stop');
    const launch = await begin(engine);
    engine.launcher.onProcessorTime = () => Promise.resolve(null);
    await wait(engine, silentMs + stepMs);
    expect(rungs(engine)).toEqual(['notice', 'stop']);
    expect(attemptRow(engine, launch).stuck?.evidence).toBe('last activity 13 s ago, process 123 not found');
  });

  it('is not waited for when the look at it takes too long', async () => {
    const engine = await watched('notice');
    const launch = await begin(engine);
    engine.launcher.onProcessorTime = () => new Promise(() => {});
    await wait(engine, silentMs + 1_000);
    expect(attemptRow(engine, launch).stuck?.evidence).toBe('last activity 11 s ago, process 123');
  });
});

describe('a task that gets stuck again', () => {
  async function getStuck(engine: Engine, index: number): Promise<Launch> {
    const launch = await running(engine, index);
    await wait(engine, silentMs + 2 * stepMs);
    launch.stopped();
    await engine.settle();
    return launch;
  }

  it('R18 that stands alone is a dead letter, although it has tries left', async () => {
    const engine = await watched('park');
    await engine.call('enqueueTasks', { tasks: [task] });
    await getStuck(engine, 0);
    const launch = await getStuck(engine, 1);
    expect(taskRow(engine, launch)).toMatchObject({ state: 'dead', failure: { category: 'stuck' } });
    expect(taskRow(engine, launch).failure?.message).toContain('got stuck again');
    expect(attemptRow(engine, launch)).toMatchObject({ state: 'failed', stuck: { rung: 'park' } });
    expect(engine.launcher.launches).toHaveLength(2);
  });

  it('R18 pauses its run with the reason; resumed by a person it goes on and completes', async () => {
    const engine = await watched('park');
    const { id: runId } = await engine.call('startRun', { workflow: 'sample', inputs: {} });
    await getStuck(engine, 0);
    const launch = await getStuck(engine, 1);
    expect(await engine.call('getRun', { runId })).toMatchObject({ state: 'paused' });
    expect(taskRow(engine, launch)).toMatchObject({ state: 'queued', held: true, failures: 2 });
    const [pause] = engine.events('run.pauseRequested');
    expect(pause?.reason).toContain('got stuck twice in a row (last activity 16 s ago');
    const { waitingBecause } = await engine.call('getTask', { taskId: taskRow(engine, launch).id });
    expect(waitingBecause).toContain('got stuck twice in a row');
    await wait(engine, 100_000);
    expect(engine.launcher.launches).toHaveLength(2);
    await engine.call('resumeRun', { runId, reason: 'looked at it' });
    const third = await running(engine, 2);
    third.complete();
    await engine.settle();
    expect(await engine.call('getRun', { runId })).toMatchObject({ state: 'completed' });
  });

  it('holds back what else its run has in the queue', async () => {
    const stages = [stageSpec('build', { retry }), stageSpec('check', { retry })];
    const agents = [agentDefinition({ watchdog: policy('park'), slots: 1 })];
    const engine = await openEngine({ agents, workflows: [sample(...stages)] });
    neverObey(engine);
    const { id: runId } = await engine.call('startRun', { workflow: 'sample', inputs: {} });
    const tasks = () => engine.store.reads.tasksOfRun(runId);
    for (let index = 0; tasks().every(({ held }) => !held); index += 1) await getStuck(engine, index);
    expect(tasks().map(({ state, held }) => [state, held])).toEqual([
      ['queued', true],
      ['queued', true],
    ]);
    expect(await engine.call('getRun', { runId })).toMatchObject({ state: 'paused' });
  });

  it('is held by the pause of a person when its run was being paused', async () => {
    const engine = await watched('park');
    const { id: runId } = await engine.call('startRun', { workflow: 'sample', inputs: {} });
    await getStuck(engine, 0);
    await running(engine, 1);
    await engine.call('pauseRun', { runId, reason: 'lunch' });
    const launch = await getStuck(engine, 1);
    expect(engine.events('run.pauseRequested').map(({ reason }) => reason)).toEqual(['lunch']);
    expect(taskRow(engine, launch)).toMatchObject({ state: 'queued', held: true });
  });

  it('is cancelled when a person wants that meanwhile', async () => {
    const engine = await watched('park');
    await engine.call('enqueueTasks', { tasks: [task] });
    await getStuck(engine, 0);
    const launch = await running(engine, 1);
    await wait(engine, silentMs + stepMs);
    await engine.call('cancelTask', { taskId: taskRow(engine, launch).id, reason: 'no longer wanted' });
    launch.stopped();
    await engine.settle();
    expect(taskRow(engine, launch).state).toBe('cancelled');
  });

  it('R18 R26 is set aside also when the engine was started anew between the two', async () => {
    const engine = await watched('park');
    const { id: runId } = await engine.call('startRun', { workflow: 'sample', inputs: {} });
    await getStuck(engine, 0);
    await running(engine, 1);
    await engine.crash();
    const { folder, clock } = engine;
    const agents = [agentDefinition({ watchdog: policy('park') })];
    const next = await openEngine({ folder, clock, agents, workflows: [sample(stageSpec('build', { retry }))] });
    neverObey(next);
    const launch = await getStuck(next, 0);
    expect(launch.request.attempt.number).toBe(3);
    expect(await next.call('getRun', { runId })).toMatchObject({ state: 'paused' });
    expect(attemptRow(next, launch)).toMatchObject({ stuck: { rung: 'park' } });
  });

  it('is tried again and again where the policy does not go as far', async () => {
    const engine = await watched('restart');
    await engine.call('enqueueTasks', { tasks: [task] });
    for (const index of [0, 1, 2]) await getStuck(engine, index);
    const launch = await engine.launch(3);
    expect(taskRow(engine, launch)).toMatchObject({ failures: 3 });
  });
});

it('what was flagged and then taken from its agent in the database is neither flagged further nor cleared', async () => {
  const engine = await watched('notice');
  const launch = await begin(engine);
  await wait(engine, silentMs);
  const { task: held, attempt } = launch.request;
  await engine.store.write((unit) => {
    const at = engine.clock.now();
    const about = { at, actor: 'engine', taskId: held.id, runId: null, attemptId: attempt.id } as const;
    const released = { kind: 'task.released', by: 'stale', counts: 'nothing', held: true } as const;
    const { agentId } = attempt;
    return unit.record([{ ...about, ...released, agentId, position: 0, availableAt: at, reason: 'it was taken away' }])
      .length;
  });
  launch.observer.active();
  await wait(engine, silentMs);
  expect(engine.events('command.refused').map(({ command }) => command)).toEqual(['markUnstuck', 'markStuck']);
  expect(rungs(engine)).toEqual(['notice']);
});

describe('a store that takes nothing', () => {
  it('says nothing of the end of what it could not say', async () => {
    const engine = await watched('notice');
    const launch = await begin(engine);
    await wait(engine, silentMs - 1);
    engine.failWrites = new Error('disk full');
    await wait(engine, 1);
    engine.failWrites = null;
    launch.observer.active();
    await engine.settle();
    expect([rungs(engine), engine.events('attempt.unstuck')]).toEqual([[], []]);
    await wait(engine, silentMs);
    expect(rungs(engine)).toEqual(['notice']);
  });

  it('does not save what is stuck', async () => {
    const engine = await watched('restart');
    const launch = await begin(engine);
    await wait(engine, silentMs);
    engine.failWrites = new Error('disk full');
    await wait(engine, 2 * stepMs);
    expect(launch.stops.at(-1)).toBe(0);
    expect(engine.log.problems.map(({ message }) => message)).toContain('What the watchdog found could not be stored.');
    engine.failWrites = null;
    launch.stopped();
    await engine.launch(1);
    expect(attemptRow(engine, launch)).toMatchObject({ state: 'failed', failure: { category: 'stuck' } });
  });
});
