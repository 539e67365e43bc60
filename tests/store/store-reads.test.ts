import { expect, it } from 'vitest';
import type { NewEvent } from '../../src-main/contract/event.ts';
import { agentIdSchema } from '../../src-main/contract/ids.ts';
import type { GateResult } from '../../src-main/contract/policies.ts';
import type { Priority } from '../../src-main/contract/states.ts';
import type { StoreUnit } from '../../src-main/core/ports.ts';
import { taskSpec } from '../support/samples.ts';
import { connectTo, expectSound, openTestStore } from './open-test-store.ts';
import {
  addTask,
  agentRegistered,
  approvalRequested,
  at,
  attemptEnded,
  attemptStarted,
  claimFirst,
  claimOf,
  failure,
  ids,
  runCreated,
  sampleWorkflow,
  taskClaimed,
  taskCompleted,
  taskCreated,
  taskReleased,
} from './sample-events.ts';

const worker = agentIdSchema.parse('worker');
const base = { at: at + 9, actor: 'person' } as const;

function mustClaim(unit: StoreUnit) {
  const attempt = claimFirst(unit);
  if (attempt === null) throw new Error('Nothing is ready.');
  return attempt;
}

it('R02 keeps one id from the event to the row, and every field of a task', async () => {
  const { store } = await openTestStore();
  const spec = taskSpec({
    title: 'Ünïcode 🚂',
    selector: { id: worker, capabilities: ['git'] },
    inputs: { deep: [1, { x: null }] },
  });
  const created = taskCreated({ spec, priority: 'critical', position: -4, availableAt: at + 60_000 });
  await store.write((unit) => unit.record([created]));
  expect(store.reads.row('task', created.taskId)).toEqual({
    id: created.taskId,
    runId: null,
    stage: null,
    spec,
    state: 'queued',
    priority: 'critical',
    position: -4,
    availableAt: at + 60_000,
    held: false,
    traceId: created.traceId,
    attempts: 0,
    failures: 0,
    interruptions: 0,
    fence: 0,
    attemptId: null,
    agentId: null,
    cancelRequestedAt: null,
    createdAt: at,
    startedAt: null,
    endedAt: null,
    outputs: null,
    failure: null,
  });
  expect(store.reads.listTasks({ limit: 1 }).tasks[0]).toMatchObject({ title: 'Ünïcode 🚂', agentRef: 'worker' });
  expect(store.reads.listEvents({ afterSeq: 0, limit: 10 }).events).toEqual([{ ...created, seq: 1 }]);
});

it('keeps every field of a run with its stages, of an attempt and of an approval', async () => {
  const { store, file } = await openTestStore();
  const run = runCreated({ rerunOf: { runId: ids.runId(), fromStage: 'build' }, priority: 'low' });
  const { runId } = run;
  const task = taskCreated({ runId, stage: 'build' });
  const approval = approvalRequested(runId, { stage: 'test', expiresAt: at + 5, onTimeout: 'approve' });
  const gate: GateResult = {
    name: 'coverage',
    level: 'blocking',
    passed: false,
    actual: 79.5,
    expected: '>= 80',
    message: 'low',
  };
  const gates = [gate];
  const attempt = await store.write((unit) => {
    expect(unit.putWorkflow(sampleWorkflow)).toBe(true);
    expect(unit.putWorkflow({ ...sampleWorkflow, source: 'something else' })).toBe(false);
    unit.record([run, task, approval]);
    const claimed = mustClaim(unit);
    const claim = claimOf(claimed);
    unit.record([
      { ...base, kind: 'run.started', runId },
      { ...base, kind: 'stage.dispatched', runId, stage: 'build', taskId: task.taskId },
      { ...base, kind: 'stage.started', runId, stage: 'build' },
      attemptStarted(claim),
      { ...base, kind: 'attempt.did', ...claim, number: 1, activity: { kind: 'thinking' } },
      attemptEnded(claim, 'failed', { failure, gates, exit: { code: 1, signal: null, stopReason: null } }),
      taskReleased(claim),
      { ...base, kind: 'stage.failed', runId, stage: 'build', failure, gates, tolerated: true },
      { ...base, kind: 'run.pauseRequested', runId, reason: 'lunch' },
    ]);
    return claimed;
  });
  const { stages, ...row } = store.reads.row('run', runId) ?? { stages: [] };
  expect(row).toMatchObject({ rerunOf: run.rerunOf, priority: 'low', inputs: run.inputs, progress: 50 });
  expect(row).toMatchObject({ state: 'running', startedAt: base.at, pauseRequestedAt: base.at });
  expect(stages[0]).toMatchObject({ state: 'failed', tolerated: true, gates, failure, taskId: task.taskId });
  expect(stages[1]).toMatchObject({ name: 'test', index: 1, needs: ['build'], state: 'pending' });
  expect(store.reads.row('attempt', attempt.id)).toMatchObject({
    state: 'failed',
    activities: 1,
    process: { pid: 7, startMark: '77' },
    exit: { code: 1, signal: null, stopReason: null },
    gates,
    failure,
  });
  expect(store.reads.openApprovals()).toEqual([store.reads.row('approval', approval.approvalId)]);
  expect(store.reads.openApprovals()[0]).toMatchObject({ question: 'Deploy it?', expiresAt: at + 5 });
  expect(store.reads.workflow(sampleWorkflow.hash)).toEqual(sampleWorkflow);
  expect(store.reads.workflow('cd'.repeat(32) as never)).toBeNull();
  expect(store.reads.runByRequestId(run.requestId)?.id).toBe(runId);
  expect(store.reads.runByRequestId('unheard of')).toBeNull();
  expect(store.reads.openRuns().map(({ id }) => id)).toEqual([runId]);
  expect(store.reads.tasksOfRun(runId).map(({ id }) => id)).toEqual([task.taskId]);
  expectSound(file);
});

it('R08 lets tasks wait in the order critical, high, normal, low, and in that of their coming', async () => {
  const { store } = await openTestStore();
  const order: Priority[] = ['low', 'normal', 'high', 'critical', 'low', 'normal', 'high', 'critical'];
  const claimed = await store.write((unit) => {
    const added = order.map((priority) => addTask(unit, { priority }));
    const front = addTask(unit, { priority: 'normal', position: unit.nextPosition('front') });
    expect(unit.readyHeads('worker//', 3).map(({ priority }) => priority)).toEqual([0, 0, 1]);
    const heads = unit.readyHeads('worker//', 100).map(({ taskId }) => taskId);
    const expected = [3, 7, 2, 6].map((index) => added[index]?.taskId);
    expect(heads).toEqual([...expected, front.taskId, ...[1, 5, 0, 4].map((index) => added[index]?.taskId)]);
    return order.map(() => mustClaim(unit).taskId).concat(mustClaim(unit).taskId);
  });
  expect(new Set(claimed).size).toBe(9);
  expect(store.reads.readyRoutes()).toEqual([]);
});

it('moves a waiting task when its priority changes, and no other', async () => {
  const { store, file } = await openTestStore();
  const heads = () => store.reads.readyHeads('worker//', 9).map(({ taskId }) => taskId);
  const change = (task: { taskId: ReturnType<typeof ids.taskId> }, priority: Priority): NewEvent => ({
    ...base,
    kind: 'task.priorityChanged',
    taskId: task.taskId,
    runId: null,
    priority,
  });
  const [first, second, later] = await store.write(
    (unit) => [addTask(unit), addTask(unit), addTask(unit, { availableAt: at + 10 })] as const,
  );
  await store.write((unit) => unit.record([change(second, 'high'), change(later, 'critical')]));
  expect(heads()).toEqual([second.taskId, first.taskId]);
  await store.write((unit) => unit.readyDelayed(at + 10, 10));
  expect(heads()).toEqual([later.taskId, second.taskId, first.taskId]);
  await store.write((unit) => unit.record([change(later, 'low')]));
  expect(heads()).toEqual([second.taskId, first.taskId, later.taskId]);
  expectSound(file);
});

it('names the lanes that have ready tasks', async () => {
  const { store } = await openTestStore();
  const of = (type: string) => ({ spec: taskSpec({ selector: { type, capabilities: ['git', 'build'] } }) });
  await store.write((unit) => {
    for (const type of ['validation', 'e2e', 'validation', 'deployment']) addTask(unit, of(type));
    addTask(unit, { ...of('blocked-one'), blocked: true });
    addTask(unit, { ...of('held-one'), held: true });
    addTask(unit, { ...of('delayed-one'), availableAt: 7 });
  });
  expect(store.reads.readyRoutes()).toEqual(['deployment//build,git', 'e2e//build,git', 'validation//build,git']);
  expect(store.reads.readyHeads('held-one//build,git', 1)).toEqual([]);
});

it('keeps delayed tasks apart until their time has come, and says when that is', async () => {
  const { store, file } = await openTestStore();
  expect(store.reads.nextDelayedAt()).toBeNull();
  const [first, second] = await store.write(
    (unit) => [addTask(unit, { availableAt: at + 20 }), addTask(unit, { availableAt: at + 10 })] as const,
  );
  expect(store.reads.nextDelayedAt()).toBe(at + 10);
  expect(await store.write((unit) => unit.readyDelayed(at + 9, 10))).toBe(0);
  expect(await store.write((unit) => unit.readyDelayed(at + 30, 1))).toBe(1);
  expect(store.reads.readyHeads('worker//', 9).map(({ taskId }) => taskId)).toEqual([second.taskId]);
  expect(await store.write((unit) => unit.readyDelayed(at + 30, 10))).toBe(1);
  expect(store.reads.nextDelayedAt()).toBeNull();
  expect(store.reads.lastSeq()).toBe(2);
  expectSound(file);

  const held = (taskId: typeof first.taskId, kind: 'task.held' | 'task.unheld') =>
    store.write((unit) => unit.record([{ ...base, kind, taskId, runId: null }]));
  await held(first.taskId, 'task.held');
  expect(store.reads.readyHeads('worker//', 9).map(({ taskId }) => taskId)).toEqual([second.taskId]);
  await held(first.taskId, 'task.unheld');
  expect(store.reads.nextDelayedAt()).toBe(at + 20);
  await held(first.taskId, 'task.held');
  expect(store.reads.nextDelayedAt()).toBeNull();
  expectSound(file);
});

it('R32 leases a task to one attempt, and extends that only for the holder of the fence', async () => {
  const { store, file } = await openTestStore({ leaseMs: 500 });
  const attempt = await store.write((unit) => {
    addTask(unit);
    return mustClaim(unit);
  });
  const { id: attemptId, taskId, fence } = attempt;
  expect(store.reads.leases()).toEqual([{ taskId, attemptId, agentId: worker, fence, expiresAt: at + 500 }]);
  expect(store.reads.leaseCount(worker)).toBe(1);
  expect(store.reads.liveAttempts()).toEqual([attempt]);

  const renewed = await store.write((unit) =>
    unit.renewLeases(
      [
        { attemptId, fence: fence + 1 },
        { attemptId: ids.attemptId(), fence },
        { attemptId, fence },
      ],
      at + 9_000,
    ),
  );
  expect(renewed).toEqual([attemptId]);
  expect(store.reads.leases()[0]?.expiresAt).toBe(at + 9_000);

  const next = await store.write((unit) => {
    unit.record([attemptEnded(claimOf(attempt), 'interrupted'), taskReleased(claimOf(attempt))]);
    expect(unit.leases()).toEqual([]);
    return mustClaim(unit);
  });
  expect(next).toMatchObject({ taskId, number: 2, fence: 2 });
  expect(await store.write((unit) => unit.renewLeases([{ attemptId, fence }], at + 10_000))).toEqual([]);
  expect(store.reads.attemptsOf(taskId).map(({ id }) => id)).toEqual([attemptId, next.id]);

  await store.write((unit) =>
    unit.record([attemptStarted(claimOf(next)), attemptEnded(claimOf(next), 'completed'), taskCompleted(next)]),
  );
  expect([store.reads.leases(), store.reads.leaseCount(worker), store.reads.liveAttempts()]).toEqual([[], 0, []]);
  expectSound(file);
});

it('passes a lease on when one record releases and claims a task again', async () => {
  const { store, file } = await openTestStore({ leaseMs: 500 });
  const first = await store.write((unit) => {
    addTask(unit);
    return mustClaim(unit);
  });
  const again = taskClaimed({ ...first, id: first.taskId, attempts: 1, fence: 1 });
  await store.write((unit) =>
    unit.record([attemptEnded(claimOf(first), 'interrupted'), taskReleased(claimOf(first)), again]),
  );
  expect(store.reads.leases()).toMatchObject([{ attemptId: again.attemptId, fence: 2, expiresAt: at + 500 }]);
  expectSound(file);
});

it('moves a waiting task among the delayed when one record claims it and gives it back for later', async () => {
  const { store, file } = await openTestStore();
  const task = await store.write((unit) => addTask(unit));
  const claimed = taskClaimed({ id: task.taskId, runId: null, stage: null, attempts: 0, fence: 0 });
  const claim = claimOf({ ...claimed, id: claimed.attemptId });
  const ended = attemptEnded(claim, 'failed', { failure });
  await store.write((unit) => unit.record([claimed, ended, taskReleased(claim, { availableAt: at + 40 })]));
  expect(store.reads.readyHeads('worker//', 1)).toEqual([]);
  expect(store.reads.nextDelayedAt()).toBe(at + 40);
  expectSound(file);
});

it('R33 tells which blocked tasks need another', async () => {
  const { store, file } = await openTestStore();
  const [need, , blocked] = await store.write((unit) => {
    const need = addTask(unit);
    const spec = taskSpec({ needs: [need.taskId] });
    return [need, addTask(unit, { spec }), addTask(unit, { spec, blocked: true })] as const;
  });
  expect(store.reads.dependantsOf(need.taskId)).toEqual([blocked.taskId]);
  await store.write((unit) => unit.record([{ ...base, kind: 'task.unblocked', taskId: blocked.taskId, runId: null }]));
  expect(store.reads.dependantsOf(need.taskId)).toEqual([]);
  expectSound(file);
});

it('counts runs, tasks and agents by state, and how the attempts of an agent ended', async () => {
  const { store } = await openTestStore();
  await store.write((unit) => {
    unit.putWorkflow(sampleWorkflow);
    unit.record([agentRegistered(), agentRegistered('helper'), runCreated()]);
    for (const state of ['completed', 'failed', 'timed_out', 'cancelled', 'interrupted'] as const) {
      addTask(unit);
      const claim = claimOf(mustClaim(unit));
      unit.record([attemptStarted(claim), attemptEnded(claim, state), taskCompleted(claim)]);
    }
    addTask(unit);
    expect(unit.countTasks()).toMatchObject({ completed: 5, queued: 1 });
    expect(unit.agentTally(worker)).toEqual({ completed: 1, failed: 2 });
  });
  expect(store.reads.countRuns()).toEqual({
    queued: 1,
    running: 0,
    paused: 0,
    waiting: 0,
    completed: 0,
    failed: 0,
    cancelled: 0,
  });
  expect(store.reads.countTasks()).toMatchObject({ completed: 5, queued: 1, claimed: 0, running: 0 });
  expect(store.reads.countAgents()).toMatchObject({ stopped: 2, idle: 0 });
  expect(store.reads.agentTally(worker)).toEqual({ completed: 1, failed: 2 });
  expect(store.reads.agents().map(({ id }) => id)).toEqual(['helper', 'worker']);
});

it('keeps the engine frozen until it is thawed', async () => {
  const { store } = await openTestStore();
  expect(store.reads.row('engine', 'engine')).toBeNull();
  await store.write((unit) => unit.record([{ ...base, kind: 'engine.frozen', reason: 'lunch' }]));
  expect(store.reads.row('engine', 'engine')).toEqual({ frozenAt: base.at, frozenReason: 'lunch' });
  await store.write((unit) => unit.record([{ ...base, kind: 'engine.thawed', reason: 'back' }]));
  expect(store.reads.row('engine', 'engine')).toEqual({ frozenAt: null, frozenReason: null });
});

it('lists runs and tasks page by page, newest first, by their states', async () => {
  const { store } = await openTestStore();
  const runs = await store.write((unit) => {
    unit.putWorkflow(sampleWorkflow);
    return Array.from({ length: 5 }, (_, index) => {
      const run = runCreated({ workflow: index === 3 ? 'other' : 'sample' });
      unit.record([run]);
      if (index < 2) {
        const { runId } = run;
        unit.record([
          { ...base, kind: 'run.started', runId },
          { ...base, kind: 'stage.started', runId, stage: 'build' },
        ]);
      }
      return run.runId;
    });
  });
  const newest = [...runs].reverse();
  const first = store.reads.listRuns({ limit: 2 });
  expect(first.runs.map(({ id }) => id)).toEqual(newest.slice(0, 2));
  const second = store.reads.listRuns({ limit: 2, after: first.next ?? '' });
  expect(second.runs.map(({ id }) => id)).toEqual(newest.slice(2, 4));
  expect(second.runs[1]).toMatchObject({ state: 'running', currentStages: ['build'] });
  const last = store.reads.listRuns({ limit: 2, after: second.next ?? '' });
  expect(last).toMatchObject({ runs: [{ id: runs[0] }], next: null });
  expect(last.runs[0]).not.toHaveProperty('inputs');

  const some = store.reads.listRuns({ limit: 3, states: ['running', 'queued', 'running'] });
  expect(some.runs.map(({ id }) => id)).toEqual(newest.slice(0, 3));
  const of = (query: Parameters<typeof store.reads.listRuns>[0]) =>
    store.reads.listRuns(query).runs.map(({ id }) => id);
  expect(of({ limit: 9, workflow: 'other' })).toEqual([runs[3]]);
  expect(of({ limit: 9, workflow: 'sample', states: ['queued'] })).toEqual([runs[4], runs[2]]);
  expect(of({ limit: 9, states: [] })).toEqual([]);
  expect(of({ limit: 9, states: ['failed'] })).toEqual([]);
});

it('lists live tasks through their leases, and the tasks of a run', async () => {
  const { store } = await openTestStore();
  const { runId } = await store.write((unit) => {
    unit.putWorkflow(sampleWorkflow);
    const run = runCreated();
    unit.record([run]);
    addTask(unit, { runId: run.runId, stage: 'build' });
    for (let count = 0; count < 4; count += 1) addTask(unit);
    const [, second] = [mustClaim(unit), mustClaim(unit)];
    unit.record([attemptStarted(claimOf(second))]);
    return run;
  });
  const states = (query: Parameters<typeof store.reads.listTasks>[0]) =>
    store.reads.listTasks(query).tasks.map(({ state }) => state);
  expect(states({ limit: 9, states: ['claimed', 'running'] })).toEqual(['running', 'claimed']);
  expect(states({ limit: 9, states: ['running', 'queued'] })).toEqual(['queued', 'queued', 'queued', 'running']);
  expect(states({ limit: 9, runId })).toEqual(['claimed']);
  expect(states({ limit: 9, runId, states: ['claimed', 'queued'] })).toEqual(['claimed']);
  const page = store.reads.listTasks({ limit: 1, states: ['claimed', 'running'] });
  expect(page.next).toBe(page.tasks[0]?.id);
  expect(page.tasks[0]).not.toHaveProperty('spec');
});

it('lists approvals by their states', async () => {
  const { store } = await openTestStore();
  const [open, answered] = await store.write((unit) => {
    unit.putWorkflow(sampleWorkflow);
    const run = runCreated();
    const approvals = [approvalRequested(run.runId), approvalRequested(run.runId, { stage: 'test' })] as const;
    const { runId, stage, approvalId } = approvals[1];
    unit.record([
      run,
      ...approvals,
      { ...base, kind: 'approval.answered', runId, stage, approvalId, answer: 'approved', comment: 'fine' },
    ]);
    return approvals;
  });
  const list = (states?: ('open' | 'approved')[]) =>
    store.reads.listApprovals({ limit: 9, ...(states === undefined ? {} : { states }) }).approvals.map(({ id }) => id);
  expect(list()).toEqual([answered.approvalId, open.approvalId]);
  expect(list(['open'])).toEqual([open.approvalId]);
  expect(store.reads.listApprovals({ limit: 9, states: ['approved'] }).approvals).toEqual([
    store.reads.row('approval', answered.approvalId),
  ]);
});

it('reads events in the order of their numbers, by what they are about', async () => {
  const { store } = await openTestStore();
  const run = runCreated();
  const { task, claim } = await store.write((unit) => {
    unit.putWorkflow(sampleWorkflow);
    unit.record([agentRegistered(), run]);
    const task = addTask(unit, { runId: run.runId, stage: 'build' });
    addTask(unit);
    const claim = claimOf(mustClaim(unit));
    unit.record([
      attemptStarted(claim),
      {
        ...base,
        kind: 'command.refused',
        command: 'completeTask',
        error: { type: 'refused', message: 'stale fence', remedy: 'none' },
        runId: null,
        taskId: claim.taskId,
        attemptId: claim.attemptId,
        agentId: null,
      },
    ]);
    return { task, claim };
  });
  const seqs = (query: Partial<Parameters<typeof store.reads.listEvents>[0]>) =>
    store.reads.listEvents({ afterSeq: 0, limit: 100, ...query }).events.map(({ seq }) => seq);
  expect(claim.taskId).toBe(task.taskId);
  expect(seqs({})).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(seqs({ afterSeq: 3, limit: 2 })).toEqual([4, 5]);
  expect(seqs({ runId: run.runId })).toEqual([2, 3, 5, 6]);
  expect(seqs({ taskId: task.taskId })).toEqual([3, 5, 6, 7]);
  expect(seqs({ attemptId: claim.attemptId })).toEqual([5, 6, 7]);
  expect(seqs({ agentId: worker })).toEqual([1, 5, 6]);
  expect(seqs({ agentId: worker, taskId: task.taskId, afterSeq: 5 })).toEqual([6]);
  expect(store.reads.listEvents({ afterSeq: 7, limit: 1 })).toEqual({ events: [], lastSeq: 7 });
  const refused = store.reads.listEvents({ afterSeq: 6, limit: 1 }).events[0];
  expect(refused).toMatchObject({ runId: null, agentId: null, error: { message: 'stale fence' } });
  expect(refused).not.toHaveProperty('stage');
});

it('keeps text that was cut in the middle of a character the same in the event and in the row', async () => {
  const { store, file } = await openTestStore();
  const half = '🚂'.slice(0, 1);
  const created = taskCreated({ spec: taskSpec({ title: `cut ${half}`, inputs: { [half]: [half, 1, null] } }) });
  await store.write((unit) => {
    unit.putWorkflow(sampleWorkflow);
    const run = runCreated();
    unit.record([created, run, { ...base, kind: 'run.cancelRequested', runId: run.runId, reason: `stop ${half}` }]);
  });
  expect(store.reads.row('task', created.taskId)?.spec).toMatchObject({
    title: 'cut \uFFFD',
    inputs: { '\uFFFD': ['\uFFFD', 1, null] },
  });
  expect(store.reads.openRuns()[0]?.cancelReason).toBe('stop \uFFFD');
  expectSound(file);
});

it('R75 gives of a row that something else has spoilt what its events say', async () => {
  const { store, file } = await openTestStore();
  await store.write((unit) => unit.record([agentRegistered()]));
  const agents = store.reads.agents();
  connectTo(file).exec(`UPDATE agents SET processes = '[{"pid": "one"}]'`);
  expect(store.reads.agents()).toEqual(agents);
});
