import { describe, expect, it } from 'vitest';
import type { ApiInput } from '../../src-main/contract/api.ts';
import { runIdSchema } from '../../src-main/contract/ids.ts';
import type { Run } from '../../src-main/contract/run.ts';
import { StoreFailure } from '../../src-main/core/ports.ts';
import type { Engine } from '../support/engine.ts';
import { openEngine, restingTimers, sample } from '../support/engine.ts';
import { agentDefinition, stageSpec } from '../support/samples.ts';

const manySlots = [agentDefinition({ slots: 8 })];
const approval = { kind: 'approval' as const, question: 'go on?', onTimeout: 'reject' as const };
const diamond = sample(
  stageSpec('a'),
  stageSpec('left', { needs: ['a'] }),
  stageSpec('right', { needs: ['a'] }),
  stageSpec('join', { needs: ['left', 'right'] }),
);

async function start(engine: Engine, change: Partial<ApiInput<'startRun'>> = {}): Promise<Run> {
  return engine.call('startRun', { workflow: 'sample', inputs: {}, ...change });
}

const read = (engine: Engine, { id }: Run) => engine.call('getRun', { runId: id });

async function statesOf(engine: Engine, run: Run): Promise<Readonly<Record<string, string>>> {
  const { state, stages } = await read(engine, run);
  return { run: state, ...Object.fromEntries(stages.map((stage) => [stage.name, stage.state])) };
}

const stageOf = (engine: Engine) => engine.launcher.launches.map((launch) => launch.request.task.stage);

describe('a run', () => {
  it('R11 R14 R15 goes through its stages by their results, and hands outputs on', async () => {
    const engine = await openEngine({ workflows: [sample(stageSpec('a'), stageSpec('b', { needs: ['a'] }))] });
    const run = await start(engine);
    expect(run).toMatchObject({ state: 'queued', progress: 0 });
    const first = await engine.launch(0);
    expect(await statesOf(engine, run)).toEqual({ run: 'running', a: 'running', b: 'pending' });
    first.complete({ made: 'a' });
    const second = await engine.launch(1);
    expect(second.request).toMatchObject({ workflow: 'sample', task: { stage: 'b' } });
    expect(second.request.task.spec.earlierOutputs).toEqual({ a: { made: 'a' } });
    expect(second.request.task.traceId).toBe(first.request.task.traceId);
    expect((await read(engine, run)).progress).toBe(50);
    second.complete();
    await engine.settle();
    expect(await read(engine, run)).toMatchObject({ state: 'completed', progress: 100 });
  });

  it('R34 runs stages beside each other and joins them', async () => {
    const engine = await openEngine({ workflows: [diamond], agents: manySlots });
    const run = await start(engine);
    (await engine.launch(0)).complete();
    await engine.settle();
    expect(stageOf(engine)).toEqual(['a', 'left', 'right']);
    (await engine.launch(2)).complete();
    await engine.settle();
    (await engine.launch(1)).complete();
    (await engine.launch(3)).complete();
    await engine.settle();
    expect((await read(engine, run)).state).toBe('completed');
  });

  it('R34 fails when a stage does, and stops what runs beside it', async () => {
    const engine = await openEngine({ workflows: [diamond], agents: manySlots });
    const run = await start(engine);
    (await engine.launch(0)).complete();
    (await engine.launch(1)).fail('left broke', 'fatal');
    await engine.settle();
    expect((await engine.launch(2)).stops).toEqual([5_000]);
    expect(await statesOf(engine, run)).toEqual({
      run: 'failed',
      a: 'completed',
      left: 'failed',
      right: 'cancelled',
      join: 'skipped',
    });
    expect((await read(engine, run)).failure?.message).toBe('stage left: left broke');
  });

  it('R60 waits for a person where its workflow asks for one, and goes on with the answer', async () => {
    const workflow = sample(stageSpec('ask', { action: approval }), stageSpec('then', { needs: ['ask'] }));
    const engine = await openEngine({ workflows: [workflow] });
    const run = await start(engine);
    expect(run).toMatchObject({ state: 'waiting', waitingFor: 'approval of ask' });
    const { approvals } = await engine.call('listApprovals', { states: ['open'] });
    const approvalId = approvals[0]?.id;
    if (approvalId === undefined) throw new Error('no approval was requested');
    await engine.call('answerApproval', { approvalId, answer: 'approved', comment: 'fine' });
    (await engine.launch(0)).complete();
    await engine.settle();
    const done = await read(engine, run);
    expect(done).toMatchObject({ state: 'completed', stages: [{ outputs: { approved: true, comment: 'fine' } }, {}] });
    const again = await engine.attempt('answerApproval', { approvalId, answer: 'rejected' });
    expect(again).toMatchObject({ ok: false, error: { type: 'refused' } });
  });

  it('R60 asks in the words that its templates give, and fails where one cannot be filled in', async () => {
    const asking = (question: string) => sample(stageSpec('ask', { action: { ...approval, question } }));
    const engine = await openEngine({ workflows: [asking('Go on in ${{ run.folder }}?')] });
    const run = await start(engine);
    const { approvals } = await engine.call('listApprovals', { states: ['open'] });
    expect(approvals).toMatchObject([{ question: `Go on in ${(await read(engine, run)).folder}?` }]);
    const broken = await openEngine({ workflows: [asking('Release ${{ inputs.nothing }}?')] });
    const failed = await start(broken);
    expect(await read(broken, failed)).toMatchObject({
      state: 'failed',
      stages: [{ failure: { category: 'expression' } }],
    });
  });

  it('R60 lets its policy answer when nobody does in time', async () => {
    const timed = (onTimeout: 'approve' | 'reject') =>
      sample(stageSpec('ask', { action: { ...approval, timeoutMs: 60_000, onTimeout } }));
    for (const [policy, state] of [
      ['approve', 'completed'],
      ['reject', 'failed'],
    ] as const) {
      const engine = await openEngine({ workflows: [timed(policy)] });
      const run = await start(engine);
      await engine.pass(59_999);
      expect((await read(engine, run)).state).toBe('waiting');
      await engine.pass(1);
      expect((await read(engine, run)).state).toBe(state);
      expect(engine.clock.timers).toBe(restingTimers);
    }
  });

  it('R60 waits only for the approval whose time is up, and for any other until a person answers', async () => {
    const timed = { ...approval, timeoutMs: 1_000, onTimeout: 'approve' as const };
    const stages = [
      stageSpec('first', { action: timed }),
      stageSpec('second', { action: { ...timed, timeoutMs: 2_000 } }),
      stageSpec('third', { action: approval }),
    ];
    const engine = await openEngine({ workflows: [sample(...stages)] });
    const run = await start(engine);
    await engine.pass(1_000);
    expect(await statesOf(engine, run)).toMatchObject({ first: 'completed', second: 'waiting', third: 'waiting' });
    await engine.pass(1_000);
    expect(await statesOf(engine, run)).toMatchObject({ run: 'waiting', second: 'completed', third: 'waiting' });
    expect(engine.clock.timers).toBe(restingTimers);
    const { approvals } = await engine.call('listApprovals', { states: ['open'] });
    const approvalId = approvals[0]?.id;
    if (approvalId === undefined) throw new Error('no approval is open');
    await engine.call('answerApproval', { approvalId, answer: 'approved' });
    const { state, stages: ended } = await read(engine, run);
    expect([state, ended[2]?.outputs]).toEqual(['completed', { approved: true, comment: 'approved by a person' }]);
  });

  it('R34 R60 takes an answer while another branch still runs', async () => {
    const workflow = sample(stageSpec('work'), stageSpec('ask', { action: approval }));
    const engine = await openEngine({ workflows: [workflow] });
    const run = await start(engine);
    const launch = await engine.launch(0);
    const { approvals } = await engine.call('listApprovals', { states: ['open'] });
    const approvalId = approvals[0]?.id;
    if (approvalId === undefined) throw new Error('no approval is open');
    await engine.call('answerApproval', { approvalId, answer: 'approved' });
    expect(await statesOf(engine, run)).toEqual({ run: 'running', work: 'running', ask: 'completed' });
    launch.complete();
    await engine.settle();
    expect((await read(engine, run)).state).toBe('completed');
  });

  it('skips a stage whose condition is false, and goes on after it', async () => {
    const workflow = sample(stageSpec('a', { when: 'false' }), stageSpec('b', { needs: ['a'] }));
    const engine = await openEngine({ workflows: [workflow] });
    const run = await start(engine);
    (await engine.launch(0)).complete();
    await engine.settle();
    expect(await statesOf(engine, run)).toEqual({ run: 'completed', a: 'skipped', b: 'completed' });
  });

  it('fails with the name of the stage whose condition or template cannot be evaluated', async () => {
    for (const broken of [{ when: 'inputs.nothing > 1' }, { env: { X: '${{ inputs.nothing }}' } }]) {
      const engine = await openEngine({ workflows: [sample(stageSpec('a', broken))] });
      const run = await start(engine);
      expect(run).toMatchObject({ state: 'failed', failure: { category: 'expression' } });
      expect(run.failure?.message).toMatch(/stage a/);
    }
  });
});

describe('starting a run', () => {
  it('answers a second start with the same request id with the first run', async () => {
    const engine = await openEngine({ workflows: [diamond] });
    const first = await start(engine, { requestId: 'once' });
    const second = await start(engine, { requestId: 'once' });
    expect(second.id).toBe(first.id);
    const [a, b] = await Promise.all([start(engine, { requestId: 'race' }), start(engine, { requestId: 'race' })]);
    expect(a.id).toBe(b.id);
  });

  it('R13 R74 is refused with the field and the remedy, and leaves nothing behind', async () => {
    const lost = sample(
      stageSpec('a', { action: { kind: 'agent', agent: { type: 'wizard', capabilities: [] }, prompt: 'x', with: {} } }),
    );
    const inputs = [{ name: 'repo', type: 'folder' as const, required: true }];
    const workflows = [diamond, { ...lost, name: 'lost' }, { ...diamond, name: 'needy', inputs }];
    const engine = await openEngine({ workflows });
    engine.missingPaths.add('/gone');
    const cases: [ApiInput<'startRun'>, string, RegExp][] = [
      [{ workflow: 'smaple', inputs: {} }, 'workflow', /Did you mean sample/],
      [{ workflow: 'zzzzzz', inputs: {} }, 'workflow', /no workflow zzzzzz/],
      [{ workflow: 'lost', inputs: {} }, 'stages.a.agent', /No agent matches agent type wizard/],
      [{ workflow: 'needy', inputs: {} }, 'inputs.repo', /repo/],
      [{ workflow: 'needy', inputs: { repo: '/gone' } }, 'inputs.repo', /does not exist/],
      [{ workflow: 'sample', inputs: {}, folder: '/gone' }, 'folder', /does not exist/],
    ];
    for (const [input, field, message] of cases) {
      const refused = await engine.attempt('startRun', input);
      expect(refused).toMatchObject({ ok: false, error: { field, message: expect.stringMatching(message) } });
    }
    expect((await engine.call('listRuns', {})).runs).toEqual([]);
  });

  it('R13 is refused for a workflow file with errors, and names the first of them', async () => {
    const problem = { line: 3, column: 5, path: 'stages.0', message: 'a key is missing', severity: 'error' as const };
    const broken = [{ ...problem, line: 1, message: 'unused', severity: 'warning' as const }, problem];
    const engine = await openEngine({ broken });
    expect(await engine.attempt('startRun', { workflow: 'broken', inputs: {} })).toMatchObject({
      error: {
        field: 'workflow',
        message: 'The workflow file /workflows has errors. Line 3, column 5: a key is missing',
        problems: broken,
      },
    });
    expect(await engine.call('getWorkflow', { workflow: 'broken' })).toMatchObject({
      definition: null,
      problems: broken,
    });
  });

  it('R75 is refused in the words of the store when it cannot take the run', async () => {
    const inputs = [{ name: 'repo', type: 'folder' as const, required: true }];
    const engine = await openEngine({ workflows: [{ ...diamond, inputs }] });
    const error = { type: 'storeFailed' as const, message: 'the disk is full', remedy: 'make room' };
    engine.failWrites = new StoreFailure(error);
    const input = { workflow: 'sample', inputs: { repo: '/repo' } };
    expect(await engine.attempt('startRun', input)).toEqual({ ok: false, error });
    engine.failWrites = null;
    expect(await engine.call('startRun', input)).toMatchObject({ state: 'queued', inputs: { repo: '/repo' } });
  });

  it('R36 keeps runs apart: inputs and outputs of one never reach another', async () => {
    const inputs = [{ name: 'secret', type: 'string' as const, required: true }];
    const workflow = { ...sample(stageSpec('a'), stageSpec('b', { needs: ['a'] })), inputs };
    const engine = await openEngine({ workflows: [workflow], agents: manySlots });
    engine.launcher.onLaunch = (launch) => launch.complete({ got: String(launch.request.task.spec.inputs.secret) });
    const runs = await Promise.all(['red', 'green', 'blue'].map((secret) => start(engine, { inputs: { secret } })));
    await engine.settle();
    for (const [index, secret] of ['red', 'green', 'blue'].entries()) {
      const run = runs[index];
      if (run === undefined) throw new Error('a run is missing');
      const done = await read(engine, run);
      expect(done.stages.map((stage) => stage.outputs)).toEqual([{ got: secret }, { got: secret }]);
    }
  });
});

describe('R35 control of a run', () => {
  it('pauses after the live attempts, holds what waits, and goes on', async () => {
    const engine = await openEngine({ workflows: [sample(stageSpec('a'), stageSpec('b', { needs: ['a'] }))] });
    const run = await start(engine);
    const first = await engine.launch(0);
    expect((await engine.call('pauseRun', { runId: run.id, reason: 'lunch' })).state).toBe('running');
    first.complete();
    await engine.settle();
    expect(await statesOf(engine, run)).toEqual({ run: 'paused', a: 'completed', b: 'pending' });
    await engine.call('resumeRun', { runId: run.id, reason: 'back' });
    (await engine.launch(1)).complete();
    await engine.settle();
    expect((await read(engine, run)).state).toBe('completed');
  });

  it('holds a task that waits in the queue, or for its next attempt, until the run goes on', async () => {
    const spec = stageSpec('a', { retry: { maxAttempts: 3, delayMs: 0, maxDelayMs: 0, factor: 1, jitter: 0 } });
    const engine = await openEngine({ workflows: [sample(spec)] });
    const busy = await start(engine);
    const waiting = await start(engine);
    await engine.launch(0);
    await engine.call('pauseRun', { runId: busy.id, reason: 'lunch' });
    await engine.call('pauseRun', { runId: waiting.id, reason: 'lunch' });
    (await engine.launch(0)).fail();
    await engine.settle();
    expect(engine.launcher.launches).toHaveLength(1);
    const { tasks } = await engine.call('listTasks', { runId: waiting.id });
    const taskId = tasks[0]?.id;
    if (taskId === undefined) throw new Error('the run has no task');
    expect((await engine.call('getTask', { taskId })).waitingBecause).toBe(`its run ${waiting.id} is paused`);
    await engine.call('resumeRun', { runId: busy.id, reason: 'back' });
    (await engine.launch(1)).complete();
    await engine.settle();
    expect((await read(engine, busy)).state).toBe('completed');
  });

  it('goes on although a task that was held was cancelled meanwhile', async () => {
    const engine = await openEngine({ workflows: [sample(stageSpec('a'), stageSpec('b'))] });
    await start(engine);
    const waiting = await start(engine);
    await engine.launch(0);
    await engine.call('pauseRun', { runId: waiting.id, reason: 'lunch' });
    const { tasks } = await engine.call('listTasks', { runId: waiting.id });
    const taskId = tasks.find(({ stage }) => stage === 'a')?.id;
    if (taskId === undefined) throw new Error('the run has no task');
    await engine.call('cancelTask', { taskId, reason: 'enough' });
    await engine.call('resumeRun', { runId: waiting.id, reason: 'back' });
    const left = await engine.call('listTasks', { runId: waiting.id });
    expect(left.tasks.map(({ state, held }) => [state, held]).toSorted()).toEqual([
      ['cancelled', true],
      ['queued', false],
    ]);
  });

  it('cancels: what waits ends at once, what runs is asked to stop, an open approval is withdrawn', async () => {
    const workflow = sample(stageSpec('a'), stageSpec('ask', { action: approval }), stageSpec('b', { needs: ['a'] }));
    const engine = await openEngine({ workflows: [workflow] });
    const run = await start(engine);
    await engine.launch(0);
    await engine.call('cancelRun', { runId: run.id, reason: 'enough' });
    await engine.settle();
    expect(await statesOf(engine, run)).toEqual({ run: 'cancelled', a: 'cancelled', ask: 'cancelled', b: 'cancelled' });
    expect((await engine.call('listApprovals', {})).approvals).toMatchObject([{ state: 'withdrawn' }]);
    const refused = await engine.attempt('cancelRun', { runId: run.id, reason: 'again' });
    expect(refused).toMatchObject({ ok: false, error: { type: 'refused' } });
    const unknown = runIdSchema.parse(`run_${'9'.repeat(26)}`);
    expect(await engine.attempt('cancelRun', { runId: unknown, reason: 'x' })).toMatchObject({
      error: { type: 'notFound' },
    });
  });

  it('cancels a run whose task waits in the queue', async () => {
    const engine = await openEngine({ workflows: [sample(stageSpec('a'))] });
    await start(engine);
    const waiting = await start(engine);
    await engine.settle();
    await engine.call('cancelRun', { runId: waiting.id, reason: 'enough' });
    expect((await read(engine, waiting)).state).toBe('cancelled');
  });

  it('reruns from a stage as a new run, which keeps the outputs before it', async () => {
    const engine = await openEngine({ workflows: [sample(stageSpec('a'), stageSpec('b', { needs: ['a'] }))] });
    const run = await start(engine);
    (await engine.launch(0)).complete({ made: 'a' });
    (await engine.launch(1)).fail('no', 'fatal');
    await engine.settle();
    const again = await engine.call('rerunRun', { runId: run.id });
    expect(again).toMatchObject({ rerunOf: { runId: run.id, fromStage: 'b' }, folder: run.folder, progress: 50 });
    const launch = await engine.launch(2);
    expect(launch.request.task.spec.earlierOutputs).toEqual({ a: { made: 'a' } });
    launch.complete();
    await engine.settle();
    expect((await read(engine, again)).state).toBe('completed');
    const refused = await engine.attempt('rerunRun', { runId: again.id });
    expect(refused).toMatchObject({ ok: false, error: { type: 'refused' } });
    engine.missingPaths.add(run.folder);
    expect(await engine.attempt('rerunRun', { runId: run.id })).toMatchObject({ error: { message: /is gone/ } });
    const unknown = runIdSchema.parse(`run_${'9'.repeat(26)}`);
    expect(await engine.attempt('rerunRun', { runId: unknown })).toMatchObject({ error: { type: 'notFound' } });
  });

  it('is not rerun when no agent is left that could do its work', async () => {
    const mine = agentDefinition({ id: 'mine', type: 'mine', protocol: 'command', builtin: false });
    const action = { kind: 'agent' as const, agent: { type: 'mine', capabilities: [] }, prompt: 'x', with: {} };
    const engine = await openEngine({ workflows: [sample(stageSpec('a', { action }))] });
    await engine.call('saveAgent', mine);
    const run = await start(engine);
    (await engine.launch(0)).fail('no', 'fatal');
    await engine.settle();
    await engine.call('removeAgent', { agentId: mine.id });
    expect(await engine.attempt('rerunRun', { runId: run.id })).toMatchObject({
      error: { field: 'stages.a.agent', message: expect.stringContaining('No agent matches agent type mine') },
    });
  });

  it('ends a run whose task a person cancelled before any agent took it', async () => {
    const engine = await openEngine({ workflows: [sample(stageSpec('a'))] });
    const busy = await start(engine);
    const run = await start(engine);
    await engine.launch(0);
    const { tasks } = await engine.call('listTasks', { runId: run.id });
    const taskId = tasks[0]?.id;
    if (taskId === undefined) throw new Error('the run has no task');
    await engine.call('cancelTask', { taskId, reason: 'enough' });
    expect(await statesOf(engine, run)).toEqual({ run: 'cancelled', a: 'cancelled' });
    expect((await read(engine, busy)).state).toBe('running');
  });

  it('ends a run whose only task a person cancelled', async () => {
    const engine = await openEngine({ workflows: [sample(stageSpec('a'), stageSpec('b', { needs: ['a'] }))] });
    const run = await start(engine);
    const { request } = await engine.launch(0);
    await engine.call('cancelTask', { taskId: request.task.id, reason: 'enough' });
    await engine.settle();
    expect(await statesOf(engine, run)).toEqual({ run: 'cancelled', a: 'cancelled', b: 'skipped' });
  });

  it('freezes everything with its reason in the audit, and thaws without a lost attempt', async () => {
    const engine = await openEngine({ workflows: [sample(stageSpec('a'))] });
    const run = await start(engine);
    await engine.launch(0);
    await engine.call('freeze', { reason: 'smoke in the room' });
    await engine.settle();
    expect(engine.launcher.launches[0]?.stops).toEqual([5_000]);
    expect((await engine.call('getStatus', {})).frozen).toMatchObject({ reason: 'smoke in the room' });
    const { tasks } = await engine.call('listTasks', {});
    const task = tasks[0];
    if (task === undefined) throw new Error('the run has no task');
    expect(task).toMatchObject({ state: 'queued', failures: 0, interruptions: 0 });
    expect((await engine.call('getTask', { taskId: task.id })).waitingBecause).toBe(
      'everything is frozen: smoke in the room',
    );
    expect(await engine.attempt('freeze', { reason: 'again' })).toMatchObject({ error: { type: 'refused' } });
    await engine.call('thaw', { reason: 'aired' });
    expect(await engine.attempt('thaw', { reason: 'again' })).toMatchObject({ error: { type: 'refused' } });
    (await engine.launch(1)).complete();
    await engine.settle();
    expect((await read(engine, run)).state).toBe('completed');
  });
});
