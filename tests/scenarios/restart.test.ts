/** An engine that is quit in the middle of its work, and opened again: what was under way goes on. */
import { afterEach, describe, expect, test } from 'vitest';
import type { Attempt } from '../../src-main/contract/task.ts';
import { isAlive, processesOf } from '../support/process-census.ts';
import { commandTask, intervalOf, RealEngine, testAgent, testTask } from '../support/real-engine.ts';
import { notYet, until } from '../support/until.ts';

const open: RealEngine[] = [];

async function openEngine(settings: unknown = {}): Promise<RealEngine> {
  const engine = await RealEngine.open({ settings });
  open.push(engine);
  return engine;
}

afterEach(async () => {
  for (const engine of open.splice(0)) await engine.close();
});

describe('R70 a quit', () => {
  test('in mid-run ends every process and leaves a state from which the next start completes the run', async () => {
    const engine = await openEngine();
    await engine.call('saveAgent', testAgent('tester'));
    const script = '[{ mode: slow, ms: 30000 }, { mode: success }]';
    const { id } = await engine.startWorkflow(`
name: to-quit
stages:
  - { name: one, run: [/bin/true] }
  - { name: two, agent: tester, prompt: Go, with: { script: ${script} }, timeout: { stop: 300ms } }
  - { name: three, run: [/bin/true] }
`);
    const middle = await engine.runWith(id, 'stage two has a task', ({ stages }) => stages[1]?.taskId !== null);
    const attempt = await engine.running(middle.stages[1]?.taskId as never);
    const before = await engine.call('getRun', { runId: id });
    const live = processesOf(engine.dataFolder).map(({ pid }) => pid);
    expect(live).toContain(attempt.process.pid);
    await engine.park();
    expect(live.filter(isAlive)).toEqual([]);

    await engine.reopen();
    const { resumedRuns } = await engine.call('getStatus', {});
    expect(resumedRuns).toEqual([id]);
    const ended = await engine.runEnd(id);
    expect(ended.stages.map(({ state }) => state)).toEqual(['completed', 'completed', 'completed']);
    expect(ended.stages[0]).toEqual(before.stages[0]);
    const { attempts } = await engine.call('getTask', { taskId: attempt.taskId });
    expect(attempts.map(({ state }) => state)).toEqual(['interrupted', 'completed']);
    expect(attempts[0]?.failure?.message).toContain('the engine was stopped');
    const released = (await engine.events({ taskId: attempt.taskId })).filter(({ kind }) => kind === 'task.released');
    expect(released).toMatchObject([{ by: 'engine', counts: 'nothing' }]);
  });

  test('takes nothing new while it ends, and says so', async () => {
    const engine = await openEngine();
    const { served } = engine;
    const closing = engine.park();
    const refused = await served.call('enqueueTasks', { tasks: [commandTask(['/bin/true'])] });
    expect(refused).toMatchObject({ ok: false, error: { type: 'unavailable' } });
    await closing;
  });
});

test('R28 ten tasks and three slots: never more than three at once, over a restart, and all complete', async () => {
  const engine = await openEngine({ slots: { total: 3 } });
  await engine.call('saveAgent', testAgent('tester', { protocol: 'command', slots: 8 }));
  const task = testTask({ mode: 'slow', ms: 250 });
  const taskIds = await engine.enqueue(...Array.from({ length: 10 }, () => task));
  await until(
    'three tasks to be completed',
    async () => {
      const { tasks } = await engine.call('getStatus', {});
      return tasks.completed >= 3 ? true : notYet(tasks);
    },
    20_000,
  );
  await engine.park();
  await engine.reopen();
  const ended = await Promise.all(taskIds.map((taskId) => engine.taskEnd(taskId, 40_000)));
  expect(ended.map(({ task: { state } }) => state)).toEqual(taskIds.map(() => 'completed'));
  const intervals = ended.flatMap(({ attempts }) => attempts.filter(hasRun).map(intervalOf));
  const atOnce = intervals.map(({ from }) => intervals.filter((one) => one.from <= from && from < one.to).length);
  expect(Math.max(...atOnce)).toBe(3);
});

function hasRun({ startedAt }: Attempt): boolean {
  return startedAt !== null;
}

test('R60 a question stays open over a restart, and its answer lets the run go on', async () => {
  const engine = await openEngine();
  const { id } = await engine.startWorkflow(
    'name: ask-later\nstages:\n  - { name: ask, approval: Go on? }\n  - { name: act, run: [/bin/true] }\n',
  );
  await engine.run(id, ['waiting']);
  await engine.park();
  await engine.reopen();
  const { approvals } = await engine.call('listApprovals', { states: ['open'] });
  expect(approvals).toMatchObject([{ runId: id, question: 'Go on?' }]);
  await engine.call('answerApproval', { approvalId: approvals[0]?.id as never, answer: 'approved' });
  expect((await engine.runEnd(id)).state).toBe('completed');
});

test('R61 delayed work that came due while the engine was closed starts once, after the next start', async () => {
  const engine = await openEngine();
  const [taskId] = await engine.enqueue(commandTask(['/bin/true'], { delayMs: 400 }));
  await engine.park();
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, 500);
  await promise;
  await engine.reopen();
  const { task, attempts } = await engine.taskEnd(taskId as never);
  expect([task.state, attempts.length]).toEqual(['completed', 1]);
  expect(Number(attempts[0]?.claimedAt)).toBeGreaterThanOrEqual(task.availableAt);
});
