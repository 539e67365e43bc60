/** Agents that accept work and then do nothing, as real processes: how soon that is seen, and what becomes of it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TaskId } from '../../src-main/contract/ids.ts';
import type { StuckPolicy } from '../../src-main/contract/policies.ts';
import { descendantsOf, waitUntilGone } from '../support/process-census.ts';
import { RealEngine, testAgent, testTask } from '../support/real-engine.ts';
import { notYet, until } from '../support/until.ts';

const silentMs = 1_500;
const watchdog: StuckPolicy = { silentMs, stepMs: 700, upTo: 'park' };
const atOnce = { maxAttempts: 3, delayMs: 0, jitter: 0 };

let engine: RealEngine;

beforeAll(async () => {
  engine = await RealEngine.open({ settings: { heartbeat: { intervalMs: 200, staleMs: 30_000 } } });
});
afterAll(() => engine.close());

async function start(name: string, script: readonly object[]): Promise<TaskId> {
  const [taskId] = await engine.enqueue(testTask({ script }, { agent: { type: name }, retry: atOnce }));
  return taskId as TaskId;
}

async function addAgent(name: string, options: Parameters<typeof testAgent>[1] = {}): Promise<void> {
  await engine.call('saveAgent', testAgent(name, { type: name, watchdog, ...options }));
}

/** Waits until the task's first attempt is flagged. */
function stuckAttempt(taskId: TaskId) {
  return until(
    'an attempt to be flagged',
    async () => {
      const { attempts } = await engine.call('getTask', { taskId });
      const [first] = attempts;
      return first?.stuck == null ? notYet(attempts) : { ...first, stuck: first.stuck };
    },
    20_000,
  );
}

describe('an agent that accepts and never answers', () => {
  test('R18 is flagged within N + 2 s, killed with its descendants, and its task is tried again and completes', async () => {
    await addAgent('hangs');
    const taskId = await start('hangs', [{ mode: 'hang', grandchildren: 2 }, { mode: 'success' }]);
    const running = await engine.running(taskId);
    const family = await until('its descendants', () => {
      const pids = descendantsOf(running.process.pid).map(({ pid }) => pid);
      return pids.length >= 2 ? pids : notYet(pids);
    });
    const { stuck } = await stuckAttempt(taskId);
    const flag = (await engine.eventsOf('attempt.stuck')).find((event) => event.taskId === taskId);
    expect(stuck.evidence).toMatch(/^last activity .+ s ago, process \d+ alive, .+ % of a core$/);
    expect((flag?.at ?? 0) - stuck.since).toBeGreaterThanOrEqual(silentMs - 5);
    expect((flag?.at ?? 0) - stuck.since).toBeLessThanOrEqual(silentMs + 2_000);
    const { task, attempts } = await engine.taskEnd(taskId);
    expect([task.state, ...attempts.map(({ state, failure }) => [state, failure?.category])]).toEqual([
      'completed',
      ['failed', 'stuck'],
      ['completed', undefined],
    ]);
    await waitUntilGone([running.process.pid, ...family]);
  });

  test('R18 although it gives signs of life, and ends its turn when it is asked to: its process stays', async () => {
    await addAgent('beats');
    const taskId = await start('beats', [{ mode: 'timeout' }, { mode: 'success' }]);
    const running = await engine.running(taskId);
    const { task, attempts } = await engine.taskEnd(taskId);
    expect([task.state, attempts[0]?.failure?.category, attempts[0]?.stuck?.rung]).toEqual([
      'completed',
      'stuck',
      'stop',
    ]);
    expect(attempts[1]?.process?.pid).toBe(running.process.pid);
  });

  test('R18 twice is a dead letter, with the reason', async () => {
    await addAgent('always');
    const taskId = await start('always', [{ mode: 'hang' }]);
    const { task, attempts } = await engine.taskEnd(taskId, 40_000);
    expect([task.state, task.failure?.category, attempts.length]).toEqual(['dead', 'stuck', 2]);
    expect(attempts[1]?.stuck?.rung).toBe('park');
  });
});

describe('a command that says nothing', () => {
  test('R18 but computes stays at notice, and completes', async () => {
    const command = [process.execPath, '-e', 'const end = Date.now() + 4500; while (Date.now() < end);'];
    await addAgent('computes', { protocol: 'command', command });
    const [taskId] = await engine.enqueue(testTask({}, { agent: { type: 'computes' }, retry: atOnce }));
    const { attempts, task } = await engine.taskEnd(taskId as TaskId);
    expect([task.state, attempts.length, attempts[0]?.stuck]).toEqual(['completed', 1, null]);
    const flags = (await engine.events({ taskId: taskId as TaskId })).filter(({ kind }) => kind === 'attempt.stuck');
    expect(flags).toMatchObject([{ rung: 'notice', evidence: expect.stringContaining('it computes') }]);
  });
});
