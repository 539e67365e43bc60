import { describe, expect, it } from 'vitest';
import type { Agent } from '../../src-main/contract/agent.ts';
import type { AgentId } from '../../src-main/contract/ids.ts';
import { agentIdSchema } from '../../src-main/contract/ids.ts';
import { err } from '../../src-main/contract/result.ts';
import type { Engine } from '../support/engine.ts';
import { openEngine } from '../support/engine.ts';
import { agentDefinition } from '../support/samples.ts';
import type { Launch } from '../support/scripted-launcher.ts';
import { ScriptedLauncher } from '../support/scripted-launcher.ts';

const agentId = agentIdSchema.parse('worker');
const work = { agent: { type: 'worker' }, work: { kind: 'prompt' as const, prompt: 'do it', config: {} } };
const one = { pid: 41, startMark: 'a' };
const two = { pid: 42, startMark: 'b' };

function row(engine: Engine, id: AgentId = agentId): Agent {
  const agent = engine.store.reads.row('agent', id);
  if (agent === null) throw new Error(`no agent ${id}`);
  return agent;
}

async function enqueue(engine: Engine, count = 1): Promise<void> {
  await engine.call('enqueueTasks', { tasks: Array.from({ length: count }, () => work) });
}

/** Says what the launcher would say while it starts a process for an attempt. */
async function becomeReady(engine: Engine, process = one): Promise<void> {
  engine.launcher.agents.starting(agentId);
  engine.launcher.agents.ready(agentId, process, '1.2.3');
  await engine.settle();
}

/** Lets time go on while the second of two attempts gives signs of life. */
async function beating(engine: Engine, [silent, lively]: readonly [Launch, Launch], ms: number): Promise<void> {
  silent.observer.started(one);
  lively.observer.started(two);
  for (let passed = 0; passed < ms; passed += 10_000) {
    await engine.pass(10_000);
    lively.observer.beat();
  }
}

describe('the state of an agent', () => {
  it('R10 R19 follows its process: starting, ready by its handshake, busy, idle, stopped', async () => {
    const engine = await openEngine();
    expect(row(engine).state).toBe('stopped');
    await enqueue(engine);
    const launch = await engine.launch(0);
    engine.launcher.agents.starting(agentId);
    await engine.settle();
    expect(row(engine).state).toBe('starting');
    engine.launcher.agents.ready(agentId, one, '1.2.3');
    await engine.settle();
    expect(row(engine)).toMatchObject({ state: 'busy', version: '1.2.3', processes: [one] });
    launch.complete();
    await engine.settle();
    expect(row(engine).state).toBe('idle');
    await enqueue(engine);
    await engine.settle();
    expect(row(engine).state).toBe('busy');
    (await engine.launch(1)).complete();
    await engine.settle();
    engine.launcher.agents.ended(agentId, one, true, 'idle for 5 min');
    await engine.settle();
    expect(row(engine)).toMatchObject({ state: 'stopped', processes: [], startsOnDemand: true });
  });

  it('is idle from the start for an agent without a process of its own', async () => {
    const engine = await openEngine({ agents: [agentDefinition({ protocol: 'command' })] });
    expect(row(engine).state).toBe('idle');
    await enqueue(engine);
    const launch = await engine.launch(0);
    expect(row(engine).state).toBe('busy');
    launch.complete();
    await engine.settle();
    expect(row(engine).state).toBe('idle');
  });

  it('is busy from its first attempt to its last, without a process of its own too', async () => {
    const engine = await openEngine({ agents: [agentDefinition({ protocol: 'command', slots: 2 })] });
    await enqueue(engine, 2);
    const [first, second] = [await engine.launch(0), await engine.launch(1)];
    expect(row(engine).state).toBe('busy');
    first.complete();
    await engine.settle();
    expect(row(engine).state).toBe('busy');
    second.complete();
    await engine.settle();
    expect(row(engine).state).toBe('idle');
    expect(engine.events('agent.changed').map((event) => event.to)).toEqual(['idle', 'busy', 'idle']);
  });

  it('stays crashed when one asks the process to end that is gone already', async () => {
    const engine = await openEngine();
    engine.launcher.agents.starting(agentId);
    engine.launcher.agents.ended(agentId, null, false, 'no handshake');
    engine.launcher.agents.ended(agentId, null, true, 'it was asked to end');
    await engine.settle();
    expect(row(engine)).toMatchObject({ state: 'crashed', reason: 'no handshake' });
  });

  it('R25 is crashed after its process died, started again after a delay that doubles, and forgiven after a good result', async () => {
    const settings = { restart: { maxCrashes: 5, delayMs: 1_000, maxDelayMs: 60_000 } };
    const engine = await openEngine({ settings });
    await enqueue(engine);
    await becomeReady(engine);
    engine.launcher.agents.ended(agentId, one, false, 'killed by SIGKILL');
    (await engine.launch(0)).die();
    await engine.settle();
    expect(row(engine)).toMatchObject({ state: 'crashed', crashesInRow: 1, reason: 'killed by SIGKILL' });
    expect(engine.events('task.released')).toMatchObject([{ by: 'agent', counts: 'interruption' }]);
    await engine.pass(999);
    expect(engine.launcher.launches).toHaveLength(1);
    await engine.pass(1);
    const second = await engine.launch(1);
    await becomeReady(engine, two);
    expect(row(engine)).toMatchObject({ state: 'busy', restarts: 1 });
    second.complete();
    await engine.settle();
    expect(row(engine)).toMatchObject({ state: 'idle', crashesInRow: 0 });
  });

  it('waits for a person after too many crashes in a row, and says so', async () => {
    const settings = { restart: { maxCrashes: 2, delayMs: 10, maxDelayMs: 10 } };
    const engine = await openEngine({ settings });
    for (const reason of ['no handshake', 'no handshake']) {
      engine.launcher.agents.starting(agentId);
      engine.launcher.agents.ended(agentId, null, false, reason);
      await engine.settle();
      await engine.pass(10);
    }
    await engine.pass(60_000);
    const { taskIds } = await engine.call('enqueueTasks', { tasks: [work] });
    await engine.settle();
    expect(engine.launcher.launches).toEqual([]);
    const taskId = taskIds[0];
    if (taskId === undefined) throw new Error('nothing was queued');
    const { waitingBecause } = await engine.call('getTask', { taskId });
    expect(waitingBecause).toContain('crashed 2 times in a row and waits for a person');
    await engine.call('startAgent', { agentId });
    await becomeReady(engine);
    expect(await engine.launch(0)).toBeDefined();
  });

  it('has crashed once when all its processes die together', async () => {
    const engine = await openEngine({ agents: [agentDefinition({ slots: 8 })] });
    const processes = Array.from({ length: 8 }, (_, index) => ({ pid: 100 + index, startMark: 'a' }));
    for (const process of processes) engine.launcher.agents.ready(agentId, process, null);
    await engine.settle();
    for (const process of processes) engine.launcher.agents.ended(agentId, process, false, 'out of memory');
    await engine.settle();
    expect(row(engine)).toMatchObject({ state: 'crashed', crashesInRow: 1, processes: [] });
    expect(row(engine).restartAt).not.toBeNull();
  });

  it('keeps working when one of its processes dies and another lives', async () => {
    const engine = await openEngine({ agents: [agentDefinition({ slots: 2 })] });
    await enqueue(engine, 2);
    await becomeReady(engine, one);
    await becomeReady(engine, two);
    engine.launcher.agents.ended(agentId, one, false, 'killed');
    await engine.settle();
    expect(row(engine)).toMatchObject({ state: 'busy', processes: [two] });
  });

  it('R27 is unhealthy without signs of life: its task is killed, released to the front and done elsewhere', async () => {
    const agents = [agentDefinition(), agentDefinition({ id: 'worker-two' })];
    const engine = await openEngine({ agents, settings: { heartbeat: { intervalMs: 10_000, staleMs: 60_000 } } });
    await enqueue(engine, 1);
    const launch = await engine.launch(0);
    await becomeReady(engine);
    launch.observer.started(one);
    for (let beat = 0; beat < 10; beat += 1) {
      launch.observer.beat();
      await engine.pass(10_000);
    }
    expect(launch.stops).toEqual([]);
    await engine.pass(60_000);
    expect(launch.stops).toEqual([0]);
    expect(row(engine).state).toBe('unhealthy');
    expect(engine.events('task.released')).toMatchObject([{ by: 'stale', agentId, counts: 'interruption' }]);
    const second = await engine.launch(1);
    expect(second.request.agent.id).toBe('worker-two');
    second.complete();
    await engine.settle();
    expect((await engine.call('getStatus', {})).tasks.completed).toBe(1);
    const { agents: views } = await engine.call('listAgents', {});
    expect(views.find((view) => view.id === 'worker-two')).toMatchObject({ completed: 1, failed: 0, slotsUsed: 0 });
    expect(views.find((view) => view.id === agentId)?.lastHeartbeatAt).toBeGreaterThan(0);
  });

  it('R27 works again once what was silent is gone: an agent without a process of its own at once', async () => {
    const engine = await openEngine({ agents: [agentDefinition({ protocol: 'command', slots: 2 })] });
    await enqueue(engine, 2);
    const silent = await engine.launch(0);
    const lively = await engine.launch(1);
    await beating(engine, [silent, lively], 60_000);
    expect(silent.stops).toEqual([0]);
    expect(row(engine).state).toBe('busy');
    lively.complete();
    (await engine.launch(2)).complete();
    await engine.settle();
    expect(row(engine).state).toBe('idle');
  });

  it('R27 is idle once all that was silent is gone', async () => {
    const engine = await openEngine({ agents: [agentDefinition({ protocol: 'command' })] });
    await enqueue(engine, 1);
    const silent = await engine.launch(0);
    silent.observer.started(one);
    for (let passed = 0; passed < 60_000; passed += 10_000) await engine.pass(10_000);
    expect(silent.stops).toEqual([0]);
    const changes = engine.events('agent.changed').map(({ to }) => to);
    expect(changes.slice(changes.indexOf('unhealthy'), changes.indexOf('unhealthy') + 2)).toEqual([
      'unhealthy',
      'idle',
    ]);
  });

  it('R27 works again once the silent one of its processes has ended', async () => {
    const engine = await openEngine({ agents: [agentDefinition({ slots: 2 })] });
    await enqueue(engine, 2);
    await becomeReady(engine, one);
    await becomeReady(engine, two);
    await beating(engine, [await engine.launch(0), await engine.launch(1)], 60_000);
    expect(row(engine).state).toBe('unhealthy');
    engine.launcher.agents.ended(agentId, one, true, 'killed: no sign of life');
    await engine.settle();
    expect(row(engine)).toMatchObject({ state: 'busy', processes: [two] });
  });

  it('R27 takes nobody for stale after it has itself stood still: it first hears what they said meanwhile', async () => {
    const engine = await openEngine();
    await enqueue(engine, 1);
    const launch = await engine.launch(0);
    launch.observer.started(one);
    await engine.pass(5_000);
    engine.clock.standStill(600_000);
    await engine.pass(0);
    launch.observer.beat();
    await engine.pass(50_000);
    expect(launch.stops).toEqual([]);
    await engine.pass(20_000);
    expect(launch.stops).toEqual([0]);
  });

  it('remembers a sign of life that came outside of any attempt', async () => {
    const engine = await openEngine();
    engine.launcher.agents.beat(agentId);
    const { agents } = await engine.call('listAgents', {});
    expect(agents[0]?.lastHeartbeatAt).toBe(engine.clock.now());
  });
});

describe('starting and stopping an agent by hand', () => {
  it('starts it ahead of work, and says why when it does not become ready', async () => {
    const engine = await openEngine();
    expect(await engine.call('startAgent', { agentId })).toMatchObject({ state: 'starting' });
    const failure = { category: 'handshake' as const, class: 'unknown' as const, message: 'no handshake within 1 s' };
    engine.launcher.onStartAgent = () => Promise.resolve(err(failure));
    const refused = await engine.attempt('startAgent', { agentId });
    expect(refused).toMatchObject({ ok: false, error: { type: 'unavailable', message: /no handshake within 1 s/ } });
  });

  it('stops it: live attempts are interrupted, and it stays stopped until it is started', async () => {
    const engine = await openEngine();
    await enqueue(engine);
    const launch = await engine.launch(0);
    await becomeReady(engine);
    await engine.call('stopAgent', { agentId, reason: 'to mend it' });
    await engine.settle();
    expect(launch.stops).toEqual([5_000]);
    expect(engine.launcher.stoppedAgents).toEqual([agentId]);
    expect(row(engine)).toMatchObject({ state: 'stopped', startsOnDemand: false, reason: 'to mend it' });
    expect(engine.launcher.launches).toHaveLength(1);
    await engine.call('startAgent', { agentId });
    await becomeReady(engine, two);
    expect(engine.launcher.launches).toHaveLength(2);
  });

  it('keeps an agent stopped that had no process when a person stopped it', async () => {
    const engine = await openEngine();
    expect(await engine.call('stopAgent', { agentId, reason: 'not today' })).toMatchObject({
      state: 'stopped',
      startsOnDemand: false,
      reason: 'not today',
    });
    await enqueue(engine);
    await engine.settle();
    expect(engine.launcher.launches).toHaveLength(0);
    await engine.call('startAgent', { agentId });
    await becomeReady(engine);
    expect(engine.launcher.launches).toHaveLength(1);
  });

  it('R20 makes an agent ready at once that has no process of its own', async () => {
    const engine = await openEngine({ agents: [agentDefinition({ protocol: 'command' })] });
    await engine.call('stopAgent', { agentId, reason: 'not today' });
    await enqueue(engine);
    await engine.settle();
    expect(engine.launcher.launches).toHaveLength(0);
    expect(await engine.call('startAgent', { agentId })).toMatchObject({ state: 'idle', startsOnDemand: true });
    expect(await engine.launch(0)).toBeDefined();
  });

  it('drains it: it takes nothing new, ends what it has, then stops', async () => {
    const engine = await openEngine();
    await enqueue(engine, 2);
    const launch = await engine.launch(0);
    await becomeReady(engine);
    expect(await engine.call('drainAgent', { agentId, reason: 'update' })).toMatchObject({ state: 'draining' });
    expect(await engine.attempt('startAgent', { agentId })).toMatchObject({ ok: false, error: { type: 'refused' } });
    launch.complete();
    await engine.settle();
    expect(row(engine).state).toBe('stopped');
    expect(engine.launcher.stoppedAgents).toEqual([agentId]);
    expect(engine.launcher.launches).toHaveLength(1);
  });

  it('drains an agent without work by stopping it', async () => {
    const engine = await openEngine();
    await engine.call('startAgent', { agentId });
    await becomeReady(engine);
    expect(await engine.call('drainAgent', { agentId, reason: 'update' })).toMatchObject({ state: 'stopped' });
  });

  it('disables and enables it', async () => {
    const engine = await openEngine();
    await engine.call('disableAgent', { agentId, reason: 'too dear' });
    await enqueue(engine);
    await engine.settle();
    expect(engine.launcher.launches).toEqual([]);
    expect(await engine.attempt('startAgent', { agentId })).toMatchObject({ ok: false, error: { remedy: /enable/ } });
    await engine.call('enableAgent', { agentId });
    expect(await engine.launch(0)).toBeDefined();
    expect(await engine.attempt('enableAgent', { agentId })).toMatchObject({ ok: false, error: { type: 'refused' } });
    expect(await engine.attempt('stopAgent', { agentId: agentIdSchema.parse('nobody'), reason: 'x' })).toMatchObject({
      error: { type: 'notFound' },
    });
  });
});

describe('registering an agent', () => {
  it('adds it at once, changes it, and removes it when it holds no attempt', async () => {
    const engine = await openEngine({ agents: [] });
    const definition = agentDefinition({ id: 'mine', type: 'mine', protocol: 'command', builtin: false });
    expect(await engine.call('saveAgent', definition)).toMatchObject({ id: 'mine', state: 'idle' });
    expect(await engine.call('saveAgent', { ...definition, slots: 3 })).toMatchObject({ definition: { slots: 3 } });
    await engine.call('enqueueTasks', { tasks: [{ ...work, agent: { id: 'mine' } }] });
    const launch = await engine.launch(0);
    const busy = await engine.attempt('removeAgent', { agentId: definition.id });
    expect(busy).toMatchObject({ ok: false, error: { message: expect.stringContaining('holds 1 live attempts') } });
    launch.complete();
    await engine.settle();
    await engine.call('removeAgent', { agentId: definition.id });
    expect((await engine.call('listAgents', {})).agents).toEqual([]);
    expect(await engine.attempt('removeAgent', { agentId: definition.id })).toMatchObject({
      error: { type: 'notFound' },
    });
  });

  it('R20 leaves the built-in agents as they are', async () => {
    const engine = await openEngine();
    const refused = await engine.attempt('saveAgent', agentDefinition({ builtin: false }));
    expect(refused).toMatchObject({ ok: false, error: { type: 'refused', field: 'id' } });
    expect((await engine.attempt('removeAgent', { agentId })).ok).toBe(false);
  });

  it('follows the built-in agents of the version that starts: new ones come, old ones go', async () => {
    const first = await openEngine({ agents: [agentDefinition(), agentDefinition({ id: 'old' })] });
    await first.close();
    const agents = [agentDefinition({ slots: 5 }), agentDefinition({ id: 'new' })];
    const second = await openEngine({ agents, folder: first.folder, launcher: new ScriptedLauncher() });
    const { agents: views } = await second.call('listAgents', {});
    expect(views.map((view) => [view.id, view.definition.slots])).toEqual([
      ['new', 1],
      ['worker', 5],
    ]);
  });
});
