/** Agents that hang, die, lie and never answer, as real processes: what becomes of the work, and what is left. */
import { kill } from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AgentId, TaskId } from '../../src-main/contract/ids.ts';
import { descendantsOf, isAlive, processesOf, waitUntilGone } from '../support/process-census.ts';
import { outputsOf, RealEngine, testAgent, testTask } from '../support/real-engine.ts';
import { notYet, until } from '../support/until.ts';

const settings = {
  heartbeat: { intervalMs: 200, staleMs: 2_500 },
  restart: { delayMs: 200 },
};
const atOnce = { maxAttempts: 3, delayMs: 0, jitter: 0 };

let engine: RealEngine;

beforeAll(async () => {
  engine = await RealEngine.open({ settings });
});
afterAll(() => engine.close());

/** Registers a test agent of a type of its own, so that the tests do not take each other's work. */
async function addAgent(name: string, options: Parameters<typeof testAgent>[1] = {}): Promise<void> {
  await engine.call('saveAgent', testAgent(name, { type: name, ...options }));
}

function scriptFor(agent: string, ...script: object[]) {
  return testTask({ script }, { agent: { type: agent }, retry: atOnce });
}

async function start(task: ReturnType<typeof testTask>): Promise<TaskId> {
  const [taskId] = await engine.enqueue(task);
  return taskId as TaskId;
}

describe('an agent that is no agent', () => {
  test('R19 a process that only stays alive is not ready: it is killed, and the error says so', async () => {
    await addAgent('silent', { args: ['--handshake', 'none'], startTimeoutMs: 700 });
    const answer = engine.attempt('startAgent', { agentId: 'silent' as AgentId });
    const pid = await until(
      'the process of the silent agent',
      () => {
        const found = processesOf(engine.dataFolder).find(({ command }) => command.includes('--handshake none'));
        return found?.pid ?? notYet('no process');
      },
      20_000,
    );
    const refused = await answer;
    expect(refused).toMatchObject({ ok: false, error: { type: 'unavailable' } });
    expect(JSON.stringify(refused)).toContain('no handshake within 0.7 s');
    await waitUntilGone([pid]);
    const agent = await engine.agentIn('silent', ['crashed']);
    expect(agent.reason).toContain('no handshake within 0.7 s');
  });

  test('R19 a program that does not exist fails the task with a sentence that names it', async () => {
    await addAgent('absent', { command: ['/no/such/program'] });
    const { task } = await engine.runTask(testTask({}, { agent: { type: 'absent' }, retry: { maxAttempts: 1 } }));
    expect(task.state).toMatch(/failed|dead/);
    expect(task.failure?.message).toContain('/no/such/program');
    expect(task.failure?.category).toMatch(/spawn|handshake/);
  });
});

describe('output that breaks the protocol', () => {
  test('R21 a thousand lines of garbage are recorded on the attempt, and the engine goes on', async () => {
    await addAgent('noisy');
    const garbage = testTask({ mode: 'garbage', lines: 1_000 }, { agent: { type: 'noisy' } });
    const { task, attempts } = await engine.runTask(garbage, 30_000);
    expect(task.state).toBe('completed');
    const kinds = (await engine.events({ attemptId: attempts[0]?.id as never })).flatMap((event) =>
      event.kind === 'attempt.did' ? event.activity.kind : [],
    );
    expect(kinds).toContain('protocolBroken');
    expect((await engine.runTask(testTask({}, { agent: { type: 'noisy' } }))).task.state).toBe('completed');
  });

  test('R14 an agent that answers twice, and for others, ends its own attempt exactly once', async () => {
    await addAgent('liar');
    const honest = await engine.runTask(testTask({ mode: 'slow', ms: 10 }, { agent: { type: 'liar' } }));
    for (const how of ['answers-twice', 'foreign-answer']) {
      const { task, attempts } = await engine.runTask(testTask({ mode: 'lie', how }, { agent: { type: 'liar' } }));
      expect([how, task.state, ...attempts.map(({ failure }) => failure?.message)]).toEqual([
        how,
        'completed',
        undefined,
      ]);
      const ends = (await engine.events({ taskId: task.id })).filter(({ kind }) => kind === 'task.completed');
      expect(ends).toHaveLength(1);
    }
    const { task } = await engine.call('getTask', { taskId: honest.task.id });
    expect(task).toEqual(honest.task);
  });

  test('"done" is not what an agent says: a result without the required outputs fails', async () => {
    await addAgent('boaster');
    const task = { agent: { type: 'boaster' }, requiredOutputs: ['report'], retry: { maxAttempts: 1 } };
    const { task: ended } = await engine.runTask(testTask({ mode: 'lie', how: 'no-outputs' }, task));
    expect(ended).toMatchObject({ state: 'dead', failure: { category: 'outputs' } });
    expect(ended.failure?.message).toContain('"report"');
  });
});

describe('an agent that hangs', () => {
  test('R24 it ignores SIGTERM, as do its grandchildren: timed_out, all of them gone, and the agent works again', async () => {
    await addAgent('hanging');
    const task = scriptFor('hanging', { mode: 'hang', grandchildren: 3 }, { mode: 'success' });
    const taskId = await start({ ...task, timeouts: { runMs: 1_500, stopMs: 300 } });
    const attempt = await engine.running(taskId);
    const family = await until(
      'three grandchildren',
      () => {
        const found = descendantsOf(attempt.process.pid).map(({ pid }) => pid);
        return found.length === 3 ? [attempt.process.pid, ...found] : notYet(found);
      },
      20_000,
    );
    const ended = await engine.taskEnd(taskId);
    expect(ended.attempts.map(({ state }) => state)).toEqual(['timed_out', 'completed']);
    expect(ended.attempts[0]?.failure).toMatchObject({ category: 'timeout' });
    expect(family.filter(isAlive)).toEqual([]);
    expect(ended.attempts[1]?.process?.pid).not.toBe(attempt.process.pid);
  });

  test('R24 a command that hangs is stopped with its whole group', async () => {
    await addAgent('hanging-command', { protocol: 'command' });
    const task = scriptFor('hanging-command', { mode: 'hang', grandchildren: 2 }, { mode: 'success' });
    const taskId = await start({ ...task, timeouts: { runMs: 1_500, stopMs: 200 } });
    const attempt = await engine.running(taskId);
    const family = await until(
      'two grandchildren',
      () => {
        const found = descendantsOf(attempt.process.pid).map(({ pid }) => pid);
        return found.length === 2 ? [attempt.process.pid, ...found] : notYet(found);
      },
      20_000,
    );
    const ended = await engine.taskEnd(taskId);
    expect(ended.attempts.map(({ state }) => state)).toEqual(['timed_out', 'completed']);
    expect(family.filter(isAlive)).toEqual([]);
  });

  test('I8 descendants that moved away (a session of their own, a double fork) end with the attempt', async () => {
    await addAgent('forking');
    for (const how of ['group', 'session', 'double']) {
      const fork = testTask({ mode: 'fork', how, count: 2, stubborn: true }, { agent: { type: 'forking' } });
      const ended = await engine.runTask(fork);
      expect(ended.task.state).toBe('completed');
      const pids = outputsOf(ended).pids as number[];
      expect(pids).toHaveLength(2);
      await waitUntilGone(pids);
    }
  });
});

describe('an agent that dies', () => {
  test('R25 killed with -9 in mid-task: noticed, requeued, restarted once, and the work completes', async () => {
    await addAgent('mortal');
    const taskId = await start(scriptFor('mortal', { mode: 'slow', ms: 30_000 }, { mode: 'success' }));
    const first = await engine.running(taskId);
    kill(first.process.pid, 'SIGKILL');
    const { task, attempts } = await engine.taskEnd(taskId);
    expect(attempts.map(({ state }) => state)).toEqual(['interrupted', 'completed']);
    expect(attempts[0]?.failure?.message).toContain('SIGKILL');
    expect(task).toMatchObject({ state: 'completed', attempts: 2, failures: 0, interruptions: 1 });
    const agent = await engine.agent('mortal');
    expect(agent).toMatchObject({ restarts: 1, crashesInRow: 0 });
    const released = (await engine.events({ taskId })).filter(({ kind }) => kind === 'task.released');
    expect(released).toMatchObject([{ by: 'agent', agentId: 'mortal', counts: 'interruption' }]);
  });

  test('R27 stopped past its lease: killed, and its task is completed elsewhere, with a release history', async () => {
    await addAgent('frozen', { type: 'pair' });
    await addAgent('standby', { type: 'pair' });
    const taskId = await start(scriptFor('pair', { mode: 'slow', ms: 30_000 }, { mode: 'success' }));
    const first = await engine.running(taskId);
    expect(first.agentId).toBe('frozen');
    kill(first.process.pid, 'SIGSTOP');
    const { task, attempts } = await engine.taskEnd(taskId);
    // It was killed before its task was given away: it cannot wake up and report late.
    expect(isAlive(first.process.pid)).toBe(false);
    expect(() => kill(first.process.pid, 'SIGCONT')).toThrow('ESRCH');
    expect(attempts.map(({ state, agentId }) => [state, agentId])).toEqual([
      ['interrupted', 'frozen'],
      ['completed', 'standby'],
    ]);
    expect(task.fence).toBe(2);
    const [released] = (await engine.events({ taskId })).filter(({ kind }) => kind === 'task.released');
    expect(released).toMatchObject({ by: 'stale', agentId: 'frozen', attemptId: first.id });
    expect(released).toHaveProperty('reason', expect.stringMatching(/no sign of life for [23] s/));
  });

  test('R38 the primary is killed under a load of 8 tasks: the backup takes over, and all 8 complete', async () => {
    await addAgent('primary', { type: 'line', slots: 8, protocol: 'command' });
    const task = scriptFor('line', { mode: 'slow', ms: 30_000 }, { mode: 'success' });
    const taskIds = await engine.enqueue(...Array.from({ length: 8 }, () => task));
    const running = await Promise.all(taskIds.map((taskId) => engine.running(taskId)));
    expect(running.map(({ agentId }) => agentId)).toEqual(taskIds.map(() => 'primary'));
    await addAgent('backup', { type: 'line', slots: 2, protocol: 'command' });
    for (const { process } of running) kill(process.pid, 'SIGKILL');
    const ended = await Promise.all(taskIds.map((taskId) => engine.taskEnd(taskId)));
    expect(ended.map(({ task: { state, attempts } }) => [state, attempts])).toEqual(
      taskIds.map(() => ['completed', 2]),
    );
    expect(ended.map(({ task: { agentId } }) => agentId)).toContain('backup');
  });

  test('R38 the primary is taken out of service under a load of 8 tasks: the backup completes all 8', async () => {
    await addAgent('first-choice', { type: 'row', slots: 8, protocol: 'command', repositories: [engine.dataFolder] });
    await addAgent('second-choice', { type: 'row', slots: 2, protocol: 'command' });
    const task = { ...scriptFor('row', { mode: 'slow', ms: 30_000 }, { mode: 'success' }), folder: engine.dataFolder };
    const taskIds = await engine.enqueue(...Array.from({ length: 8 }, () => task));
    const running = await Promise.all(taskIds.map((taskId) => engine.running(taskId)));
    expect(running.map(({ agentId }) => agentId)).toEqual(taskIds.map(() => 'first-choice'));
    await engine.call('disableAgent', { agentId: 'first-choice' as AgentId, reason: 'it is broken' });
    expect(running.map(({ process }) => process.pid).filter(isAlive)).toEqual([]);
    const ended = await Promise.all(taskIds.map((taskId) => engine.taskEnd(taskId)));
    expect(ended.map(({ task: { state, agentId } }) => [state, agentId])).toEqual(
      taskIds.map(() => ['completed', 'second-choice']),
    );
  });
});

test('R37 failures do not spread: two failing agents, one that crashes, and one that works', async () => {
  await addAgent('failing-a');
  await addAgent('failing-b', { protocol: 'command' });
  await addAgent('crashing', { protocol: 'command' });
  await addAgent('working');
  const few = { maxAttempts: 2, delayMs: 10, jitter: 0 };
  const tasks = [
    ...[1, 2].map(() => testTask({ mode: 'failure' }, { agent: { type: 'failing-a' }, retry: few })),
    ...[1, 2].map(() => testTask({ mode: 'failure', class: 'fatal' }, { agent: { type: 'failing-b' }, retry: few })),
    testTask({ mode: 'crash', signal: 'SIGKILL' }, { agent: { type: 'crashing' }, retry: few }),
    ...[1, 2, 3, 4].map(() => testTask({ mode: 'slow', ms: 50 }, { agent: { type: 'working' } })),
  ];
  const taskIds = await engine.enqueue(...tasks);
  const ended = await Promise.all(taskIds.map((taskId) => engine.taskEnd(taskId, 40_000)));
  expect(ended.map(({ task }) => task.state)).toEqual([
    ...['dead', 'dead', 'failed', 'failed', 'dead'],
    ...['completed', 'completed', 'completed', 'completed'],
  ]);
  expect(ended.slice(0, 5).every(({ task }) => (task.failure?.message ?? '') !== '')).toBe(true);
  expect((await engine.agent('working')).crashesInRow).toBe(0);
});
