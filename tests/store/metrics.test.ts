import { expect, it } from 'vitest';
import type { Quantiles } from '../../src-main/contract/api-engine.ts';
import type { ApiError } from '../../src-main/contract/errors.ts';
import { agentIdSchema } from '../../src-main/contract/ids.ts';
import type { Result } from '../../src-main/contract/result.ts';
import type { Attempt, Task } from '../../src-main/contract/task.ts';
import type { Store, StoreUnit } from '../../src-main/core/ports.ts';
import { openTestStore } from './open-test-store.ts';
import * as events from './sample-events.ts';
import { viewsHere } from './views-here.ts';

const { at } = events;
const hour = 3_600_000;

function must<T>(result: Result<T, ApiError>): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

/** A task that is claimed after `waitMs` and works for `workMs`; each end may be another. */
function work(unit: StoreUnit, index: number): void {
  const created = at + index * 60_000;
  const claimedAt = created + (index % 9) * 100;
  const endedAt = claimedAt + 1_000 + index * 37;
  const event = { ...events.addTask(unit, { at: created }) };
  const attempt = events.claimFirst(unit, {
    at: claimedAt,
    agentId: agentIdSchema.parse(index % 2 ? 'worker' : 'gone'),
  });
  if (attempt === null) throw new Error('nothing was claimed');
  const claim = events.claimOf(attempt);
  unit.record([{ ...events.attemptStarted(claim), at: claimedAt + 1 }]);
  if (index % 5 === 0) {
    unit.record([
      { ...events.attemptEnded(claim, 'failed', { failure: events.failure }), at: endedAt },
      { ...events.taskReleased(claim, { availableAt: endedAt + 500 }), at: endedAt },
    ]);
    unit.readyDelayed(endedAt + 600, 10);
    const second = events.claimFirst(unit, { at: endedAt + 700 });
    if (second === null) throw new Error('nothing was claimed again');
    const again = events.claimOf(second);
    unit.record([
      { ...events.attemptStarted(again), at: endedAt + 701 },
      { ...events.attemptEnded(again, 'completed', { outputs: {} }), at: endedAt + 800 },
      { ...events.taskCompleted(again), at: endedAt + 800 },
    ]);
    return;
  }
  const outputs = { answer: 42 };
  unit.record([
    { ...events.attemptEnded(claim, 'completed', { outputs }), at: endedAt },
    { ...events.taskCompleted(event), at: endedAt },
  ]);
}

/** The same figures, counted in the plainest way. */
function recount(values: readonly number[]): Quantiles {
  const sorted = [...values].sort((one, other) => one - other);
  const rank = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? null;
  const meanMs = sorted.length === 0 ? null : sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  return { count: sorted.length, meanMs, p50Ms: rank(0.5), p95Ms: rank(0.95), p99Ms: rank(0.99) };
}

function rowsOf(store: Store): { task: Task; attempt: Attempt }[] {
  return store.reads.listTasks({ limit: 1_000 }).tasks.flatMap(({ id }) => {
    const task = store.reads.row('task', id);
    if (task === null) throw new Error('a task is gone');
    return store.reads.attemptsOf(id).map((attempt) => ({ task, attempt }));
  });
}

async function openWorked() {
  const { store, file } = await openTestStore();
  await store.write((unit) => {
    unit.record([events.agentRegistered()]);
    for (let index = 0; index < 60; index += 1) work(unit, index);
  });
  return { store, views: viewsHere(file) };
}

const tookMs = ({ attempt }: { attempt: Attempt }) => Number(attempt.endedAt) - attempt.claimedAt;

it('R56 R68 computes metrics from the rows: the same as a plain recount', async () => {
  const { store, views } = await openWorked();
  const rows = rowsOf(store);
  const [from, to] = [at + 300_000, at + 3_000_000];
  const inside = rows.filter(({ attempt }) => Number(attempt.endedAt) >= from && Number(attempt.endedAt) < to);
  const failed = inside.filter(({ attempt }) => attempt.state === 'failed');
  expect(inside.length).toBeGreaterThan(40);
  expect(inside.length).toBeLessThan(rows.length);
  const metrics = must(await views.getMetrics({ from, to, buckets: 7 }));

  expect(metrics.taskDuration).toEqual(recount(inside.map(tookMs)));
  // A second attempt could be claimed when its delay was over, 200 ms before it was claimed.
  const delays = inside.map(({ task, attempt }) => (attempt.number > 1 ? 200 : attempt.claimedAt - task.createdAt));
  expect(metrics.queueDelay).toEqual(recount(delays));
  expect(metrics.errorRate).toBe(failed.length / inside.length);
  expect(metrics.causes).toEqual([{ category: 'exit', count: failed.length }]);
  const of = (agentId: string) => inside.filter(({ attempt }) => attempt.agentId === agentId);
  const failedOf = (agentId: string) => of(agentId).filter(({ attempt }) => attempt.state === 'failed').length;
  expect(metrics.byAgent).toEqual(
    ['gone', 'worker'].map((agentId) => ({ agentId, ...recount(of(agentId).map(tookMs)), failed: failedOf(agentId) })),
  );
  expect(metrics.byType.map(({ type, count }) => [type, count])).toEqual([
    ['gone', of('gone').length],
    ['worker', of('worker').length],
  ]);
  expect(metrics.byStage).toEqual([]);
  expect(metrics.buckets).toHaveLength(7);
  for (const { at: begins, tasksCompleted, tasksFailed, durationP95Ms } of metrics.buckets) {
    const part = inside.filter(
      ({ attempt }) => Number(attempt.endedAt) >= begins && Number(attempt.endedAt) < begins + metrics.bucketMs,
    );
    expect(tasksFailed).toBe(part.filter(({ attempt }) => attempt.state === 'failed').length);
    expect(tasksCompleted).toBe(part.length - tasksFailed);
    expect(durationP95Ms).toBe(recount(part.map(tookMs)).p95Ms);
  }
});

it('R62 the overview counts the last hour by minutes, out of the same rows', async () => {
  const { store, views } = await openWorked();
  const now = at + hour + 600_000;
  const { lastHour, isFirstStart, live, deadTasks } = must(await views.getOverview({ since: 0, now }));
  const inside = rowsOf(store).filter(({ attempt }) => Number(attempt.endedAt) >= now - hour);
  expect(lastHour.minutes).toHaveLength(60);
  expect(lastHour.completed).toBe(inside.filter(({ attempt }) => attempt.state === 'completed').length);
  expect(lastHour.failed).toBe(inside.filter(({ attempt }) => attempt.state === 'failed').length);
  expect(lastHour.queueDelay.count).toBe(inside.length);
  expect([isFirstStart, live, deadTasks]).toEqual([false, [], 0]);
});

it('a span without work has no times, and a new store is at its first start', async () => {
  const { file } = await openTestStore();
  const views = viewsHere(file);
  const none = { count: 0, meanMs: null, p50Ms: null, p95Ms: null, p99Ms: null };
  const metrics = must(await views.getMetrics({ from: 0, to: 10, buckets: 60 }));
  expect(metrics).toMatchObject({ bucketMs: 1, errorRate: null, taskDuration: none, waitingForPerson: none });
  expect(metrics.buckets).toHaveLength(10);
  const overview = must(await views.getOverview({ since: 0, now: at }));
  expect(overview).toMatchObject({ isFirstStart: true, liveTotal: 0, finished: [], finishedTotal: 0 });
});

it('R68 tells the times of stages and runs, and how long people were waited for', async () => {
  const { store, file } = await openTestStore();
  const views = viewsHere(file);
  await store.write((unit) => {
    unit.putWorkflow(events.sampleWorkflow);
    unit.record([events.agentRegistered()]);
    const run = events.runCreated();
    const { runId } = run;
    const asked = events.approvalRequested(runId, { stage: 'test' });
    unit.record([run, { kind: 'run.started', at: at + 10, actor: 'engine', runId }]);
    const task = events.addTask(unit, { runId, stage: 'build' });
    unit.record([{ kind: 'stage.dispatched', at, actor: 'engine', runId, stage: 'build', taskId: task.taskId }]);
    const attempt = events.claimFirst(unit, { at: at + 20 });
    if (attempt === null) throw new Error('nothing was claimed');
    const claim = events.claimOf(attempt);
    unit.record([
      { ...events.attemptStarted(claim), at: at + 21 },
      { ...events.attemptEnded(claim, 'completed', { outputs: {} }), at: at + 120 },
      { ...events.taskCompleted(claim), at: at + 120 },
      { kind: 'stage.started', at: at + 21, actor: 'engine', runId, stage: 'build' },
      { kind: 'stage.completed', at: at + 120, actor: 'engine', runId, stage: 'build', outputs: {}, gates: [] },
      asked,
      {
        kind: 'approval.answered',
        at: at + 400,
        actor: 'person',
        runId,
        stage: 'test',
        approvalId: asked.approvalId,
        answer: 'approved',
        comment: null,
      },
    ]);
  });
  const { runs } = must(
    await views.listRuns({ limit: 5, count: true, now: at, agentId: agentIdSchema.parse('worker') }),
  );
  expect(runs).toMatchObject([{ agents: ['worker'] }]);
  const metrics = must(await views.getMetrics({ from: at, to: at + 1_000, buckets: 1 }));
  expect(metrics.byStage).toMatchObject([{ workflow: 'sample', stage: 'build', count: 1, p50Ms: 100, failed: 0 }]);
  expect(metrics.waitingForPerson).toMatchObject({ count: 1, p50Ms: 400 });
  const overview = must(await views.getOverview({ since: 0, now: at }));
  expect(overview.live).toMatchObject([{ stages: [{ name: 'build', state: 'completed' }, { name: 'test' }] }]);
});

it('R62 finds runs and events by any part of them, in the same state of the database', async () => {
  const { store, file } = await openTestStore();
  const views = viewsHere(file);
  const runs = [1, 2, 3].map((n) =>
    events.runCreated({ folder: `/work/${n}`, inputs: { say: `"quoted" ${n}` }, priority: n === 1 ? 'high' : 'low' }),
  );
  await store.write((unit) => {
    unit.putWorkflow(events.sampleWorkflow);
    unit.record(runs);
  });
  const found = async (query: Partial<Parameters<typeof views.listRuns>[0]>) =>
    must(await views.listRuns({ limit: 2, count: false, now: at, ...query })).runs.map(({ folder }) => folder);
  expect(await found({ search: 'say":"\\' })).toEqual([]);
  expect(await found({ search: '"QUOTED" 2' })).toEqual(['/work/2']);
  expect(await found({ priorities: ['high'], createdAfter: at, createdBefore: at + 1 })).toEqual(['/work/1']);
  expect(await found({ workflow: 'sample', states: ['queued'] })).toEqual(['/work/3', '/work/2']);
  for (const by of ['started', 'ended', 'duration', 'progress', 'workflow', 'state'] as const) {
    expect(await found({ sort: { by, direction: 'ascending' } })).toEqual(['/work/1', '/work/2']);
  }
  expect(await found({ sort: { by: 'priority', direction: 'descending' } })).toEqual(['/work/1', '/work/3']);
  const selected = must(await views.selectRunIds({ filter: { search: '/work/' }, after: null, upTo: null, limit: 9 }));
  expect(selected).toEqual({ ids: runs.map(({ runId }) => runId), upTo: runs[2]?.runId });
  const none = must(await views.selectTaskIds({ filter: {}, after: null, upTo: null, limit: 9 }));
  expect(none).toEqual({ ids: [], upTo: '' });

  const seqs = async (query: Partial<Parameters<typeof views.listEvents>[0]>) =>
    must(await views.listEvents({ afterSeq: 0, order: 'oldest', limit: 10, ...query })).events.map(({ seq }) => seq);
  expect(await seqs({ kinds: ['run.created'], actors: ['person'] })).toEqual([1, 2, 3]);
  expect(await seqs({ search: '"quoted"', order: 'newest', beforeSeq: 3 })).toEqual([2, 1]);
  expect(await seqs({ search: 'RUN.CREATED', actors: ['agent'] })).toEqual([]);
  const [, second] = runs;
  if (second?.kind !== 'run.created') throw new Error('there are three runs');
  const cancelled = {
    at: at + 5,
    actor: 'person',
    kind: 'run.cancelled',
    runId: second.runId,
    reason: 'done',
  } as const;
  await store.write((unit) => unit.record([cancelled]).length);
  expect(await found({ endedAfter: at + 5 })).toEqual(['/work/2']);
  expect(await found({ endedAfter: at + 6 })).toEqual([]);
});
