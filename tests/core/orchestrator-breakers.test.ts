import { describe, expect, it } from 'vitest';
import type { Failure } from '../../src-main/contract/errors.ts';
import { breakerIdSchema } from '../../src-main/contract/ids.ts';
import type { Engine, EngineOptions } from '../support/engine.ts';
import { openEngine } from '../support/engine.ts';
import { agentDefinition } from '../support/samples.ts';
import type { Launch } from '../support/scripted-launcher.ts';

const work = { agent: { type: 'worker' }, work: { kind: 'prompt' as const, prompt: 'do it', config: {} } };
const once = { ...work, retry: { maxAttempts: 1 } };
const many = (count: number, change: object = {}) => Array.from({ length: count }, () => ({ ...once, ...change }));
const ofWorker = breakerIdSchema.parse('agent:worker');
const minute = 60_000;

/** An engine whose launches end as the test says, at once; `hold` keeps them open. */
async function openBreakable(change: EngineOptions = {}) {
  const engine = await openEngine({ agents: [agentDefinition({ slots: 4 })], ...change });
  const held: Launch[] = [];
  const script: { next: 'complete' | 'fail' | 'hold' } = { next: 'fail' };
  engine.launcher.onLaunch = (launch) => {
    if (script.next === 'hold') held.push(launch);
    else launch[script.next]();
  };
  return { engine, held, script };
}

const stateOf = async (engine: Engine, id: string = ofWorker) =>
  (await engine.call('listBreakers', {})).breakers.find((breaker) => breaker.id === id)?.state ?? 'none';

const countTasks = async (engine: Engine) => (await engine.call('getStatus', {})).tasks;

/** Lets five tasks fail, which opens the breaker. */
async function breakOpen(engine: Engine): Promise<void> {
  await engine.call('enqueueTasks', { tasks: many(5) });
  await engine.settle();
  expect(await stateOf(engine)).toBe('open');
}

describe('R59 the circuit breaker of an agent', () => {
  it('opens after five failures in a row, is half open after a minute, and closes after two successes', async () => {
    const { engine, script } = await openBreakable({ agents: [agentDefinition()] });
    await engine.call('enqueueTasks', { tasks: many(4) });
    await engine.settle();
    expect(await stateOf(engine)).toBe('closed');
    await engine.call('enqueueTasks', { tasks: many(11) });
    await engine.settle();
    expect(await stateOf(engine)).toBe('open');
    expect(await countTasks(engine)).toMatchObject({ dead: 5, queued: 10 });
    await engine.pass(minute - 1);
    expect(engine.launcher.launches).toHaveLength(5);
    script.next = 'hold';
    await engine.pass(1);
    expect(await stateOf(engine)).toBe('half_open');
    expect(engine.launcher.launches).toHaveLength(6);
    script.next = 'complete';
    (await engine.launch(5)).complete();
    await engine.settle();
    expect(await stateOf(engine)).toBe('closed');
    expect(await countTasks(engine)).toMatchObject({ dead: 5, queued: 0, completed: 10 });
    expect(engine.events('breaker.succeeded').map(({ to }) => to)).toEqual(['half_open', 'closed']);
  });

  it('opens again for twice as long when what it lets through fails, and loses nothing', async () => {
    const { engine, script } = await openBreakable({ agents: [agentDefinition()] });
    await breakOpen(engine);
    await engine.call('enqueueTasks', { tasks: many(3, { retry: { maxAttempts: 2, delayMs: 0 } }) });
    await engine.pass(minute);
    expect(engine.launcher.launches).toHaveLength(6);
    expect(await stateOf(engine)).toBe('open');
    await engine.pass(2 * minute - 1);
    expect(engine.launcher.launches).toHaveLength(6);
    script.next = 'complete';
    await engine.pass(1);
    expect(await stateOf(engine)).toBe('closed');
    expect(await countTasks(engine)).toMatchObject({ completed: 3, queued: 0 });
  });

  it('lets through only as many at once as are needed to close it', async () => {
    const { engine, held, script } = await openBreakable();
    await breakOpen(engine);
    await engine.call('enqueueTasks', { tasks: many(8) });
    script.next = 'hold';
    await engine.pass(minute);
    expect(held).toHaveLength(2);
    held[0]?.complete();
    await engine.settle();
    // One success is missing, and one attempt is under way that may bring it.
    expect(held).toHaveLength(2);
    held[1]?.complete();
    await engine.settle();
    expect(held).toHaveLength(6);
  });

  it('goes on trying when what it let through says nothing', async () => {
    const { engine, held, script } = await openBreakable({ settings: { breaker: { successes: 1 } } });
    await breakOpen(engine);
    await engine.call('enqueueTasks', { tasks: many(3) });
    script.next = 'hold';
    await engine.pass(minute);
    const [taskId] = held.map(({ request }) => request.task.id);
    await engine.call('cancelTask', { taskId: taskId ?? '', reason: 'enough' });
    await engine.settle();
    expect(await stateOf(engine)).toBe('half_open');
    expect(held).toHaveLength(2);
  });

  it('does not count what says nothing of the agent', async () => {
    const { engine } = await openBreakable({ agents: [agentDefinition({ protocol: 'command' })] });
    engine.launcher.onLaunch = (launch) => {
      const failure: Failure = { category: 'folder', class: 'fatal', message: 'The folder is gone.' };
      launch.finish({ outcome: 'failed', exit: null, failure });
    };
    await engine.call('enqueueTasks', { tasks: many(9) });
    await engine.settle();
    expect(await countTasks(engine)).toMatchObject({ failed: 9 });
    expect(await engine.call('listBreakers', {})).toEqual({ breakers: [] });
  });

  it('writes nothing while all goes well', async () => {
    const { engine, script } = await openBreakable();
    const { timers } = engine.clock;
    script.next = 'complete';
    await engine.call('enqueueTasks', { tasks: many(9) });
    await engine.settle();
    expect(await countTasks(engine)).toMatchObject({ completed: 9 });
    expect(engine.allEvents().filter(({ kind }) => kind.startsWith('breaker.'))).toEqual([]);
    await engine.pass(10_000);
    expect(engine.clock.timers).toBe(timers);
  });

  it('takes settings that were saved at once', async () => {
    const { engine } = await openBreakable();
    const { settings } = await engine.call('getSettings', {});
    await engine.call('saveSettings', { settings: { ...settings, breaker: { ...settings.breaker, failures: 2 } } });
    await engine.call('enqueueTasks', { tasks: many(2) });
    await engine.settle();
    expect(await stateOf(engine)).toBe('open');
  });

  it('stays open over a restart, for the rest of its time', async () => {
    const first = await openBreakable();
    await breakOpen(first.engine);
    await first.engine.call('enqueueTasks', { tasks: many(3) });
    await first.engine.pass(20_000);
    await first.engine.crash();
    const { clock, folder } = first.engine;
    const { engine, script } = await openBreakable({ clock, folder });
    script.next = 'complete';
    await engine.pass(39_999);
    expect(engine.launcher.launches).toEqual([]);
    expect(await stateOf(engine)).toBe('open');
    await engine.pass(1);
    expect(await stateOf(engine)).toBe('closed');
    expect(await countTasks(engine)).toMatchObject({ completed: 3 });
  });

  it('is tried in time when the clock is put back, and when it is put forward', async () => {
    const { engine, script } = await openBreakable();
    await breakOpen(engine);
    script.next = 'complete';
    engine.clock.jump(-24 * 60 * minute);
    await engine.pass(minute);
    expect(await stateOf(engine)).toBe('half_open');
    await engine.call('enqueueTasks', { tasks: many(2) });
    await engine.settle();
    expect(await stateOf(engine)).toBe('closed');
    script.next = 'fail';
    await breakOpen(engine);
    engine.clock.jump(24 * 60 * minute);
    await engine.call('enqueueTasks', { tasks: many(1) });
    await engine.settle();
    expect(engine.events('breaker.halfOpened')).toHaveLength(2);
  });

  it('gives back what a claim that was not committed took', async () => {
    const { engine, held, script } = await openBreakable({ settings: { breaker: { successes: 1 } } });
    await breakOpen(engine);
    await engine.call('enqueueTasks', { tasks: many(2) });
    script.next = 'hold';
    await engine.settle();
    engine.failCommits = new Error('no room');
    await engine.pass(minute);
    expect(held).toEqual([]);
    engine.failCommits = null;
    await engine.pass(1_000);
    expect(held).toHaveLength(1);
  });
});

describe('R59 the circuit breaker of a provider', () => {
  const agents = [
    agentDefinition({ id: 'one', provider: 'acme', slots: 4 }),
    agentDefinition({ id: 'two', provider: 'acme', slots: 4 }),
    agentDefinition({ id: 'other', type: 'other', provider: 'emca' }),
  ];
  const ofAcme = 'provider:acme';

  it('is shared by its agents, which it holds back together', async () => {
    const { engine, held, script } = await openBreakable({ agents });
    await engine.call('enqueueTasks', { tasks: many(5) });
    await engine.settle();
    expect(await stateOf(engine, ofAcme)).toBe('open');
    const apart = await Promise.all(['agent:one', 'agent:two'].map((id) => stateOf(engine, id)));
    expect(apart).toEqual(['closed', 'closed']);
    script.next = 'hold';
    await engine.call('enqueueTasks', { tasks: [...many(6), ...many(1, { agent: { type: 'other' } })] });
    await engine.settle();
    expect(held.map(({ request }) => request.agent.id)).toEqual(['other']);
    await engine.pass(minute);
    expect(held).toHaveLength(3);
    const { waitingBecause } = await waiting(engine);
    expect(waitingBecause).toMatch(
      /^the circuit breaker of provider acme is half open: 2 attempts at a time.*; the circuit breaker of provider acme/,
    );
  });

  it('opens at once when a quota is used up, and the work waits without blame until the agent said', async () => {
    const { engine, script } = await openBreakable({ agents });
    const retryAt = engine.clock.now() + 5 * 60 * minute;
    const failure: Failure = { category: 'quota', class: 'transient', message: 'Usage limit reached.', retryAt };
    engine.launcher.onLaunch = (launch) => launch.finish({ outcome: 'failed', exit: null, failure });
    await engine.call('enqueueTasks', { tasks: many(50) });
    await engine.settle();
    const launched = engine.launcher.launches.length;
    expect(launched).toBeLessThanOrEqual(8);
    expect(await stateOf(engine, ofAcme)).toBe('open');
    expect(await countTasks(engine)).toMatchObject({ queued: 50, dead: 0, failed: 0 });
    const released = engine.events('task.released');
    expect(released.map(({ by, counts }) => `${by} ${counts}`)).toEqual(Array(launched).fill('agent nothing'));
    engine.launcher.onLaunch = (launch) => launch.complete();
    script.next = 'complete';
    await engine.pass(5 * 60 * minute - 1);
    expect(engine.launcher.launches).toHaveLength(launched);
    await engine.pass(1);
    expect(await countTasks(engine)).toMatchObject({ completed: 50 });
    const again = engine.launcher.launches.slice(launched).map(({ request }) => request.task.id);
    // What had been begun comes first.
    expect(new Set(again.slice(0, launched))).toEqual(new Set(released.map(({ taskId }) => taskId)));
  });
});

async function waiting(engine: Engine) {
  const { tasks } = await engine.call('listTasks', { states: ['queued'], limit: 1 });
  return await engine.call('getTask', { taskId: tasks[0]?.id ?? '' });
}

describe('R59 what people see of a circuit breaker, and do about it', () => {
  const because =
    /^the circuit breaker of agent worker has been open for 15 s \(exit code 1\); it is tried again in 45 s$/;

  it('says to the task, to the agent and in health why nothing happens', async () => {
    const { engine } = await openBreakable();
    await breakOpen(engine);
    await engine.call('enqueueTasks', { tasks: many(1) });
    await engine.pass(15_000);
    expect((await waiting(engine)).waitingBecause).toMatch(because);
    const { agents } = await engine.call('listAgents', {});
    expect(agents.map(({ heldBecause }) => heldBecause)).toEqual([expect.stringMatching(because)]);
    const { health } = await engine.call('getStatus', {});
    expect(health.reasons.map(({ message }) => message).join()).toMatch(/circuit breaker of agent worker is open/);
  });

  it('is closed by a person, and the work goes on', async () => {
    const { engine, script } = await openBreakable();
    await breakOpen(engine);
    await engine.call('enqueueTasks', { tasks: many(3) });
    script.next = 'complete';
    const reset = await engine.call('resetBreaker', { breakerId: ofWorker, reason: 'repaired' });
    expect(reset).toMatchObject({ id: ofWorker, state: 'closed', failuresInRow: 0, lastFailure: null });
    await engine.settle();
    expect(await countTasks(engine)).toMatchObject({ completed: 3 });
    expect(engine.events('breaker.reset')).toMatchObject([{ actor: 'person', reason: 'repaired' }]);
  });

  it.each(['agent:worker', 'provider:nobody'])('refuses to close %s when it is closed', async (id) => {
    const { engine, script } = await openBreakable();
    await engine.call('enqueueTasks', { tasks: many(1) });
    await engine.settle();
    script.next = 'complete';
    await engine.call('enqueueTasks', { tasks: many(1) });
    await engine.settle();
    const refused = await engine.attempt('resetBreaker', { breakerId: id, reason: 'why not' });
    expect(refused).toMatchObject({
      ok: false,
      error: { type: 'refused', message: expect.stringMatching(/is closed/) },
    });
  });

  it('is closed when a person starts the agent', async () => {
    const { engine } = await openBreakable({ agents: [agentDefinition({ protocol: 'command', slots: 4 })] });
    await breakOpen(engine);
    await engine.call('startAgent', { agentId: 'worker' });
    expect(await stateOf(engine)).toBe('closed');
  });

  it('is closed when the agent is changed or removed', async () => {
    const { engine } = await openBreakable({ agents: [] });
    const own = agentDefinition({ builtin: false, slots: 4 });
    await engine.call('saveAgent', own);
    await breakOpen(engine);
    await engine.call('saveAgent', { ...own, title: 'repaired' });
    expect(await stateOf(engine)).toBe('closed');
    await breakOpen(engine);
    await engine.call('removeAgent', { agentId: own.id });
    expect(await stateOf(engine)).toBe('closed');
  });
});
