import { join } from 'node:path';
import sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { refuse } from '../../src-main/contract/errors.ts';
import { agentIdSchema, taskIdSchema } from '../../src-main/contract/ids.ts';
import { settingsSchema } from '../../src-main/contract/settings.ts';
import { AttemptWrites } from '../../src-main/core/attempts.ts';
import { Breakers } from '../../src-main/core/breakers.ts';
import { mustRow } from '../../src-main/core/must-row.ts';
import { StoreFailure } from '../../src-main/core/ports.ts';
import { routeOf } from '../../src-main/core/route.ts';
import { RunFlow } from '../../src-main/core/run-flow.ts';
import { openStore } from '../../src-main/store/open-store.ts';
import { countingIds } from '../support/counting-ids.ts';
import { KeptLog, openEngine, sample } from '../support/engine.ts';
import { noProjects } from '../support/no-projects.ts';
import { agentDefinition, stageSpec } from '../support/samples.ts';

const agentId = agentIdSchema.parse('worker');
const unknownTask = taskIdSchema.parse(`task_${'9'.repeat(26)}`);
const work = { agent: { type: 'worker' }, work: { kind: 'prompt' as const, prompt: 'do it', config: {} } };

/** A disk that is full until it is told otherwise. */
const full = () => new StoreFailure({ type: 'storeFailed', message: 'the disk is full', remedy: 'make room' });

it('R25 an agent host that dies while it starts a process costs the task none of its attempts', async () => {
  const engine = await openEngine();
  await engine.call('enqueueTasks', { tasks: [work] });
  const failure = { category: 'engine', class: 'transient', message: 'the agent host has died' } as const;
  (await engine.launch(0)).finish({ outcome: 'failed', exit: null, failure });
  (await engine.launch(1)).complete();
  await engine.settle();
  expect(engine.events('task.released')).toMatchObject([{ by: 'engine', counts: 'interruption' }]);
  expect(engine.events('task.completed')).toHaveLength(1);
});

describe('R44 what an agent does', () => {
  it('is numbered without gaps, whether it comes one by one or all at once', async () => {
    const engine = await openEngine();
    await engine.call('enqueueTasks', { tasks: [work] });
    const { observer, complete } = await engine.launch(0).then((launch) => ({
      observer: launch.observer,
      complete: () => launch.complete(),
    }));
    observer.did({ kind: 'thinking' });
    await engine.settle();
    observer.did({ kind: 'toolCallStarted', callId: 'c', title: 'read', tool: 'read' });
    observer.did({ kind: 'toolCallFinished', callId: 'c', status: 'completed' });
    complete();
    await engine.settle();
    expect(engine.events('attempt.did').map((event) => [event.number, event.activity.kind])).toEqual([
      [1, 'thinking'],
      [2, 'toolCallStarted'],
      [3, 'toolCallFinished'],
    ]);
  });

  it('counts as started once, however often the launcher says so', async () => {
    const engine = await openEngine();
    await engine.call('enqueueTasks', { tasks: [work] });
    const { observer } = await engine.launch(0);
    observer.started(null);
    observer.started(null);
    await engine.settle();
    expect(engine.events('attempt.started')).toHaveLength(1);
  });

  it('R32 is refused and recorded after its task was taken away', async () => {
    const engine = await openEngine();
    await engine.call('enqueueTasks', { tasks: [work] });
    const launch = await engine.launch(0);
    launch.complete();
    await engine.settle();
    launch.observer.started({ pid: 1, startMark: 'late' });
    launch.observer.did({ kind: 'replied' });
    await engine.settle();
    expect(engine.events('command.refused').map((event) => event.command)).toEqual(['startAttempt', 'recordActivity']);
    expect(engine.events('attempt.did')).toEqual([]);
  });
});

describe('R75 a store that fails for a while', () => {
  it('loses no result: it is kept and stored later', async () => {
    const engine = await openEngine();
    await engine.call('enqueueTasks', { tasks: [work] });
    const launch = await engine.launch(0);
    engine.failWrites = full();
    launch.observer.started(null);
    launch.complete({ kept: true });
    await new Promise((resolve) => setImmediate(resolve));
    await engine.pass(20_000);
    expect(engine.log.problems.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        'A report of an attempt could not be stored.',
        'The result of an attempt could not be stored; it is kept and tried again.',
        'Leases could not be renewed.',
      ]),
    );
    engine.failWrites = null;
    await engine.pass(1_000);
    expect((await engine.call('getStatus', {})).tasks.completed).toBe(1);
  });

  it('refuses commands with its own words, and claims again later', async () => {
    const engine = await openEngine();
    engine.failWrites = full();
    const refused = await engine.attempt('enqueueTasks', { tasks: [work] });
    expect(refused).toEqual({
      ok: false,
      error: { type: 'storeFailed', message: 'the disk is full', remedy: 'make room' },
    });
    engine.failWrites = new Error('a defect');
    await expect(engine.attempt('freeze', { reason: 'x' })).rejects.toThrow('a defect');
    engine.failWrites = null;
    await engine.call('enqueueTasks', { tasks: [{ ...work, delayMs: 1_000 }] });
    await engine.settle();
    engine.failWrites = full();
    await engine.pass(1_000);
    expect(engine.launcher.launches).toEqual([]);
    engine.failWrites = null;
    await engine.pass(1_000);
    expect(engine.launcher.launches).toHaveLength(1);
  });

  it('R28 takes no slot for a claim that could not be committed', async () => {
    const engine = await openEngine();
    await engine.call('enqueueTasks', { tasks: [{ ...work, delayMs: 1_000 }] });
    await engine.settle();
    engine.failCommits = full();
    await engine.pass(1_000);
    expect(engine.launcher.launches).toEqual([]);
    expect(engine.log.problems.at(-1)?.message).toBe('Claiming failed; it is tried again in a second.');
    expect((await engine.call('getStatus', {})).slots.used).toBe(0);
    engine.failCommits = null;
    await engine.pass(1_000);
    expect(engine.launcher.launches).toHaveLength(1);
  });

  it('is logged when it cannot take what happened to an agent, an approval, or the end of the engine', async () => {
    const ask = { kind: 'approval' as const, question: 'go?', timeoutMs: 1_000, onTimeout: 'approve' as const };
    const settings = { heartbeat: { intervalMs: 1_000, staleMs: 2_000 } };
    const engine = await openEngine({ workflows: [sample(stageSpec('ask', { action: ask }))], settings });
    await engine.call('startRun', { workflow: 'sample', inputs: {} });
    await engine.call('enqueueTasks', { tasks: [work] });
    const launch = await engine.launch(0);
    engine.launcher.obeysStop = false;
    engine.failWrites = full();
    engine.launcher.agents.starting(agentId);
    await engine.pass(1_000);
    await engine.pass(2_000);
    expect(launch.stops).toEqual([0]);
    expect(engine.log.problems.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        "The state of an agent's process could not be stored.",
        'Approvals whose time is up could not be answered.',
        'A stale agent could not be marked.',
      ]),
    );
    engine.failWrites = null;
    launch.stopped();
    await engine.launch(1);
    engine.launcher.obeysStop = true;
    engine.failWrites = full();
    await engine.orchestrator.close({ mode: 'park' });
    expect(engine.log.problems.at(-1)?.message).toBe('The end of the engine could not be recorded.');
    engine.failWrites = null;
    expect(engine.store.reads.liveAttempts()).toHaveLength(1);
  });

  it('goes on when a drained agent cannot be stopped', async () => {
    const engine = await openEngine();
    await engine.call('enqueueTasks', { tasks: [work] });
    const launch = await engine.launch(0);
    engine.launcher.agents.starting(agentId);
    await engine.settle();
    await engine.call('drainAgent', { agentId, reason: 'update' });
    engine.launcher.stopAgent = () => Promise.reject(new Error('not permitted'));
    launch.complete();
    await engine.settle();
    expect(engine.log.problems.at(-1)?.message).toBe('A drained agent could not be stopped.');
  });
});

describe('what comes at the edge of something', () => {
  it('a claim that is committed while the engine quits is parked again', async () => {
    const engine = await openEngine();
    const closing = engine.orchestrator.close({ mode: 'park' });
    await closing;
    expect(engine.launcher.launches).toEqual([]);
  });

  it('an approval whose time is up while the engine quits is answered, and no timer is left', async () => {
    const ask = { kind: 'approval' as const, question: 'go?', timeoutMs: 1_000, onTimeout: 'approve' as const };
    const engine = await openEngine({ workflows: [sample(stageSpec('ask', { action: ask }))] });
    const { id: runId } = await engine.call('startRun', { workflow: 'sample', inputs: {} });
    engine.clock.advance(1_000);
    await engine.orchestrator.close({ mode: 'park' });
    await engine.settle();
    expect((await engine.call('getRun', { runId })).state).toBe('completed');
    expect(engine.clock.timers).toBe(0);
  });

  it('R32 an attempt, a stage and a run that ended already are not ended again', async () => {
    const engine = await openEngine({ workflows: [sample(stageSpec('a'))] });
    const { id: runId } = await engine.call('startRun', { workflow: 'sample', inputs: {} });
    const launch = await engine.launch(0);
    launch.complete();
    await engine.settle();
    const run = await engine.call('getRun', { runId });
    const ids = countingIds();
    const flow = new RunFlow({ ids, projects: noProjects });
    const settings = settingsSchema.parse({});
    const breakers = new Breakers({ store: engine.store, clock: engine.clock, settings });
    const writes = new AttemptWrites({ ids, clock: engine.clock, flow, breakers, settings, projects: noProjects });
    const { attempt, task } = launch.request;
    const outcome = { kind: 'completed' as const, outputs: { again: true } };
    const ended = await engine.store.write((unit) => {
      const moment = { at: engine.clock.now(), actor: 'engine' as const };
      flow.taskEnded(unit, mustRow(unit, 'task', task.id), attempt, moment);
      return writes.ended(unit, attempt, { outcome, exit: null, gates: [] });
    });
    expect(ended).toMatchObject({ ok: false, error: { type: 'refused' } });
    expect(engine.events('command.refused')).toMatchObject([{ command: 'endAttempt', attemptId: attempt.id }]);
    expect(await engine.call('getRun', { runId })).toEqual(run);
  });

  it('news of an agent that was removed changes nothing', async () => {
    const engine = await openEngine({ agents: [] });
    const gone = agentDefinition({ id: 'gone', protocol: 'command', builtin: false });
    await engine.call('saveAgent', gone);
    await engine.call('removeAgent', { agentId: gone.id });
    engine.launcher.agents.starting(gone.id);
    engine.launcher.agents.ready(gone.id, { pid: 1, startMark: 'a' }, null);
    engine.launcher.agents.ended(gone.id, null, false, 'died');
    await engine.settle();
    expect(engine.events('agent.removed')).toHaveLength(1);
    expect((await engine.call('listAgents', {})).agents).toEqual([]);
    expect(engine.log.problems).toEqual([]);
  });

  it('a task that the queue holds by mistake is passed over, and the others are claimed', async () => {
    const engine = await openEngine();
    await engine.call('enqueueTasks', { tasks: [work] });
    const { request, complete } = await engine
      .launch(0)
      .then((launch) => ({ request: launch.request, complete: () => launch.complete() }));
    complete();
    await engine.settle();
    const database = new sqlite(join(engine.folder, 'signalbox.db'));
    database
      .prepare('INSERT INTO ready_tasks (route, priority, position, task_id) VALUES (?, 0, -1, ?)')
      .run(routeOf(request.task.spec.selector), request.task.id);
    database.close();
    await engine.call('enqueueTasks', { tasks: [work] });
    expect((await engine.launch(1)).request.task.id).not.toBe(request.task.id);
    expect(engine.log.problems[0]?.message).toBe('The queue holds a task that is not ready; it was passed over.');
  });

  it('a second process that writes the same database is noticed by the numbers', async () => {
    const engine = await openEngine();
    await engine.call('freeze', { reason: 'to count' });
    const seqs: number[] = [];
    engine.orchestrator.subscribe({ topic: 'events', afterSeq: 0 }, (message) => {
      if (message.topic === 'events') seqs.push(...message.events.map((event) => event.seq));
    });
    await engine.pass(0);
    const other = await openStore({ folder: engine.folder, logger: new KeptLog(), now: () => engine.clock.now() });
    if (!other.ok) throw new Error(other.error.message);
    const moment = { at: engine.clock.now(), actor: 'engine' as const };
    await other.value.write((unit) => unit.record([{ ...moment, kind: 'engine.stopped', reason: 'elsewhere' }]).length);
    await other.value.close();
    await engine.call('enqueueTasks', { tasks: [work] });
    await engine.pass(0);
    const last = engine.store.reads.lastSeq();
    expect(seqs).toEqual(Array.from({ length: last }, (_, index) => index + 1));
  });
});

describe('questions', () => {
  it('about workflows are answered from the library', async () => {
    const engine = await openEngine({ workflows: [sample(stageSpec('a'))] });
    expect((await engine.call('listWorkflows', {})).workflows).toMatchObject([{ name: 'sample', stages: 1 }]);
    expect((await engine.call('getWorkflow', { workflow: 'sample' })).definition?.stages).toHaveLength(1);
    expect(await engine.attempt('getWorkflow', { workflow: 'none' })).toMatchObject({ error: { type: 'notFound' } });
    expect(await engine.call('validateWorkflow', { source: '' })).toEqual({ problems: [], definition: null });
  });

  it('about what is not there name it', async () => {
    const engine = await openEngine();
    expect(await engine.attempt('getTask', { taskId: unknownTask })).toMatchObject({ error: { type: 'notFound' } });
    expect(await engine.attempt('getRun', { runId: `run_${'9'.repeat(26)}` as never })).toMatchObject({
      error: { type: 'notFound' },
    });
    const log = await engine.attempt('readLog', { attemptId: `attempt_${'9'.repeat(26)}` as never });
    expect(log).toMatchObject({ error: { type: 'notFound' } });
    const approvalId = `approval_${'9'.repeat(26)}` as never;
    expect(await engine.attempt('answerApproval', { approvalId, answer: 'approved' })).toMatchObject({
      error: { type: 'notFound' },
    });
  });

  it('about logs say whether more can come, and watching one says when it has grown', async () => {
    const engine = await openEngine();
    await engine.call('enqueueTasks', { tasks: [work] });
    const { request } = await engine.launch(0);
    const attemptId = request.attempt.id;
    expect(await engine.call('readLog', { attemptId })).toEqual({
      lines: [],
      totalLines: 0,
      complete: false,
      path: '',
    });
    engine.logPage = { lines: [], totalLines: 7, path: '/logs/a.log' };
    expect(await engine.call('readLog', { attemptId })).toMatchObject({ totalLines: 7, path: '/logs/a.log' });
    const find = { kind: 'error' } as const;
    expect(await engine.call('searchLog', { attemptId, find })).toEqual({ lines: [], total: 0, totalLines: 0 });
    const found = { lines: [3], total: 1, totalLines: 7 };
    engine.logSearch = { ok: true, value: found };
    expect(await engine.call('searchLog', { attemptId, find })).toEqual(found);
    engine.logSearch = refuse('refused', 'It took too long.', 'Use another pattern.');
    expect(await engine.attempt('searchLog', { attemptId, find })).toEqual(engine.logSearch);
    const unknown = { attemptId: 'attempt_00000000000000000000000000', find };
    expect(await engine.attempt('searchLog', unknown)).toMatchObject({ ok: false, error: { type: 'notFound' } });
    const messages: unknown[] = [];
    const stop = engine.orchestrator.subscribe({ topic: 'log', attemptId }, (message) => messages.push(message));
    engine.growLog(8);
    stop();
    expect(messages).toEqual([{ topic: 'log', attemptId, totalLines: 8, complete: false }]);
  });

  it('about the engine are answered before it has started', async () => {
    const engine = await openEngine({ start: false });
    expect(await engine.call('getStatus', {})).toMatchObject({ startedAt: 0, resumedRuns: [], reapedProcesses: 0 });
  });

  it('about health come from the store', async () => {
    const engine = await openEngine();
    expect(await engine.call('measureDataFolder', {})).toMatchObject({ entries: 5, isComplete: true });
    const { findings } = await engine.call('runDoctor', {});
    expect(findings.every((finding) => finding.status === 'ok')).toBe(true);
    expect((await engine.call('listEvents', {})).events.length).toBeGreaterThan(0);
  });

  it('about the reason of waiting name slots, agents and what is next', async () => {
    const agents = [agentDefinition(), agentDefinition({ id: 'other', type: 'other' })];
    const engine = await openEngine({ agents, settings: { slots: { total: 1 } } });
    const queue = async (type: string) => {
      const { taskIds } = await engine.call('enqueueTasks', { tasks: [{ ...work, agent: { type } }] });
      await engine.settle();
      return async () => (await engine.call('getTask', { taskId: taskIdSchema.parse(taskIds[0]) })).waitingBecause;
    };
    expect(await (await queue('worker'))()).toBeNull();
    const second = await queue('other');
    expect(await second()).toBe('all 1 slots are taken');
    (await engine.launch(0)).complete();
    (await engine.launch(1)).complete();
    await engine.call('disableAgent', { agentId, reason: 'too dear' });
    const third = await queue('worker');
    expect(await third()).toBe('agent worker is disabled (too dear)');
  });

  it('about the reason of waiting name a missing agent, a busy one, and the turn that comes', async () => {
    const mine = agentDefinition({ id: 'mine', type: 'mine', protocol: 'command', builtin: false });
    const engine = await openEngine();
    await engine.call('saveAgent', mine);
    await engine.call('enqueueTasks', { tasks: [{ ...work, agent: { id: 'mine' } }] });
    const { taskIds } = await engine.call('enqueueTasks', { tasks: [{ ...work, agent: { id: 'mine' } }] });
    const taskId = taskIdSchema.parse(taskIds[0]);
    const why = async () => (await engine.call('getTask', { taskId })).waitingBecause;
    const launch = await engine.launch(0);
    expect(await why()).toBe('agent mine has no free slot');
    engine.failWrites = full();
    launch.complete();
    await engine.settle().catch(() => undefined);
    engine.failWrites = null;
    await engine.call('freeze', { reason: 'to look' });
    await engine.pass(1_000);
    await engine.call('removeAgent', { agentId: mine.id });
    await engine.orchestrator.close({ mode: 'park' });
    const thawed = await openEngine({ folder: engine.folder, start: false });
    await thawed.call('thaw', { reason: 'looked' });
    expect((await thawed.call('getTask', { taskId })).waitingBecause).toBe('no agent matches agent mine');
    await thawed.call('saveAgent', mine);
    expect((await thawed.call('getTask', { taskId })).waitingBecause).toBe('it is next in line');
  });
});

it('R75 makes a copy of the database when it is asked to, and lists it', async () => {
  const engine = await openEngine();
  const copy = await engine.call('createBackup', {});
  expect(copy).toMatchObject({ kind: 'asked', at: engine.clock.now() });
  expect((await engine.call('listBackups', {})).backups).toEqual([copy]);
});
