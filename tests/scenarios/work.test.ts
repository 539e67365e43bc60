/** From submit to result with real agents: one task, many tasks, many agents, limits, and runs beside each other. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Attempt } from '../../src-main/contract/task.ts';
import { isAlive, processesOf } from '../support/process-census.ts';
import { commandTask, intervalOf, outputsOf, RealEngine, testAgent, testTask } from '../support/real-engine.ts';

let engine: RealEngine;

beforeAll(async () => {
  engine = await RealEngine.open();
});
afterAll(() => engine.close());

async function addAgent(name: string, options: Parameters<typeof testAgent>[1] = {}): Promise<void> {
  await engine.call('saveAgent', testAgent(name, { type: name, ...options }));
}

/** The most attempts that ran at the same time. */
function mostAtOnce(attempts: readonly Attempt[]): number {
  const intervals = attempts.map(intervalOf);
  return Math.max(...intervals.map(({ from }) => intervals.filter((one) => one.from <= from && from < one.to).length));
}

describe('one task', () => {
  test('R04 goes from submit over a claim and a child process to its result', async () => {
    const argv = [process.execPath, '-p', '6 * 7'];
    const { task, attempts } = await engine.runTask(commandTask(argv));
    expect(task.state).toBe('completed');
    expect(attempts).toMatchObject([{ state: 'completed', exit: { code: 0 } }]);
    expect(await engine.log(attempts[0] as Attempt)).toBe('42');
    const kinds = (await engine.events({ taskId: task.id })).map(({ kind }) => kind);
    expect(kinds).toEqual([
      ...['task.created', 'task.claimed', 'attempt.started'],
      ...['attempt.ended', 'task.completed'],
    ]);
  });

  test('R02 has one id: in the answer, the row, the message to the child, its environment and its log', async () => {
    await addAgent('echo');
    const inputs = { text: 'ünïcode "quoted"\n', nested: { list: [1, null, { deep: true }] } };
    const ended = await engine.runTask(testTask({ print: ['at work'] }, { agent: { type: 'echo' }, inputs }));
    const { task, attempts } = ended;
    const attempt = attempts[0] as Attempt;
    expect(outputsOf(ended)).toMatchObject({ taskId: task.id, attemptId: attempt.id, attemptNumber: 1, inputs });
    const { path } = await engine.call('readLog', { attemptId: attempt.id });
    expect(path).toContain(attempt.id);
    expect(readFileSync(path, 'utf8')).toContain('at work');
    const listed = await engine.call('listTasks', { states: ['completed'], limit: 1_000 });
    expect(listed.tasks.map(({ id }) => id)).toContain(task.id);
  });

  test('R69 has one trace id: in the row, in TRACEPARENT of the child, in its result and in its log', async () => {
    await addAgent('echo-command', { protocol: 'command' });
    const byPrompt = await engine.runTask(testTask({}, { agent: { type: 'echo-command' } }));
    const environment = outputsOf(byPrompt).environment as Record<string, string>;
    expect(environment.TRACEPARENT).toMatch(new RegExp(`^00-${byPrompt.task.traceId}-[0-9a-f]{16}-01$`));
    const script = { kind: 'script' as const, script: 'echo "trace $TRACEPARENT"' };
    const byScript = await engine.runTask({ agent: { type: 'shell' }, work: { kind: 'command', command: script } });
    expect(await engine.log(byScript.attempts[0] as Attempt)).toContain(`trace 00-${byScript.task.traceId}-`);
    expect(byScript.task.traceId).not.toBe(byPrompt.task.traceId);
  });

  test('R09 for an agent type that nobody has is refused, and the error names the type', async () => {
    const refused = await engine.attempt('enqueueTasks', { tasks: [testTask({}, { agent: { type: 'nobody' } })] });
    expect(refused).toMatchObject({ ok: false, error: { type: 'invalidInput', field: 'tasks.0.agent' } });
    expect(JSON.stringify(refused)).toContain('nobody');
  });

  test('R10 queued while its agent is stopped starts within 2 s once the agent is started', async () => {
    await addAgent('absent-one');
    await engine.call('stopAgent', { agentId: 'absent-one' as never, reason: 'not needed' });
    const [taskId] = await engine.enqueue(testTask({}, { agent: { type: 'absent-one' } }));
    const waiting = await engine.call('getTask', { taskId: taskId as never });
    expect(waiting.task.state).toBe('queued');
    expect(waiting.waitingBecause).toContain('agent absent-one was stopped by a person');
    await engine.call('startAgent', { agentId: 'absent-one' as never });
    const readyAt = (await engine.eventsOf('agent.processStarted')).find(({ agentId }) => agentId === 'absent-one')?.at;
    const { attempts } = await engine.taskEnd(taskId as never);
    expect(Number(attempts[0]?.startedAt) - Number(readyAt)).toBeLessThanOrEqual(2_000);
    expect(Number(attempts[0]?.claimedAt) - Number(readyAt)).toBeLessThanOrEqual(500);
  });
});

describe('many tasks', () => {
  test('R05 two tasks on two agents run at the same time', async () => {
    await addAgent('twin-a', { type: 'twin' });
    await addAgent('twin-b', { type: 'twin' });
    const slow = testTask({ mode: 'slow', ms: 1_500 }, { agent: { type: 'twin' } });
    const ended = await Promise.all((await engine.enqueue(slow, slow)).map((taskId) => engine.taskEnd(taskId)));
    expect(ended.map(({ task }) => task.state)).toEqual(['completed', 'completed']);
    expect(ended.map(({ task }) => String(task.agentId)).toSorted()).toEqual(['twin-a', 'twin-b']);
    expect(mostAtOnce(ended.flatMap(({ attempts }) => attempts))).toBe(2);
  });

  test('R06 an agent never holds more attempts than it has slots', async () => {
    await addAgent('narrow', { protocol: 'command', slots: 2 });
    const task = testTask({ mode: 'slow', ms: 60 }, { agent: { type: 'narrow' } });
    const taskIds = await engine.enqueue(...Array.from({ length: 12 }, () => task));
    const ended = await Promise.all(taskIds.map((taskId) => engine.taskEnd(taskId, 40_000)));
    expect(ended.map(({ task: { state, attempts } }) => [state, attempts])).toEqual(
      taskIds.map(() => ['completed', 1]),
    );
    expect(mostAtOnce(ended.flatMap(({ attempts }) => attempts))).toBe(2);
    expect((await engine.agent('narrow')).slotsUsed).toBe(0);
  });

  test('R08 urgent work goes first, then first in first out', async () => {
    await addAgent('ordered', { protocol: 'command' });
    await engine.call('stopAgent', { agentId: 'ordered' as never, reason: 'until all is queued' });
    const agent = { type: 'ordered' };
    const priorities = ['low', 'normal', 'low', 'critical', 'normal', 'high'] as const;
    const taskIds = await engine.enqueue(...priorities.map((priority) => testTask({}, { agent, priority })));
    await engine.call('startAgent', { agentId: 'ordered' as never });
    const ended = await Promise.all(taskIds.map((taskId) => engine.taskEnd(taskId, 40_000)));
    const order = ended.toSorted((a, b) => intervalOf(a.attempts[0]).from - intervalOf(b.attempts[0]).from);
    expect(order.map(({ task }) => taskIds.indexOf(task.id))).toEqual([3, 5, 1, 4, 0, 2]);
  });

  test('R33 a task starts after the tasks it needs; what needs a failed one is cancelled with the reason', async () => {
    const needing = (key: string, needs: string[]) => ({ ...commandTask(['/bin/true']), key, needs });
    const diamond = [needing('a', []), needing('b', ['a']), needing('c', ['a']), needing('d', ['b', 'c'])];
    const failing = { ...commandTask(['/bin/false'], { retry: { maxAttempts: 1 } }), key: 'bad' };
    const skipped = { ...commandTask(['/bin/true']), key: 'after', needs: ['bad'], onNeedFailed: 'skip' as const };
    const taskIds = await engine.enqueue(...diamond, failing, skipped);
    const ended = await Promise.all(taskIds.map((taskId) => engine.taskEnd(taskId)));
    expect(ended.map(({ task }) => task.state)).toEqual([
      ...['completed', 'completed', 'completed', 'completed'],
      ...['dead', 'cancelled'],
    ]);
    const [a, b, c, d] = ended.map(({ attempts }) => attempts[0]);
    expect(Math.min(intervalOf(b).from, intervalOf(c).from)).toBeGreaterThanOrEqual(intervalOf(a).to);
    expect(intervalOf(d).from).toBeGreaterThanOrEqual(Math.max(intervalOf(b).to, intervalOf(c).to));
  });
});

describe('three agents of one type', () => {
  test('three agents do nine tasks: each exactly once, and every agent has its share', async () => {
    const names = ['trio-a', 'trio-b', 'trio-c'];
    for (const name of names) await addAgent(name, { type: 'trio', protocol: 'command' });
    const task = testTask({ mode: 'slow', ms: 30 }, { agent: { type: 'trio' } });
    const taskIds = await engine.enqueue(...Array.from({ length: 9 }, () => task));
    const ended = await Promise.all(taskIds.map((taskId) => engine.taskEnd(taskId, 40_000)));
    expect(ended.map(({ task: { state, attempts } }) => [state, attempts])).toEqual(
      taskIds.map(() => ['completed', 1]),
    );
    expect([...new Set(ended.map(({ task: { agentId } }) => String(agentId)))].toSorted()).toEqual(names);
  });

  test('of three agents that could take one task exactly one gets it', async () => {
    for (const name of ['solo-a', 'solo-b', 'solo-c']) await addAgent(name, { type: 'solo', protocol: 'command' });
    const { task, attempts } = await engine.runTask(testTask({}, { agent: { type: 'solo' } }));
    expect([task.state, attempts.length]).toEqual(['completed', 1]);
    const claims = (await engine.events({ taskId: task.id })).filter(({ kind }) => kind === 'task.claimed');
    expect(claims).toHaveLength(1);
  });
});

describe('agents that are started together', () => {
  test('R42 five of five become ready', async () => {
    const names = Array.from({ length: 5 }, (_, index) => `five-${index}`);
    for (const name of names) await addAgent(name);
    const started = await Promise.all(names.map((name) => engine.attempt('startAgent', { agentId: name as never })));
    expect(started.map((result) => result.ok && result.value.state)).toEqual(names.map(() => 'idle'));
    const pids = started.map((result) => (result.ok ? result.value.processes[0]?.pid : undefined));
    expect(new Set(pids).size).toBe(5);
    expect(pids.every((pid) => pid !== undefined && isAlive(pid))).toBe(true);
  });
});

describe('runs', () => {
  const echoing = (name: string) => `
name: ${name}
inputs: { secret: string }
stages:
  - { name: one, agent: echo-slots, prompt: Go, with: { mode: slow, ms: 100, print: ["\${{ inputs.secret }}"] } }
  - { name: two, agent: echo-slots, prompt: "Go on with \${{ inputs.secret }}" }
  - { name: three, run: [echo, "\${{ stages.two.outputs.inputs.secret }}"] }
`;

  test('R36 three at once share nothing: no row, event or log of one holds what another was given', async () => {
    await addAgent('echo-slots', { slots: 3 });
    const secrets = ['walnut-81', 'quince-27', 'medlar-64'];
    const started = await Promise.all(
      secrets.map((secret, index) => engine.startWorkflow(echoing(`apart-${index}`), { secret })),
    );
    const runs = await Promise.all(started.map(({ id }) => engine.runEnd(id)));
    expect(runs.map(({ state }) => state)).toEqual(['completed', 'completed', 'completed']);
    for (const [index, run] of runs.entries()) {
      const { tasks } = await engine.call('listTasks', { runId: run.id });
      const found = await Promise.all(tasks.map(({ id }) => engine.call('getTask', { taskId: id })));
      const logs = await Promise.all(found.flatMap(({ attempts }) => attempts.map((attempt) => engine.log(attempt))));
      const everything = JSON.stringify([run, found, logs, await engine.events({ runId: run.id })]);
      const others = secrets.filter((_, other) => other !== index);
      expect(secrets.filter((secret) => everything.includes(secret))).toEqual([secrets[index]]);
      expect(others.filter((secret) => everything.includes(secret))).toEqual([]);
      expect(logs.join('\n')).toContain(String(secrets[index]));
      expect(new Set(runs.map(({ folder }) => folder)).size).toBe(3);
    }
  });

  test('R15 every stage gets the outputs of all earlier ones', async () => {
    await addAgent('echo-stage');
    const { id } = await engine.startWorkflow(`
name: hand-over
stages:
  - { name: one, agent: echo-stage, prompt: Go, with: { outputs: { answer: 42 } } }
  - { name: two, agent: echo-stage, prompt: Go, with: { outputs: { list: [a, b] } } }
  - { name: three, agent: echo-stage, prompt: Go }
`);
    const run = await engine.runEnd(id);
    expect(run.state).toBe('completed');
    const got = run.stages[2]?.outputs?.outputs;
    expect(got).toMatchObject({ one: { answer: 42 }, two: { list: ['a', 'b'] } });
    expect(got).toEqual({ one: run.stages[0]?.outputs, two: run.stages[1]?.outputs });
  });

  test('five runs at once all complete within 30 s', async () => {
    const source = 'name: quick\nstages:\n  - { name: one, run: [/bin/true] }\n  - { name: two, run: [/bin/true] }\n';
    const startedAt = performance.now();
    const started = await Promise.all(Array.from({ length: 5 }, () => engine.startWorkflow(source)));
    const ended = await Promise.all(started.map(({ id }) => engine.runEnd(id)));
    expect(ended.map(({ state }) => state)).toEqual(started.map(() => 'completed'));
    expect(performance.now() - startedAt).toBeLessThan(30_000);
  });

  test('a workflow of 50 stages is dispatched within 200 ms', async () => {
    const stages = Array.from({ length: 50 }, (_, index) => `  - { name: s${index}, needs: [], run: [/bin/true] }`);
    const { id } = await engine.startWorkflow(`name: wide\nstages:\n${stages.join('\n')}\n`);
    expect((await engine.runEnd(id)).state).toBe('completed');
    const events = await engine.events({ runId: id });
    const dispatched = events.filter(({ kind }) => kind === 'stage.dispatched');
    expect(dispatched).toHaveLength(50);
    expect(Number(dispatched.at(-1)?.at) - Number(events[0]?.at)).toBeLessThan(200);
  });

  test('R34 stages that do not need each other run at the same time, and a join waits for all', async () => {
    const { id } = await engine.startWorkflow(`
name: fork-and-join
stages:
  - { name: left, needs: [], run: [sleep, "0.7"] }
  - { name: right, needs: [], run: [sleep, "0.7"] }
  - { name: join, needs: [left, right], run: [/bin/true] }
`);
    const run = await engine.runEnd(id);
    const [left, right, join] = run.stages.map(
      ({ startedAt, endedAt }) => [Number(startedAt), Number(endedAt)] as const,
    );
    expect(run.state).toBe('completed');
    expect(Math.max(left?.[0] ?? 0, right?.[0] ?? 0)).toBeLessThan(Math.min(left?.[1] ?? 0, right?.[1] ?? 0));
    expect(join?.[0]).toBeGreaterThanOrEqual(Math.max(left?.[1] ?? 0, right?.[1] ?? 0));
  });
});

test('what ended leaves no temporary folder and no process of its own', async () => {
  const { attempts } = await engine.runTask(commandTask(['/bin/true']));
  expect(existsSync(join(engine.dataFolder, 'tmp', String(attempts[0]?.id)))).toBe(false);
  expect(processesOf(engine.dataFolder).filter(({ command }) => command.includes('/bin/true'))).toEqual([]);
});
