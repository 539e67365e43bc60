import { describe, expect, it, vi } from 'vitest';
import type { SubscriptionMessage } from '../../src-main/contract/api.ts';
import { refuse } from '../../src-main/contract/errors.ts';
import type { RunId } from '../../src-main/contract/ids.ts';
import { runIdSchema } from '../../src-main/contract/ids.ts';
import { StoreFailure } from '../../src-main/core/ports.ts';
import type { Engine } from '../support/engine.ts';
import { openEngine, sample } from '../support/engine.ts';
import { agentDefinition, stageSpec } from '../support/samples.ts';

const reason = 'the test asks';
const work = { agent: { type: 'worker' }, work: { kind: 'prompt' as const, prompt: 'do it', config: {} } };
const ask = { kind: 'approval' as const, question: 'go?', onTimeout: 'reject' as const };

async function openFrozen(): Promise<Engine> {
  const engine = await openEngine({
    workflows: [sample(stageSpec('build'), stageSpec('check', { needs: ['build'], action: ask }))],
  });
  await engine.call('freeze', { reason });
  return engine;
}

async function startRuns(engine: Engine, count: number) {
  const ids: RunId[] = [];
  for (let index = 0; index < count; index += 1) {
    ids.push((await engine.call('startRun', { workflow: 'sample', inputs: {}, folder: `/work/${index}` })).id);
  }
  return ids;
}

async function enqueue(engine: Engine, count: number) {
  const tasks = Array.from({ length: count }, (_, index) => ({ ...work, title: `number ${index}` }));
  return (await engine.call('enqueueTasks', { tasks })).taskIds;
}

describe('R62 lists', () => {
  it('of runs answer the same newest page, whether it is read here or by the thread', async () => {
    const engine = await openFrozen();
    const ids = await startRuns(engine, 4);
    const here = await engine.call('listRuns', { limit: 2 });
    expect(here).toMatchObject({ runs: [{ id: ids[3] }, { id: ids[2] }], next: ids[2], total: null });
    const counted = await engine.call('listRuns', { limit: 2, count: true });
    expect(counted).toEqual({ ...here, total: 4 });
    const next = await engine.call('listRuns', { limit: 2, count: true, after: here.next ?? '' });
    expect(next).toMatchObject({ runs: [{ id: ids[1] }, { id: ids[0] }], next: null });
    const found = await engine.call('listRuns', {
      search: '/WORK/2',
      states: ['queued', 'running'],
      workflow: 'sample',
    });
    expect(found.runs.map(({ id }) => id)).toEqual([ids[2]]);
    const both = await engine.call('listRuns', { states: ['queued', 'running'], workflow: 'sample' });
    expect(both.runs).toHaveLength(4);
    const sorted = await engine.call('listRuns', { sort: { by: 'created', direction: 'ascending' } });
    expect(sorted.runs.map(({ id }) => id)).toEqual(ids);
    const between = {
      createdAfter: engine.clock.now(),
      createdBefore: engine.clock.now() + 1,
      priorities: ['normal' as const],
    };
    expect((await engine.call('listRuns', between)).runs).toHaveLength(4);
    expect((await engine.call('listRuns', { agentId: 'worker' as never })).runs).toEqual([]);
  });

  it.each(['started', 'ended', 'duration', 'progress', 'priority', 'workflow', 'state'] as const)(
    'of runs are sorted by %s over pages, each run once',
    async (by) => {
      const engine = await openFrozen();
      const ids = await startRuns(engine, 3);
      const sort = { by, direction: 'descending' as const };
      const first = await engine.call('listRuns', { limit: 2, sort });
      const second = await engine.call('listRuns', { limit: 2, sort, after: first.next ?? '' });
      expect(new Set([...first.runs, ...second.runs].map(({ id }) => id))).toEqual(new Set(ids));
      expect(second.next).toBeNull();
    },
  );

  it('of tasks and events are read here when an index leads to them, and searched by the thread', async () => {
    const engine = await openFrozen();
    const ids = await enqueue(engine, 3);
    expect((await engine.call('listTasks', { states: ['queued'] })).tasks).toHaveLength(3);
    expect((await engine.call('listTasks', { search: 'NUMBER 1' })).tasks.map(({ id }) => id)).toEqual([ids[1]]);
    expect((await engine.call('listTasks', { limit: 500 })).tasks).toHaveLength(3);
    const newest = await engine.call('listEvents', { order: 'newest', limit: 2 });
    const last = engine.store.reads.lastSeq();
    expect(newest.events.map(({ seq }) => seq)).toEqual([last, last - 1]);
    const before = await engine.call('listEvents', { order: 'newest', beforeSeq: last, limit: 1 });
    expect(before.events.map(({ seq }) => seq)).toEqual([last - 1]);
    const found = await engine.call('listEvents', { kinds: ['task.created'], actors: ['person'], search: 'number 2' });
    expect(found.events).toMatchObject([{ kind: 'task.created', taskId: ids[2] }]);
    expect((await engine.call('listEvents', { actors: ['agent'] })).events).toEqual([]);
    expect((await engine.call('listEvents', { search: reason })).events).toMatchObject([{ kind: 'engine.frozen' }]);
  });

  it('refuse to go on from a place that is none', async () => {
    const engine = await openFrozen();
    for (const name of ['listRuns', 'listTasks'] as const) {
      const sort = { by: 'ended', direction: 'ascending' } as const;
      expect(await engine.attempt(name, { after: 'x' })).toMatchObject({ ok: false, error: { field: 'after' } });
      expect(await engine.attempt(name, { after: 'x', sort })).toMatchObject({ ok: false, error: { field: 'after' } });
    }
  });
});

it('R62 a run is told with everything a page about it shows', async () => {
  const engine = await openEngine({
    workflows: [sample(stageSpec('build'), stageSpec('check', { needs: ['build'], action: ask }))],
  });
  const { id: runId } = await engine.call('startRun', { workflow: 'sample', inputs: {} });
  const launch = await engine.launch(0);
  launch.observer.started(null);
  launch.complete();
  await engine.settle();
  const told = await engine.call('getRunWork', { runId });
  expect(told).toMatchObject({
    run: { id: runId, state: 'waiting' },
    definition: { name: 'sample' },
    tasks: [{ runId, stage: 'build', state: 'completed' }],
    attempts: [{ runId, stage: 'build', number: 1 }],
    approvals: [{ runId, stage: 'check', state: 'open' }],
    lastSeq: engine.store.reads.lastSeq(),
  });
  expect((await engine.call('getStatus', {})).questions).toEqual({ approvals: 1, permissions: 0 });
  const overview = await engine.call('getOverview', { since: 0 });
  expect(overview).toMatchObject({ live: [{ run: { id: runId }, stages: [{}, { state: 'waiting' }] }], liveTotal: 1 });
  const metrics = await engine.call('getMetrics', { from: 0, to: engine.clock.now() + 1 });
  expect(metrics.byStage).toMatchObject([{ workflow: 'sample', stage: 'build', count: 1 }]);
  const traffic = await engine.call('getTraffic', { from: 0, to: engine.clock.now() + 1 });
  expect(traffic.edges).toMatchObject([{ from: 'workflow:sample', to: 'person:you', kind: 'question', open: 1 }]);
  const missing = runIdSchema.parse(`run_${'9'.repeat(26)}`);
  expect(await engine.attempt('getRunWork', { runId: missing })).toMatchObject({ error: { type: 'notFound' } });
});

it('the attempts of a run are told first to last, whatever their tasks', async () => {
  const engine = await openEngine({
    agents: [agentDefinition({ slots: 2 })],
    workflows: [sample(stageSpec('one', { retry: { ...stageSpec('one').retry, maxAttempts: 2 } }), stageSpec('two'))],
  });
  const { id: runId } = await engine.call('startRun', { workflow: 'sample', inputs: {} });
  (await engine.launch(0)).fail('no', 'transient');
  await engine.settle();
  await engine.pass(60_000);
  const { attempts } = await engine.call('getRunWork', { runId });
  expect(attempts.length).toBeGreaterThan(2);
  expect([...attempts].sort((one, other) => one.claimedAt - other.claimedAt)).toEqual(attempts);
});

describe('R62 one change to many', () => {
  it('runs that are named, each once, counts those that refuse and says why', async () => {
    const engine = await openFrozen();
    const ids = await startRuns(engine, 3);
    const [first, second, third] = ids;
    if (first === undefined || second === undefined || third === undefined) throw new Error('no runs');
    await engine.call('cancelRun', { runId: first, reason });
    const select = { runIds: [first, second, second, third] };
    const done = await engine.call('changeRuns', { select, action: 'cancel', reason });
    expect(done).toMatchObject({ changed: 2, refused: 1, refusals: [{ runId: first, error: { type: 'refused' } }] });
    expect(engine.events('command.refused')).toMatchObject([{ command: 'cancelRun', runId: first }]);
    expect((await engine.call('getStatus', {})).runs.cancelled).toBe(3);
  });

  it('runs of a filter: paused, let go on and rerun, and none of those that came after', async () => {
    const engine = await openFrozen();
    await startRuns(engine, 3);
    const select = { filter: { search: '/work/' } };
    expect(await engine.call('changeRuns', { select, action: 'pause', reason })).toMatchObject({ changed: 3 });
    expect(await engine.call('changeRuns', { select, action: 'resume', reason })).toMatchObject({ changed: 3 });
    await engine.call('changeRuns', { select, action: 'cancel', reason });
    const rerun = await engine.call('changeRuns', { select: { filter: {} }, action: 'rerun', reason });
    expect(rerun).toEqual({ changed: 3, refused: 0, refusals: [] });
    expect((await engine.call('listRuns', {})).runs).toHaveLength(6);
  });

  it('tasks, more than one step of them, with at most a hundred refusals told', async () => {
    const engine = await openFrozen();
    await enqueue(engine, 230);
    const select = { filter: { states: ['queued' as const] } };
    const urgent = await engine.call('changeTasks', { select, action: { kind: 'setPriority', priority: 'critical' } });
    expect(urgent).toMatchObject({ changed: 230, refused: 0 });
    expect((await engine.call('listTasks', { priorities: ['critical'], count: true })).total).toBe(230);
    const all = { filter: {} };
    const requeued = await engine.call('changeTasks', { select: all, action: { kind: 'requeue' } });
    expect(requeued).toMatchObject({ changed: 0, refused: 230 });
    expect(requeued.refusals).toHaveLength(100);
    const cancelled = await engine.call('changeTasks', { select: all, action: { kind: 'cancel', reason } });
    expect(cancelled).toMatchObject({ changed: 230, refused: 0 });
    const { tasks } = await engine.call('listTasks', { limit: 1 });
    const named = { taskIds: tasks.map(({ id }) => id) };
    expect(await engine.call('changeTasks', { select: named, action: { kind: 'cancel', reason } })).toMatchObject({
      refused: 1,
    });
  });

  it('stops when nothing can be stored, and says why', async () => {
    const engine = await openFrozen();
    const taskIds = await enqueue(engine, 1);
    const runIds = await startRuns(engine, 1);
    engine.failWrites = new StoreFailure({ type: 'storeFailed', message: 'Full.', remedy: 'Free some.' });
    const failed = { ok: false, error: { type: 'storeFailed' } };
    const action = { kind: 'requeue' } as const;
    expect(await engine.attempt('changeTasks', { select: { taskIds }, action })).toMatchObject(failed);
    expect(await engine.attempt('changeRuns', { select: { runIds }, action: 'pause', reason })).toMatchObject(failed);
  });

  it('does nothing when its rows cannot be looked up', async () => {
    const engine = await openFrozen();
    const select = { filter: {} };
    const refused = refuse('unavailable', 'Too many questions.', 'Try again.');
    vi.spyOn(engine.store.views, 'selectRunIds').mockResolvedValue(refused);
    vi.spyOn(engine.store.views, 'selectTaskIds').mockResolvedValue(refused);
    expect(await engine.attempt('changeRuns', { select, action: 'pause', reason })).toMatchObject(refused);
    expect(await engine.attempt('changeTasks', { select, action: { kind: 'requeue' } })).toMatchObject(refused);
  });
});

it('R34 counts dead letters by category', async () => {
  const engine = await openEngine();
  await engine.call('enqueueTasks', { tasks: [{ ...work, retry: { maxAttempts: 1 } }] });
  (await engine.launch(0)).fail('no', 'transient');
  await engine.settle();
  const { categories } = await engine.call('countDeadLetters', {});
  expect(categories).toMatchObject([{ count: 1 }]);
});

describe('R67 the state of the engine', () => {
  it('R48 shows what of the desktop is in trouble until it works again', async () => {
    const engine = await openEngine();
    const trouble = { message: 'The desktop has no tray.', remedy: 'Nothing has to be done.' };
    await engine.call('reportPart', { part: 'tray', trouble });
    expect((await engine.call('getStatus', {})).health).toEqual({
      state: 'degraded',
      reasons: [{ ...trouble, state: 'degraded' }],
    });
    await engine.call('reportPart', { part: 'tray', trouble: null });
    engine.clock.advance(2_000);
    expect((await engine.call('getStatus', {})).health.state).toBe('healthy');
  });

  it('tells the health from its rows, and what is slow to tell once a second', async () => {
    const engine = await openEngine();
    const first = await engine.call('getStatus', {});
    expect(first.health).toEqual({ state: 'healthy', reasons: [] });
    expect(first.database).toMatchObject({ path: engine.store.facts().path, bytes: engine.store.facts().bytes });
    engine.machine.free = 0;
    await engine.call('freeze', { reason });
    expect((await engine.call('getStatus', {})).health.state).toBe('healthy');
    await engine.pass(1_000);
    expect((await engine.call('getStatus', {})).health).toMatchObject({ state: 'degraded' });
    expect(engine.machine.looksAtDisk).toBe(1);
    await engine.pass(30_000);
    await engine.call('getStatus', {});
    await engine.pass(1_000);
    expect((await engine.call('getStatus', {})).health.state).toBe('unhealthy');
    expect(engine.machine.looksAtDisk).toBe(2);
  });

  it('knows how long ready work has been waiting, and for whom', async () => {
    const engine = await openEngine();
    await engine.call('disableAgent', { agentId: agentDefinition().id, reason });
    await enqueue(engine, 2);
    await engine.pass(400_000);
    const { health } = await engine.call('getStatus', {});
    expect(health.reasons.map(({ message }) => message)).toEqual([
      expect.stringContaining('Agent worker is disabled'),
      expect.stringContaining('ready for 400 s'),
    ]);
  });

  it('counts the runs that failed since midnight', async () => {
    const engine = await openEngine({ workflows: [sample(stageSpec('build'))] });
    await engine.call('startRun', { workflow: 'sample', inputs: {} });
    (await engine.launch(0)).fail();
    await engine.settle();
    expect((await engine.call('getStatus', {})).failedToday).toBe(1);
    engine.clock.jump(48 * 3_600_000);
    await engine.pass(1_000);
    expect((await engine.call('getStatus', {})).failedToday).toBe(0);
  });
});

it('R45 a follower of changes is told at once that anything may have changed, then what each commit changes', async () => {
  const engine = await openFrozen();
  const told: SubscriptionMessage[] = [];
  const stop = engine.orchestrator.subscribe({ topic: 'changes' }, (message) => told.push(message));
  expect(told).toMatchObject([{ topic: 'changes', lastSeq: engine.store.reads.lastSeq(), runIds: null }]);
  const [runId] = await startRuns(engine, 1);
  expect(told.at(-1)).toMatchObject({ nouns: expect.arrayContaining(['run', 'task']), runIds: [runId] });
  const before = told.length;
  await engine.attempt('freeze', { reason });
  expect(told).toHaveLength(before);
  stop();
  await enqueue(engine, 1);
  expect(told).toHaveLength(before);
});

it('R45 a follower of events gets only the kinds and the actors it names', async () => {
  const engine = await openFrozen();
  await enqueue(engine, 2);
  const kinds: string[] = [];
  const follow = (filter: object) =>
    engine.orchestrator.subscribe({ topic: 'events', afterSeq: 0, ...filter }, (message) => {
      if (message.topic === 'events') kinds.push(...message.events.map(({ kind }) => kind));
    });
  follow({ kinds: ['task.created'] });
  follow({ actors: ['agent'] });
  await engine.pass(0);
  await enqueue(engine, 1);
  await engine.pass(0);
  expect(kinds).toEqual(['task.created', 'task.created', 'task.created']);
});
