/** What agents ask people for: stored first, answered once, withdrawn with its attempt. */
import { describe, expect, it } from 'vitest';
import type { PermissionOption } from '../../src-main/contract/permission.ts';
import type { PermissionDeskDeps } from '../../src-main/core/permission-desk.ts';
import { PermissionDesk } from '../../src-main/core/permission-desk.ts';
import type { AskedPermission, PermissionQuestion } from '../../src-main/core/ports.ts';
import { StoreFailure } from '../../src-main/core/ports.ts';
import type { Engine, EngineOptions } from '../support/engine.ts';
import { openEngine, sample } from '../support/engine.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { agentDefinition, permissionRow, stageSpec } from '../support/samples.ts';
import type { Launch } from '../support/scripted-launcher.ts';

const agents = [agentDefinition({ slots: 4, permissions: 'ask' })];
const work = { agent: { type: 'worker' }, work: { kind: 'prompt' as const, prompt: 'do it', config: {} } };
const options: PermissionOption[] = [
  { id: 'ja', name: 'Allow', kind: 'allow_once' },
  { id: 'immer', name: 'Always allow', kind: 'allow_always' },
  { id: 'nein', name: 'Reject', kind: 'reject_once' },
];
const question: PermissionQuestion = { callId: 'c1', tool: 'edit', title: 'Write README', detail: '+ hello', options };

/** An engine with as many live attempts as asked for. */
async function openLive(
  count = 1,
  change: EngineOptions = {},
  more: object = {},
): Promise<{ engine: Engine; launches: Launch[] }> {
  const engine = await openEngine({ agents, ...change });
  await engine.call('enqueueTasks', { tasks: Array.from({ length: count }, () => ({ ...work, ...more })) });
  const launches: Launch[] = [];
  for (let index = 0; index < count; index += 1) {
    const launch = await engine.launch(index);
    launch.observer.started({ pid: 42 + index, startMark: 'a' });
    launches.push(launch);
  }
  return { engine, launches };
}

async function ask(engine: Engine, launch: Launch | undefined, change: Partial<PermissionQuestion> = {}) {
  if (launch === undefined) throw new Error('there is no such launch');
  const asked = launch.observer.asked({ ...question, ...change });
  await engine.settle();
  return asked;
}

async function openOnes(engine: Engine) {
  return (await engine.call('listPermissions', { states: ['open'] })).permissions;
}

async function firstOpen(engine: Engine) {
  const open = await openOnes(engine);
  const oldest = open.at(-1);
  if (oldest === undefined) throw new Error('nothing is asked');
  return oldest;
}

/** What the agent was told so far; null when it still waits. */
async function toldOf(asked: AskedPermission) {
  return Promise.race([asked.verdict, Promise.resolve(null)]);
}

describe('R47 the question of an agent', () => {
  it('is stored before anybody can answer it, and waits for a person, in the order of asking', async () => {
    const { engine, launches } = await openLive();
    const asked = await ask(engine, launches[0]);
    await ask(engine, launches[0], { title: 'Second' });
    const [newest, oldest] = await openOnes(engine);
    expect([oldest?.title, newest?.title]).toEqual(['Write README', 'Second']);
    expect(oldest).toMatchObject({
      ...question,
      taskId: launches[0]?.request.task.id,
      attemptId: launches[0]?.request.attempt.id,
      agentId: 'worker',
      runId: null,
      stage: null,
      state: 'open',
      expiresAt: null,
      answer: null,
    });
    expect(engine.store.reads.countOpenPermissions()).toBe(2);
    expect(engine.events('permission.requested')[0]).toMatchObject({ actor: 'agent' });
    expect(await toldOf(asked)).toBeNull();
  });

  it('gets the answer of a person, once it is committed, and only once', async () => {
    const { engine, launches } = await openLive();
    const asked = await ask(engine, launches[0]);
    const { id: permissionId } = await firstOpen(engine);
    const answered = await engine.call('answerPermission', { permissionId, optionId: 'nein', comment: 'not now' });
    expect(answered).toMatchObject({
      state: 'answered',
      answer: { id: 'nein' },
      answeredBy: 'person',
      comment: 'not now',
      answeredAt: engine.clock.now(),
    });
    expect(await asked.verdict).toEqual({ optionId: 'nein', answer: 'reject_once (Reject), by a person' });
    const again = await engine.attempt('answerPermission', { permissionId, optionId: 'ja' });
    expect(again).toMatchObject({
      ok: false,
      error: { type: 'refused', message: expect.stringContaining('"Reject"') },
    });
    expect(engine.events('permission.answered')).toHaveLength(1);
    expect(engine.events('command.refused')).toMatchObject([
      { command: 'answerPermission', attemptId: launches[0]?.request.attempt.id },
    ]);
    expect(engine.store.reads.countOpenPermissions()).toBe(0);
  });

  it('is why its task stands still, until it is answered', async () => {
    const { engine, launches } = await openLive();
    const taskId = launches[0]?.request.task.id ?? '';
    const because = async () => (await engine.call('getTask', { taskId })).waitingBecause;
    expect(await because()).toBeNull();
    await ask(engine, launches[0]);
    expect(await because()).toBe('agent worker waits for your answer: Write README');
    const first = await firstOpen(engine);
    await ask(engine, launches[0], { title: 'Second' });
    expect(await because()).toBe('agent worker waits for your answer: Write README, and for 1 more');
    await engine.call('answerPermission', { permissionId: first.id, optionId: 'ja' });
    expect(await because()).toBe('agent worker waits for your answer: Second');
  });

  it('takes no answer that it does not offer, and none for a question that nobody asked', async () => {
    const { engine, launches } = await openLive();
    await ask(engine, launches[0]);
    const { id: permissionId } = await firstOpen(engine);
    expect(await engine.attempt('answerPermission', { permissionId, optionId: 'yes' })).toMatchObject({
      error: { type: 'invalidInput', field: 'optionId', remedy: expect.stringContaining('ja (Allow)') },
    });
    const foreign = `permission_${'9'.repeat(26)}` as never;
    expect(await engine.attempt('answerPermission', { permissionId: foreign, optionId: 'ja' })).toMatchObject({
      error: { type: 'notFound' },
    });
    expect(await openOnes(engine)).toHaveLength(1);
  });

  it('lets no limit pass while a person is asked, while the lease goes on', async () => {
    const settings = { heartbeat: { intervalMs: 10_000, staleMs: 60_000 } };
    const { engine, launches } = await openLive(1, { settings }, { timeouts: { runMs: 60_000, idleMs: 20_000 } });
    const asked = await ask(engine, launches[0]);
    for (let minute = 0; minute < 4; minute += 1) {
      launches[0]?.observer.beat();
      await engine.pass(50_000);
    }
    expect(launches[0]?.stops).toEqual([]);
    expect(engine.store.reads.leases()[0]?.expiresAt).toBeGreaterThan(engine.clock.now());
    await engine.call('answerPermission', { permissionId: (await firstOpen(engine)).id, optionId: 'ja' });
    await asked.verdict;
    launches[0]?.complete();
    await engine.settle();
    expect((await engine.call('getStatus', {})).tasks.completed).toBe(1);
  });

  it.each([
    ['completes', (launch: Launch) => launch.complete()],
    ['fails', (launch: Launch) => launch.fail()],
    ['dies', (launch: Launch) => launch.die()],
  ])('is withdrawn in the very unit in which its attempt %s', async (_, end) => {
    const { engine, launches } = await openLive();
    const asked = await ask(engine, launches[0]);
    const { id: permissionId } = await firstOpen(engine);
    end(launches[0] as Launch);
    await engine.settle();
    expect(await asked.verdict).toEqual({
      optionId: null,
      answer: 'cancelled: its attempt ended before anybody answered',
    });
    expect(engine.store.reads.row('permission', permissionId)).toMatchObject({ state: 'withdrawn', answer: null });
    const [withdrawn] = engine.events('permission.answered');
    const [ended] = engine.events('attempt.ended');
    expect(ended?.seq).toBe(Number(withdrawn?.seq) + 1);
    expect(await engine.attempt('answerPermission', { permissionId, optionId: 'ja' })).toMatchObject({
      error: { type: 'refused', message: expect.stringContaining('it is withdrawn') },
    });
  });

  it('is withdrawn at the next start when the engine died, and asked again by the next attempt', async () => {
    const { engine: first, launches } = await openLive();
    await ask(first, launches[0]);
    const { id: permissionId } = await firstOpen(first);
    await first.crash();
    const idle = await openEngine({ agents, folder: first.folder, start: false });
    expect(await idle.attempt('answerPermission', { permissionId, optionId: 'ja' })).toMatchObject({
      error: { type: 'refused', message: expect.stringContaining('does not run') },
    });
    await idle.crash();
    const second = await openEngine({ agents, folder: first.folder });
    expect(second.store.reads.row('permission', permissionId)?.state).toBe('withdrawn');
    const again = await second.launch(0);
    const asked = await ask(second, again);
    await second.call('answerPermission', { permissionId: (await firstOpen(second)).id, optionId: 'ja' });
    expect(await asked.verdict).toMatchObject({ optionId: 'ja' });
    expect(second.events('permission.answered').map(({ state }) => state)).toEqual(['withdrawn', 'answered']);
  });

  it('is withdrawn when the agent needs no answer any more; an answer that comes later is refused', async () => {
    const { engine, launches } = await openLive();
    const asked = await ask(engine, launches[0]);
    const { id: permissionId } = await firstOpen(engine);
    const other = await ask(engine, launches[0]);
    asked.withdraw('the attempt is being stopped');
    expect(await asked.verdict).toEqual({ optionId: null, answer: 'cancelled: the attempt is being stopped' });
    const late = await engine.attempt('answerPermission', { permissionId, optionId: 'ja' });
    expect(late).toMatchObject({ ok: false });
    asked.withdraw('twice');
    await engine.settle();
    expect(engine.events('permission.answered')).toMatchObject([{ state: 'withdrawn', by: null, permissionId }]);
    expect(await toldOf(other)).toBeNull();
  });

  it('is not asked when the work is being stopped, or when the attempt has ended', async () => {
    const { engine, launches } = await openLive();
    const [launch] = launches as [Launch];
    engine.launcher.obeysStop = false;
    await engine.call('cancelTask', { taskId: launch.request.task.id, reason: 'enough' });
    expect(await (await ask(engine, launch)).verdict).toMatchObject({ answer: 'cancelled: the work is being stopped' });
    launch.stopped();
    await engine.settle();
    expect(await (await ask(engine, launch)).verdict).toMatchObject({ answer: 'cancelled: the attempt has ended' });
    expect(engine.events('permission.requested')).toEqual([]);
  });

  it('is one of 64 at most that an attempt may ask at once', async () => {
    const { engine, launches } = await openLive();
    const asked = Array.from({ length: 65 }, () => launches[0]?.observer.asked(question));
    await engine.settle();
    expect(engine.store.reads.countOpenPermissions()).toBe(64);
    expect(await asked[64]?.verdict).toMatchObject({ optionId: null, answer: expect.stringContaining('wait already') });
  });

  it('is cancelled when it cannot be stored, and the engine says so', async () => {
    const { engine, launches } = await openLive();
    const full = new StoreFailure({ type: 'storeFailed', message: 'the disk is full', remedy: '' });
    engine.failWrites = full;
    const asked = await ask(engine, launches[0]);
    expect(await asked.verdict).toMatchObject({ answer: 'cancelled: the question could not be stored' });
    engine.failWrites = null;
    const second = await ask(engine, launches[0]);
    engine.failWrites = full;
    second.withdraw('the turn ended');
    await engine.settle();
    expect(engine.log.problems.map(({ message }) => message)).toEqual([
      'The question of an agent could not be stored; it is told that nobody answers.',
      'The end of a permission could not be stored.',
    ]);
    engine.failWrites = null;
    launches[0]?.complete();
    await engine.settle();
    expect(await openOnes(engine)).toEqual([]);
  });
});

describe('R47 a rule', () => {
  it('made by an answer answers what waits already, of that agent and tool, and then at once', async () => {
    const { engine, launches } = await openLive(2);
    const [first, other, run] = [
      await ask(engine, launches[0]),
      await ask(engine, launches[1]),
      await ask(engine, launches[1], { tool: 'execute' }),
    ];
    const { id: permissionId } = await firstOpen(engine);
    await engine.call('answerPermission', { permissionId, optionId: 'ja', always: true });
    expect(await first.verdict).toMatchObject({ answer: 'allow_once (Allow), by a person' });
    expect(await other.verdict).toMatchObject({ optionId: 'ja', answer: 'allow_once (Allow), by a rule' });
    expect(await toldOf(run)).toBeNull();
    const { rules } = await engine.call('listPermissionRules', {});
    expect(rules).toMatchObject([{ agentId: 'worker', tool: 'edit', answer: 'allow', addedAt: engine.clock.now() }]);
    const later = await ask(engine, launches[0]);
    expect(await later.verdict).toMatchObject({ answer: 'allow_once (Allow), by a rule' });
    expect(engine.events('permission.requested')).toHaveLength(3);
    const byRule = engine.events('permission.answered').find(({ by }) => by === 'rule');
    expect(byRule?.comment).toContain(permissionId);
  });

  it('chooses by kind; a question that offers no such kind waits for a person', async () => {
    const { engine, launches } = await openLive();
    await ask(engine, launches[0]);
    await engine.call('answerPermission', {
      permissionId: (await firstOpen(engine)).id,
      optionId: 'nein',
      always: true,
    });
    const renamed = [{ id: '7', name: 'Never', kind: 'reject_always' as const }];
    expect(await (await ask(engine, launches[0], { options: renamed })).verdict).toMatchObject({ optionId: '7' });
    const onlyYes = await ask(engine, launches[0], { options: options.slice(0, 1) });
    expect(await toldOf(onlyYes)).toBeNull();
    const open = await firstOpen(engine);
    await engine.call('answerPermission', { permissionId: open.id, optionId: 'ja', always: true });
    expect((await engine.call('listPermissionRules', {})).rules).toMatchObject([{ answer: 'allow' }]);
    expect(engine.events('permission.ruleRemoved')).toHaveLength(1);
    const rejecting = options.slice(2);
    await ask(engine, launches[0], { options: rejecting });
    const last = await firstOpen(engine);
    await engine.call('answerPermission', { permissionId: last.id, optionId: 'nein' });
    expect(engine.events('permission.ruleAdded')).toHaveLength(2);
  });

  it('that is there already is not made twice', async () => {
    const { engine, launches } = await openLive(1);
    const never = [{ id: '7', name: 'Never', kind: 'reject_always' as const }];
    await ask(engine, launches[0], { options: never });
    await ask(engine, launches[0]);
    const [newest, oldest] = await openOnes(engine);
    await engine.call('answerPermission', { permissionId: newest?.id as never, optionId: 'immer', always: true });
    await engine.call('answerPermission', { permissionId: oldest?.id as never, optionId: '7' });
    await ask(engine, launches[0], { options: [...never, { id: '8', name: 'Once', kind: 'reject_once' }] });
    expect(await openOnes(engine)).toHaveLength(1);
    expect(engine.events('permission.ruleAdded')).toHaveLength(1);
  });

  it('can be removed, once; then the agent asks again', async () => {
    const { engine, launches } = await openLive();
    await ask(engine, launches[0]);
    await engine.call('answerPermission', { permissionId: (await firstOpen(engine)).id, optionId: 'ja', always: true });
    const ruleId = (await engine.call('listPermissionRules', {})).rules[0]?.id as never;
    await engine.call('removePermissionRule', { ruleId });
    expect(await engine.attempt('removePermissionRule', { ruleId })).toMatchObject({ error: { type: 'notFound' } });
    expect(await toldOf(await ask(engine, launches[0]))).toBeNull();
  });

  it('goes with its agent: another one of the same name asks', async () => {
    const own = agentDefinition({ id: 'mine', type: 'mine', permissions: 'ask', builtin: false });
    const engine = await openEngine({ agents });
    await engine.call('saveAgent', own);
    await engine.call('enqueueTasks', { tasks: [{ ...work, agent: { type: 'mine' } }] });
    const launch = await engine.launch(0);
    await ask(engine, launch);
    await engine.call('answerPermission', { permissionId: (await firstOpen(engine)).id, optionId: 'ja', always: true });
    launch.complete();
    await engine.settle();
    await engine.call('removeAgent', { agentId: own.id });
    expect((await engine.call('listPermissionRules', {})).rules).toEqual([]);
    expect(engine.events('permission.ruleRemoved')).toMatchObject([
      { agentId: 'mine', reason: 'its agent was removed' },
    ]);
  });
});

describe('R47 a question that nobody answers in time', () => {
  const settings = { permissions: { expireAfterMs: 60_000 } };

  it('expires, which denies nothing: the agent is told that there is no answer', async () => {
    const { engine, launches } = await openLive(1, { settings });
    const early = await ask(engine, launches[0]);
    await engine.pass(30_000);
    launches[0]?.observer.beat();
    const late = await ask(engine, launches[0]);
    expect((await firstOpen(engine)).expiresAt).toBe(engine.clock.now() + 30_000);
    await engine.pass(30_000);
    expect(await early.verdict).toEqual({ optionId: null, answer: 'cancelled: nobody answered in time' });
    expect(await toldOf(late)).toBeNull();
    launches[0]?.observer.beat();
    await engine.pass(30_000);
    expect(await late.verdict).toMatchObject({ optionId: null });
    expect(engine.events('permission.answered')).toMatchObject([
      { state: 'expired', by: 'policy', answer: null },
      { state: 'expired' },
    ]);
  });

  it('expires later when its end cannot be stored, and not at all once the engine has ended', async () => {
    const { engine, launches } = await openLive(1, { settings });
    const asked = await ask(engine, launches[0]);
    engine.failWrites = new Error('the disk is full');
    await engine.pass(60_000);
    expect(await toldOf(asked)).toBeNull();
    engine.failWrites = null;
    await engine.pass(1_000);
    expect(await asked.verdict).toMatchObject({ answer: 'cancelled: nobody answered in time' });
    await ask(engine, launches[0]);
    engine.failWrites = new Error('the disk is full');
    engine.clock.advance(60_000);
    await engine.close();
    await engine.settle().catch(() => undefined);
    expect(engine.clock.timers).toBe(0);
  });
});

it('R60 the question of a stage names its run and stage', async () => {
  const engine = await openEngine({ agents, workflows: [sample(stageSpec('build'))] });
  const run = await engine.call('startRun', { workflow: 'sample', inputs: {} });
  await ask(engine, await engine.launch(0));
  expect(await firstOpen(engine)).toMatchObject({ runId: run.id, stage: 'build' });
  expect(await engine.call('getRun', { runId: run.id })).toMatchObject({ state: 'running' });
});

it.each([true, false])(
  'I9 a desk that was stopped while it stored an expiry (stored: %s) sets no timer any more',
  async (stored) => {
    const clock = new ManualClock();
    const writing = Promise.withResolvers<null>();
    const open = permissionRow({ expiresAt: clock.now() + 10 });
    const reads = { openPermissions: () => [open, permissionRow()] };
    const store = { reads, write: () => writing.promise };
    const logger = { info: () => {}, warn: () => {}, error: () => {} };
    const desk = new PermissionDesk({ store, clock, logger } as unknown as PermissionDeskDeps);
    const { id: permissionId, state: _, answeredAt: __, answeredBy: ___, ...told } = open;
    desk.committed({ seq: 1, at: 0, actor: 'agent', kind: 'permission.requested', permissionId, ...told } as never);
    expect(clock.timers).toBe(1);
    clock.advance(10);
    desk.stop();
    if (stored) writing.resolve(null);
    else writing.reject(new Error('the disk is full'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(clock.timers).toBe(0);
  },
);
