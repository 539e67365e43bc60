/** Everything a person can do to work under way, with real processes: each is looked for after it was to end. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AgentId, RunId, TaskId } from '../../src-main/contract/ids.ts';
import type { Run } from '../../src-main/contract/run.ts';
import { isAlive } from '../support/process-census.ts';
import { RealEngine, testAgent, testTask } from '../support/real-engine.ts';
import { notYet, until } from '../support/until.ts';

let engine: RealEngine;

beforeAll(async () => {
  engine = await RealEngine.open();
});
afterAll(() => engine.close());

async function addAgent(name: string, options: Parameters<typeof testAgent>[1] = {}): Promise<void> {
  await engine.call('saveAgent', testAgent(name, { type: name, ...options }));
}

async function startTask(agent: string, config: object): Promise<TaskId> {
  const [taskId] = await engine.enqueue(testTask(config, { agent: { type: agent } }));
  return taskId as TaskId;
}

/** The process that works on a stage, once it does. */
async function pidOf(run: Run, stage: string): Promise<number> {
  const { stages } = await engine.runWith(run.id, `stage ${stage} has a task`, ({ stages: all }) =>
    all.some(({ name, taskId }) => name === stage && taskId !== null),
  );
  const taskId = stages.find(({ name }) => name === stage)?.taskId as TaskId;
  return (await engine.running(taskId)).process.pid;
}

function statesOf(run: Run): string[] {
  return run.stages.map(({ name, state }) => `${name} ${state}`);
}

async function waitForReason(runId: RunId, kind: string): Promise<unknown> {
  return until(
    `the event ${kind}`,
    async () => {
      const event = (await engine.events({ runId })).find((one) => one.kind === kind);
      return event ?? notYet('no such event');
    },
    20_000,
  );
}

describe('R35 a run', () => {
  const threeStages = (name: string, ms: number) => `
name: ${name}
stages:
  - { name: one, run: [sleep, "${ms / 1000}"], timeout: { stop: 300ms } }
  - { name: two, run: [/bin/true] }
  - { name: three, run: [/bin/true] }
`;

  test('that is paused ends its running stage and starts no other; resumed, it goes on', async () => {
    const run = await engine.startWorkflow(threeStages('to-pause', 600));
    await pidOf(run, 'one');
    await engine.call('pauseRun', { runId: run.id, reason: 'lunch' });
    const paused = await engine.run(run.id, ['paused']);
    expect(statesOf(paused)[0]).toBe('one completed');
    expect(paused.stages.slice(1).map(({ state }) => state)).not.toContain('completed');
    expect(await waitForReason(run.id, 'run.pauseRequested')).toMatchObject({ reason: 'lunch', actor: 'person' });
    await engine.call('resumeRun', { runId: run.id, reason: 'back' });
    expect((await engine.runEnd(run.id)).state).toBe('completed');
  });

  test('that is cancelled ends its processes, and says why in the audit', async () => {
    const run = await engine.startWorkflow(threeStages('to-cancel', 30_000));
    const pid = await pidOf(run, 'one');
    await engine.call('cancelRun', { runId: run.id, reason: 'wrong branch' });
    const ended = await engine.runEnd(run.id);
    expect(isAlive(pid)).toBe(false);
    expect(ended).toMatchObject({ state: 'cancelled', cancelReason: 'wrong branch' });
    expect(statesOf(ended)).toEqual(['one cancelled', 'two cancelled', 'three cancelled']);
    expect(await waitForReason(run.id, 'run.cancelRequested')).toMatchObject({ reason: 'wrong branch' });
  });

  test('whose agent ignores every polite request is cancelled all the same', async () => {
    await addAgent('deaf');
    const run = await engine.startWorkflow(`
name: deaf
stages:
  - name: one
    agent: deaf
    prompt: Go
    with: { mode: hang, grandchildren: 2 }
    timeout: { stop: 300ms }
`);
    const pid = await pidOf(run, 'one');
    await engine.call('cancelRun', { runId: run.id, reason: 'enough' });
    expect((await engine.runEnd(run.id)).state).toBe('cancelled');
    expect(isAlive(pid)).toBe(false);
  });

  test('that failed is rerun from a stage: what came before is kept, and not done again', async () => {
    await addAgent('mender');
    const run = await engine.startWorkflow(`
name: to-rerun
stages:
  - { name: one, agent: mender, prompt: Go, with: { outputs: { made: once } } }
  - { name: two, run: "test -e mended", retry: 1 }
  - { name: three, run: [echo, "\${{ stages.one.outputs.made }}"] }
`);
    const failed = await engine.runEnd(run.id);
    expect(failed.state).toBe('failed');
    expect(statesOf(failed).slice(0, 2)).toEqual(['one completed', 'two failed']);
    await engine.runTask({
      agent: { type: 'shell' },
      work: { kind: 'command', command: { kind: 'argv', argv: ['touch', 'mended'] } },
      folder: failed.folder,
    });
    const again = await engine.call('rerunRun', { runId: run.id });
    const ended = await engine.runEnd(again.id);
    expect(ended).toMatchObject({ state: 'completed', rerunOf: { runId: run.id, fromStage: 'two' } });
    expect(ended.stages.map(({ inherited }) => inherited)).toEqual([true, false, false]);
    expect(ended.stages[0]?.outputs).toEqual(failed.stages[0]?.outputs);
    expect((await engine.call('getRun', { runId: run.id })).state).toBe('failed');
  });
});

describe('R35 everything at once', () => {
  test('is frozen: every process ends, no work is claimed; thawed, all of it completes', async () => {
    await addAgent('icy', { slots: 2, protocol: 'command' });
    const script = [{ mode: 'slow', ms: 30_000 }, { mode: 'success' }];
    const task = { ...testTask({ script }, { agent: { type: 'icy' } }), timeouts: { stopMs: 300 } };
    const taskIds = await engine.enqueue(task, task, testTask({}, { agent: { type: 'icy' } }));
    const running = await Promise.all(taskIds.slice(0, 2).map((taskId) => engine.running(taskId)));
    await engine.call('freeze', { reason: 'fire drill' });
    const released = await Promise.all(taskIds.map((taskId) => engine.task(taskId, ['queued'])));
    expect(running.map(({ process }) => process.pid).filter(isAlive)).toEqual([]);
    expect(released[0]?.attempts.at(-1)?.failure?.message).toBe('frozen: fire drill');
    expect((await engine.call('getStatus', {})).frozen).toMatchObject({ reason: 'fire drill' });
    expect((await engine.call('getStatus', {})).slots.used).toBe(0);
    await engine.call('thaw', { reason: 'over' });
    const ended = await Promise.all(taskIds.map((taskId) => engine.taskEnd(taskId, 40_000)));
    expect(ended.map(({ task: { state } }) => state)).toEqual(['completed', 'completed', 'completed']);
  });
});

describe('R35 a task', () => {
  test('that runs is cancelled: its process is gone when the task has ended', async () => {
    await addAgent('busy-one');
    const taskId = await startTask('busy-one', { mode: 'slow', ms: 30_000 });
    const { process } = await engine.running(taskId);
    await engine.call('cancelTask', { taskId, reason: 'not needed' });
    const { task, attempts } = await engine.taskEnd(taskId);
    expect([task.state, attempts[0]?.state]).toEqual(['cancelled', 'cancelled']);
    // It obeyed, so that its process, which serves one task after the other, may live on.
    expect((await engine.agent('busy-one')).processes.map(({ pid }) => pid)).toEqual([process.pid]);
    expect((await engine.agent('busy-one')).slotsUsed).toBe(0);
  });

  test('that waits is cancelled without ever starting', async () => {
    await addAgent('later');
    const [taskId] = await engine.enqueue(testTask({}, { agent: { type: 'later' }, delayMs: 60_000 }));
    const task = await engine.call('cancelTask', { taskId: taskId as TaskId, reason: 'not needed' });
    expect([task.state, task.attempts]).toEqual(['cancelled', 0]);
  });
});

describe('R35 an agent', () => {
  test('that is stopped gives its task back, and its process is gone; started, it does the task', async () => {
    await addAgent('stoppable');
    const taskId = await startTask('stoppable', { script: [{ mode: 'slow', ms: 30_000 }, { mode: 'success' }] });
    const { process } = await engine.running(taskId);
    const stopped = await engine.call('stopAgent', { agentId: 'stoppable' as AgentId, reason: 'new version' });
    expect(isAlive(process.pid)).toBe(false);
    expect(stopped).toMatchObject({ state: 'stopped', reason: 'new version', processes: [] });
    expect((await engine.call('getTask', { taskId })).waitingBecause).toContain('stopped by a person (new version)');
    await engine.call('startAgent', { agentId: 'stoppable' as AgentId });
    expect((await engine.taskEnd(taskId)).task.state).toBe('completed');
  });

  test('that is drained ends what it has, takes nothing new, and its process ends', async () => {
    await addAgent('drainable');
    const first = await startTask('drainable', { mode: 'slow', ms: 600 });
    const { process } = await engine.running(first);
    const second = await startTask('drainable', {});
    await engine.call('drainAgent', { agentId: 'drainable' as AgentId, reason: 'evening' });
    expect((await engine.taskEnd(first)).task.state).toBe('completed');
    await engine.agentIn('drainable', ['stopped']);
    await until('the end of the drained process', () => (isAlive(process.pid) ? notYet('it lives') : true), 20_000);
    expect((await engine.call('getTask', { taskId: second })).task.state).toBe('queued');
    await engine.call('cancelTask', { taskId: second, reason: 'seen enough' });
  });
});

describe('R58 gates', () => {
  const gated = (name: string, gates: string, outputs = '{ coverage: 81, errors: 0, state: clean, ready: true }') => `
name: ${name}
stages:
  - { name: one, agent: measured, prompt: Go, retry: 1, with: { outputs: ${outputs} }, gates: ${gates} }
  - { name: two, run: [/bin/true] }
`;

  test('hold or let go on, by output and by command; a warning only tells', async () => {
    await addAgent('measured');
    const table = [
      ['pass', '[coverage >= 80, errors == 0, state == "clean", ready != false, coverage < 82]', 'completed'],
      ['too-low', '[coverage > 81]', 'failed'],
      ['missing', '[speed <= 10]', 'failed'],
      ['warned', '[{ output: coverage, operator: ">", value: 99, level: warning }]', 'completed'],
      ['verified', '[{ run: [/bin/true] }]', 'completed'],
      ['disproved', '[{ run: [/bin/false] }]', 'failed'],
    ] as const;
    const started = await Promise.all(table.map(([name, gates]) => engine.startWorkflow(gated(name, gates))));
    const ended = await Promise.all(started.map(({ id }) => engine.runEnd(id)));
    expect(ended.map(({ workflow, state }) => [workflow, state])).toEqual(
      table.map(([name, , state]) => [name, state]),
    );
    const missing = ended[2];
    expect(missing?.stages[0]?.failure).toMatchObject({ category: 'gate' });
    expect(missing?.stages[0]?.failure?.message).toContain('speed');
    expect(missing?.stages[1]?.state).not.toBe('completed');
    expect(ended[3]?.stages[0]?.gates).toMatchObject([{ level: 'warning', passed: false }]);
  });
});

describe('R60 an approval', () => {
  const asking = (name: string, approval: string) => `
name: ${name}
stages:
  - { name: ask, approval: ${approval} }
  - { name: act, run: [/bin/true] }
`;

  /** The question of a run, once it is asked. */
  async function questionOf(run: Run) {
    await engine.run(run.id, ['waiting']);
    const { approvals } = await engine.call('listApprovals', { states: ['open'] });
    const found = approvals.find(({ runId }) => runId === run.id);
    if (found === undefined) throw new Error(`no question of ${run.id} among ${JSON.stringify(approvals)}`);
    return found;
  }

  test('holds the run until a person approves, and keeps the comment', async () => {
    const run = await engine.startWorkflow(asking('to-approve', 'Go on?'));
    const { id } = await questionOf(run);
    await engine.call('answerApproval', { approvalId: id, answer: 'approved', comment: 'looks right' });
    expect((await engine.runEnd(run.id)).state).toBe('completed');
    expect(await waitForReason(run.id, 'approval.answered')).toMatchObject({ comment: 'looks right', actor: 'person' });
    const again = await engine.attempt('answerApproval', { approvalId: id, answer: 'rejected' });
    expect(again).toMatchObject({ ok: false, error: { type: 'refused' } });
  });

  test('that a person rejects fails the run, and nothing after it is done', async () => {
    const run = await engine.startWorkflow(asking('to-reject', 'Go on?'));
    await engine.call('answerApproval', { approvalId: (await questionOf(run)).id, answer: 'rejected' });
    const ended = await engine.runEnd(run.id);
    expect(ended.state).toBe('failed');
    expect(ended.stages[1]).toMatchObject({ state: expect.not.stringMatching('completed'), taskId: null });
  });

  test('that nobody answers in time follows its policy', async () => {
    const sources = ['approve', 'reject'].map((policy) =>
      asking(`in-time-${policy}`, `{ question: "Go on?", timeout: 300ms, onTimeout: ${policy} }`),
    );
    const started = await Promise.all(sources.map((source) => engine.startWorkflow(source)));
    const ended = await Promise.all(started.map(({ id }) => engine.runEnd(id)));
    expect(ended.map(({ state }) => state)).toEqual(['completed', 'failed']);
  });
});
