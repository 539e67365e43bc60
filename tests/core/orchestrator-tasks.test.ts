import { describe, expect, it } from 'vitest';
import type { ApiInput } from '../../src-main/contract/api.ts';
import type { TaskId } from '../../src-main/contract/ids.ts';
import { taskIdSchema } from '../../src-main/contract/ids.ts';
import type { Engine } from '../support/engine.ts';
import { openEngine, restingTimers } from '../support/engine.ts';
import { agentDefinition } from '../support/samples.ts';

type NewTask = ApiInput<'enqueueTasks'>['tasks'][number];

const work = { agent: { type: 'worker' }, work: { kind: 'prompt' as const, prompt: 'do it', config: {} } };
const oneTry = { retry: { maxAttempts: 1 } };

async function enqueue(engine: Engine, ...tasks: readonly Partial<NewTask>[]): Promise<readonly TaskId[]> {
  const { taskIds } = await engine.call('enqueueTasks', { tasks: tasks.map((task) => ({ ...work, ...task })) });
  return taskIds;
}

async function enqueueOne(engine: Engine, task: Partial<NewTask> = {}): Promise<TaskId> {
  const [taskId] = await enqueue(engine, task);
  return taskIdSchema.parse(taskId);
}

async function stateOf(engine: Engine, taskId: TaskId): Promise<string> {
  const { task } = await engine.call('getTask', { taskId });
  return task.state;
}

const titles = (engine: Engine) => engine.launcher.launches.map((launch) => launch.request.task.spec.title);

describe('a task that is queued by hand', () => {
  it('R04 is claimed at once, runs, and completes with its output', async () => {
    const engine = await openEngine();
    const taskId = await enqueueOne(engine);
    const launch = await engine.launch(0);
    expect(await stateOf(engine, taskId)).toBe('claimed');
    launch.observer.started({ pid: 42, startMark: 'a' });
    await engine.settle();
    expect(await stateOf(engine, taskId)).toBe('running');
    launch.complete({ answer: 42 });
    await engine.settle();
    const { task, attempts } = await engine.call('getTask', { taskId });
    expect(task).toMatchObject({ state: 'completed', outputs: { answer: 42 }, attempts: 1 });
    expect(attempts).toMatchObject([{ state: 'completed', number: 1, process: { pid: 42 }, outputs: { answer: 42 } }]);
    expect(engine.clock.timers).toBe(restingTimers + 1);
    await engine.pass(10_000);
    expect(engine.clock.timers).toBe(restingTimers);
  });

  it('completes also when its agent never said that it started', async () => {
    const engine = await openEngine();
    const taskId = await enqueueOne(engine);
    (await engine.launch(0)).complete();
    await engine.settle();
    expect(await stateOf(engine, taskId)).toBe('completed');
  });

  it('R09 is refused when no agent matches, with the nearest name', async () => {
    const engine = await openEngine();
    const refused = await engine.attempt('enqueueTasks', { tasks: [{ ...work, agent: { type: 'wroker' } }] });
    expect(refused).toMatchObject({
      ok: false,
      error: { field: 'tasks.0.agent', message: expect.stringContaining('Did you mean worker?') },
    });
    const missing = await engine.attempt('enqueueTasks', {
      tasks: [{ ...work, agent: { id: 'zzz', capabilities: ['rust'] } }],
    });
    expect(missing).toMatchObject({ ok: false, error: { message: 'No agent matches agent zzz with rust.' } });
    expect(engine.launcher.launches).toEqual([]);
  });

  it('R74 is refused when its folder does not exist, and nothing is queued', async () => {
    const engine = await openEngine();
    engine.missingPaths.add('/gone');
    const refused = await engine.attempt('enqueueTasks', { tasks: [work, { ...work, folder: '/gone' }] });
    expect(refused).toMatchObject({ ok: false, error: { field: 'tasks.1.folder' } });
    const relative = await engine.attempt('enqueueTasks', { tasks: [{ ...work, folder: 'here' }] });
    expect(relative).toMatchObject({ ok: false, error: { message: expect.stringContaining('not an absolute path') } });
    expect((await engine.call('listTasks', {})).tasks).toEqual([]);
  });

  it('is refused when a command is given to an agent that takes prompts, and the other way round', async () => {
    const engine = await openEngine({
      agents: [agentDefinition(), agentDefinition({ id: 'shell', type: 'shell', protocol: 'shell' })],
    });
    const command = { kind: 'command' as const, command: { kind: 'script' as const, script: 'true' } };
    const wrong = await engine.attempt('enqueueTasks', { tasks: [{ ...work, work: command }] });
    expect(wrong).toMatchObject({
      ok: false,
      error: { message: 'Agent worker takes prompts, and was given a command.' },
    });
    const other = await engine.attempt('enqueueTasks', { tasks: [{ ...work, agent: { type: 'shell' } }] });
    expect(other).toMatchObject({ ok: false, error: { field: 'tasks.0.work' } });
    await enqueueOne(engine, { agent: { id: 'shell' }, work: command });
    expect((await engine.launch(0)).request.task.spec.title).toBe('true');
  });

  it('takes its title from the first line of its work', async () => {
    const engine = await openEngine({
      agents: [agentDefinition({ slots: 9 }), agentDefinition({ id: 'shell', type: 'shell', protocol: 'shell' })],
    });
    await enqueueOne(engine, { work: { kind: 'prompt', prompt: `${'long '.repeat(40)}\nsecond`, config: {} } });
    await enqueueOne(engine, { work: { kind: 'prompt', prompt: ' ', config: {} } });
    const argv = { kind: 'command' as const, command: { kind: 'argv' as const, argv: ['npm', 'test'] } };
    await enqueueOne(engine, { agent: { type: 'shell' }, work: argv });
    await engine.settle();
    expect(titles(engine)).toEqual([expect.stringMatching(/^long .*…$/), 'task', 'npm test']);
  });
});

describe('order and limits', () => {
  it('R08 is critical before high before normal before low, then first in first out', async () => {
    const engine = await openEngine();
    await engine.call('freeze', { reason: 'to queue in peace' });
    await enqueue(engine, { title: 'low', priority: 'low' }, { title: 'n1' }, { title: 'high', priority: 'high' });
    await enqueue(engine, { title: 'n2' }, { title: 'critical', priority: 'critical' });
    engine.launcher.onLaunch = (launch) => launch.complete();
    await engine.call('thaw', { reason: 'queued' });
    await engine.settle();
    await engine.settle();
    expect(titles(engine)).toEqual(['critical', 'high', 'n1', 'n2', 'low']);
  });

  it('R28 never runs more than the slots in total, per type and per agent; the rest waits and starts by itself', async () => {
    const agents = [agentDefinition({ id: 'one', slots: 4 }), agentDefinition({ id: 'two', slots: 4 })];
    const engine = await openEngine({ agents, settings: { slots: { total: 5, perType: { worker: 3 } } } });
    await enqueue(engine, ...Array.from({ length: 10 }, () => ({})));
    await engine.settle();
    expect(engine.launcher.launches).toHaveLength(3);
    (await engine.launch(0)).complete();
    await engine.settle();
    expect(engine.launcher.launches).toHaveLength(4);
    engine.launcher.onLaunch = (launch) => launch.complete();
    for (const launch of engine.launcher.launches) launch.complete();
    await engine.settle();
    await engine.settle();
    expect((await engine.call('getStatus', {})).tasks.completed).toBe(10);
  });

  it('R39 prefers the agent that knows the repository, then the one used longest ago', async () => {
    const agents = [
      agentDefinition({ id: 'one' }),
      agentDefinition({ id: 'two' }),
      agentDefinition({ id: 'three', repositories: ['/repo'] }),
    ];
    const engine = await openEngine({ agents });
    const whose = () => engine.launcher.launches.map((launch) => launch.request.agent.id);
    await enqueueOne(engine, { folder: '/repo/src' });
    (await engine.launch(0)).complete();
    await enqueueOne(engine, { folder: '/elsewhere' });
    (await engine.launch(1)).complete();
    await enqueueOne(engine, { folder: '/elsewhere' });
    await engine.settle();
    expect(whose()).toEqual(['three', 'one', 'two']);
  });

  it('R61 starts a delayed task once, at its time', async () => {
    const engine = await openEngine();
    const taskId = await enqueueOne(engine, { delayMs: 60_000 });
    await engine.pass(59_000);
    expect(engine.launcher.launches).toEqual([]);
    expect((await engine.call('getTask', { taskId })).waitingBecause).toBe('it is delayed for 1 s more');
    await engine.pass(1_000);
    expect(engine.launcher.launches).toHaveLength(1);
  });

  it('lets the order of a waiting task be changed', async () => {
    const engine = await openEngine();
    await enqueueOne(engine, { title: 'busy' });
    const [, last] = await enqueue(engine, { title: 'first' }, { title: 'last' });
    await engine.call('setTaskPriority', { taskId: taskIdSchema.parse(last), priority: 'critical' });
    (await engine.launch(0)).complete();
    await engine.settle();
    expect(titles(engine)).toEqual(['busy', 'last']);
  });
});

describe('failure', () => {
  it('R23 is tried again after a delay that doubles, and stored with its reasons', async () => {
    const engine = await openEngine();
    const retry = { maxAttempts: 3, delayMs: 1_000, maxDelayMs: 60_000, factor: 2, jitter: 0 };
    const taskId = await enqueueOne(engine, { retry });
    (await engine.launch(0)).fail('first');
    await engine.settle();
    await engine.pass(999);
    expect(engine.launcher.launches).toHaveLength(1);
    await engine.pass(1);
    (await engine.launch(1)).fail('second', 'transient');
    await engine.settle();
    await engine.pass(2_000);
    (await engine.launch(2)).complete();
    await engine.settle();
    const { task, attempts } = await engine.call('getTask', { taskId });
    expect(task.state).toBe('completed');
    expect(attempts.map((attempt) => attempt.failure?.message ?? null)).toEqual(['first', 'second', null]);
    expect(engine.events('task.released').map((event) => event.reason)).toEqual(['first', 'second']);
  });

  it('R50 leaves a dead letter when the attempts are used up, which can be requeued', async () => {
    const engine = await openEngine();
    const taskId = await enqueueOne(engine, oneTry);
    (await engine.launch(0)).fail();
    await engine.settle();
    expect(await stateOf(engine, taskId)).toBe('dead');
    await engine.call('requeueTask', { taskId });
    (await engine.launch(1)).complete();
    await engine.settle();
    expect(await stateOf(engine, taskId)).toBe('completed');
    const refused = await engine.attempt('requeueTask', { taskId });
    expect(refused).toMatchObject({ ok: false, error: { type: 'refused' } });
    expect(engine.events('command.refused')).toMatchObject([{ command: 'requeueTask', taskId }]);
  });

  it('R37 of some tasks leaves the others alone', async () => {
    const engine = await openEngine({ agents: [agentDefinition({ slots: 4 })] });
    const ids = await enqueue(engine, oneTry, oneTry, oneTry, oneTry);
    (await engine.launch(0)).fail();
    (await engine.launch(1)).fail('no', 'fatal');
    (await engine.launch(2)).complete();
    (await engine.launch(3)).complete();
    await engine.settle();
    expect(await Promise.all(ids.map((id) => stateOf(engine, id)))).toEqual([
      'dead',
      'failed',
      'completed',
      'completed',
    ]);
  });
});

describe('needs', () => {
  it('R33 holds a task until all it needs have completed', async () => {
    const engine = await openEngine({ agents: [agentDefinition({ slots: 4 })] });
    const [, , join] = await enqueue(
      engine,
      { key: 'left', title: 'left' },
      { key: 'right', title: 'right' },
      { key: 'join', title: 'join', needs: ['left', 'right'] },
    );
    await engine.settle();
    const joinId = taskIdSchema.parse(join);
    expect((await engine.call('getTask', { taskId: joinId })).waitingBecause).toMatch(
      /^it needs tasks task_\w+, task_\w+ to complete first$/,
    );
    (await engine.launch(0)).complete();
    await engine.settle();
    expect(await stateOf(engine, joinId)).toBe('blocked');
    expect((await engine.call('getTask', { taskId: joinId })).waitingBecause).toMatch(
      /^it needs task task_\w+ to complete first$/,
    );
    (await engine.launch(1)).complete();
    expect((await engine.launch(2)).request.task.spec.title).toBe('join');
  });

  it('R33 keeps a task blocked, or cancels it and what needs it, when a need failed', async () => {
    const engine = await openEngine();
    const ids = await enqueue(
      engine,
      { key: 'base', ...oneTry },
      { needs: ['base'] },
      { key: 'skipped', needs: ['base'], onNeedFailed: 'skip' },
      { needs: ['skipped'], onNeedFailed: 'skip' },
    );
    (await engine.launch(0)).fail();
    await engine.settle();
    expect(await Promise.all(ids.map((id) => stateOf(engine, id)))).toEqual([
      'dead',
      'blocked',
      'cancelled',
      'cancelled',
    ]);
  });

  it('R33 is refused for a circle, a double key, an unknown name and a task that will never complete', async () => {
    const engine = await openEngine();
    const circle = await engine.attempt('enqueueTasks', {
      tasks: [
        { ...work, key: 'a', needs: ['b'] },
        { ...work, key: 'b', needs: ['a'] },
      ],
    });
    expect(circle).toMatchObject({ ok: false, error: { message: expect.stringMatching(/a → b|b → a/) } });
    const double = await engine.attempt('enqueueTasks', {
      tasks: [
        { ...work, key: 'a' },
        { ...work, key: 'a' },
      ],
    });
    expect(double).toMatchObject({ ok: false, error: { message: 'The key a is given to two tasks.' } });
    const unknown = await engine.attempt('enqueueTasks', { tasks: [{ ...work, needs: ['nothing'] }] });
    expect(unknown).toMatchObject({ ok: false, error: { field: 'tasks.0.needs' } });
    const foreign = taskIdSchema.parse(`task_${'9'.repeat(26)}`);
    expect((await engine.attempt('enqueueTasks', { tasks: [{ ...work, needs: [foreign] }] })).ok).toBe(false);
    const failed = await enqueueOne(engine);
    await engine.call('cancelTask', { taskId: failed, reason: 'enough' });
    await engine.settle();
    const never = await engine.attempt('enqueueTasks', { tasks: [{ ...work, needs: [failed] }] });
    expect(never).toMatchObject({ ok: false, error: { message: expect.stringContaining('will never complete') } });
  });

  it('are met already when the needed task has completed before', async () => {
    const engine = await openEngine();
    const first = await enqueueOne(engine);
    (await engine.launch(0)).complete();
    await engine.settle();
    await enqueueOne(engine, { needs: [first] });
    expect(await engine.launch(1)).toBeDefined();
  });
});

describe('cancelling a task', () => {
  it('ends a waiting one at once, and a live one through its agent', async () => {
    const engine = await openEngine();
    const live = await enqueueOne(engine);
    const waiting = await enqueueOne(engine);
    const launch = await engine.launch(0);
    await engine.call('cancelTask', { taskId: waiting, reason: 'enough' });
    await engine.call('cancelTask', { taskId: live, reason: 'enough' });
    await engine.settle();
    expect(launch.stops).toEqual([5_000]);
    expect([await stateOf(engine, live), await stateOf(engine, waiting)]).toEqual(['cancelled', 'cancelled']);
    const unknown = await engine.attempt('cancelTask', {
      taskId: taskIdSchema.parse(`task_${'9'.repeat(26)}`),
      reason: 'x',
    });
    expect(unknown).toMatchObject({ ok: false, error: { type: 'notFound' } });
  });

  it('reaches an attempt whose claim is committed together with it', async () => {
    const engine = await openEngine();
    const taskId = await enqueueOne(engine);
    await engine.call('cancelTask', { taskId, reason: 'enough' });
    await engine.settle();
    expect(await stateOf(engine, taskId)).toBe('cancelled');
  });
});
