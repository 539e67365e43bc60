import { describe, expect, it } from 'vitest';
import { agentIdSchema } from '../../src-main/contract/ids.ts';
import type { Engine } from '../support/engine.ts';
import { openEngine } from '../support/engine.ts';
import { agentDefinition } from '../support/samples.ts';

const agentId = agentIdSchema.parse('worker');
const work = { agent: { type: 'worker' }, work: { kind: 'prompt' as const, prompt: 'do it', config: {} } };
const own = { pid: 41, startMark: 'a' };
const ofAttempt = { pid: 42, startMark: 'b' };

async function view(engine: Engine) {
  const { agents } = await engine.call('listAgents', {});
  const agent = agents.find(({ id }) => id === agentId);
  if (agent === undefined) throw new Error('there is no agent worker');
  return agent;
}

describe('R62 an agent as it is seen', () => {
  it('before any work has nothing to tell', async () => {
    const engine = await openEngine();
    expect(await view(engine)).toMatchObject({
      slotsUsed: 0,
      completed: 0,
      failed: 0,
      live: [],
      usage: null,
      averageMs: null,
      lastFailure: null,
    });
  });

  it('shows what it works on, since when', async () => {
    const engine = await openEngine();
    const { taskIds } = await engine.call('enqueueTasks', { tasks: [{ ...work, title: 'Mend it' }] });
    const launch = await engine.launch(0);
    expect((await view(engine)).live).toEqual([
      {
        attemptId: launch.request.attempt.id,
        taskId: taskIds[0],
        runId: null,
        stage: null,
        title: 'Mend it',
        claimedAt: launch.request.attempt.claimedAt,
      },
    ]);
    launch.complete();
    await engine.settle();
    expect((await view(engine)).live).toEqual([]);
  });

  it('shows what its own processes and those of its attempts use', async () => {
    const engine = await openEngine();
    await engine.call('enqueueTasks', { tasks: [work] });
    const launch = await engine.launch(0);
    engine.launcher.agents.starting(agentId);
    engine.launcher.agents.ready(agentId, own, '1.0.0');
    launch.observer.started(ofAttempt);
    await engine.settle();
    engine.launcher.usage.set(agentId, { cpuPercent: 12.5, memoryBytes: 1_000 });
    expect((await view(engine)).usage).toEqual({ cpuPercent: 12.5, memoryBytes: 1_000 });
    expect(engine.launcher.measured.at(-1)?.get(agentId)).toEqual([own, ofAttempt]);
  });

  it('has given a sign of life with its handshake', async () => {
    const engine = await openEngine();
    expect((await view(engine)).lastHeartbeatAt).toBeNull();
    engine.launcher.agents.starting(agentId);
    engine.launcher.agents.ready(agentId, own, '1.0.0');
    await engine.settle();
    expect((await view(engine)).lastHeartbeatAt).toBe(engine.clock.now());
  });

  it('is measured only when somebody asks', async () => {
    const engine = await openEngine();
    await engine.call('enqueueTasks', { tasks: [work] });
    (await engine.launch(0)).complete();
    await engine.pass(60_000);
    expect(engine.launcher.measured).toEqual([]);
  });

  it('shows how long its completed attempts took, and the last failure that was its own', async () => {
    const engine = await openEngine();
    for (const [index, ms] of [1_000, 3_000].entries()) {
      await engine.call('enqueueTasks', { tasks: [work] });
      const launch = await engine.launch(index);
      launch.observer.started(null);
      await engine.settle();
      await engine.pass(ms);
      launch.complete();
      await engine.settle();
    }
    expect(await view(engine)).toMatchObject({ completed: 2, averageMs: 2_000, lastFailure: null });
    await engine.call('enqueueTasks', { tasks: [{ ...work, retry: { maxAttempts: 1 } }] });
    const failed = await engine.launch(2);
    failed.fail('exit code 7', 'fatal');
    await engine.settle();
    await engine.call('enqueueTasks', { tasks: [work] });
    await engine.launch(3);
    await engine.call('freeze', { reason: 'a break' });
    await engine.settle();
    expect(await view(engine)).toMatchObject({
      averageMs: 2_000,
      lastFailure: {
        attemptId: failed.request.attempt.id,
        at: engine.clock.now(),
        failure: { message: 'exit code 7' },
      },
    });
  });
});

describe('agents that are on the machine', () => {
  it('are told apart by whether they are registered', async () => {
    const engine = await openEngine();
    const found = { path: '/bin/x', missing: null, install: 'get x', documentation: 'https://x' };
    engine.machine.agents.push(
      { ...found, definition: agentDefinition() },
      { ...found, definition: agentDefinition({ id: agentIdSchema.parse('gemini') }) },
    );
    const { agents } = await engine.call('detectAgents', {});
    expect(agents.map(({ definition, registered }) => [definition.id, registered])).toEqual([
      ['worker', true],
      ['gemini', false],
    ]);
  });
});

describe('R74 a trial of a definition', () => {
  it('is made under ids that nothing has, and is not stored', async () => {
    const engine = await openEngine();
    const before = engine.allEvents().length;
    const definition = agentDefinition({ id: agentIdSchema.parse('fresh') });
    expect(await engine.call('testAgent', { definition })).toMatchObject({ passed: true });
    expect(await engine.call('testAgent', { definition, prompt: 'Hello' })).toMatchObject({ passed: true });
    expect(engine.launcher.trials.map(({ prompt }) => prompt)).toEqual([null, 'Hello']);
    expect(new Set(engine.launcher.trials.map(({ ids }) => ids.attemptId)).size).toBe(2);
    expect(engine.allEvents()).toHaveLength(before);
  });

  it('gives a command something to answer', async () => {
    const engine = await openEngine();
    await engine.call('testAgent', { definition: agentDefinition({ protocol: 'command' }) });
    expect(engine.launcher.trials[0]?.prompt).toContain('test');
  });

  it('is refused for a shell, which has nothing to test', async () => {
    const engine = await openEngine();
    expect(await engine.attempt('testAgent', { definition: agentDefinition({ protocol: 'shell' }) })).toMatchObject({
      ok: false,
      error: { type: 'invalidInput', field: 'definition.protocol' },
    });
  });

  it('is refused while two others are under way, and not after', async () => {
    const engine = await openEngine();
    const ends: (() => void)[] = [];
    const passed = { passed: true, version: null, durationMs: 1, output: [], failure: null };
    engine.launcher.onTestAgent = () => new Promise((resolve) => ends.push(() => resolve(passed)));
    const input = { definition: agentDefinition() };
    const [first, second] = [engine.attempt('testAgent', input), engine.attempt('testAgent', input)];
    expect(await engine.attempt('testAgent', input)).toMatchObject({ ok: false, error: { type: 'unavailable' } });
    for (const end of ends.splice(0)) end();
    expect([(await first).ok, (await second).ok]).toEqual([true, true]);
    const third = engine.attempt('testAgent', input);
    for (const end of ends) end();
    expect((await third).ok).toBe(true);
  });
});

describe('settings and the doctor', () => {
  it('R41 settings that are saved hold at once where they can: more slots start what waits', async () => {
    const engine = await openEngine({ settings: { slots: { total: 1 } }, agents: [agentDefinition({ slots: 4 })] });
    await engine.call('enqueueTasks', { tasks: [work, work] });
    await engine.settle();
    expect(engine.launcher.launches).toHaveLength(1);
    const { settings } = await engine.call('getSettings', {});
    expect(settings.slots.total).toBe(1);
    await engine.call('saveSettings', { settings: { ...settings, slots: { total: 2, perType: {} } } });
    await engine.settle();
    expect(engine.launcher.launches).toHaveLength(2);
  });

  it('the doctor looks at the machine and at the database', async () => {
    const engine = await openEngine();
    engine.machine.findings.push({ check: 'git', status: 'warning', detail: 'not found', remedy: 'Install it.' });
    const { findings } = await engine.call('runDoctor', {});
    expect(findings[0]).toMatchObject({ check: 'git', status: 'warning' });
  });
});
