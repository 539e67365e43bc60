import { describe, expect, it, onTestFinished } from 'vitest';
import type { Agent } from '../../src-main/contract/agent.ts';
import type { ApiInput } from '../../src-main/contract/api.ts';
import type { RunId, TaskId } from '../../src-main/contract/ids.ts';
import { agentIdSchema, taskIdSchema } from '../../src-main/contract/ids.ts';
import type { Run } from '../../src-main/contract/run.ts';
import type { AgentState, RunState, TaskState } from '../../src-main/contract/states.ts';
import {
  agentStates,
  agentTransitions,
  mayFollow,
  runStates,
  runTransitions,
  taskStates,
  taskTransitions,
} from '../../src-main/contract/states.ts';
import type { Task } from '../../src-main/contract/task.ts';
import type { Engine } from '../support/engine.ts';
import { openEngine, sample } from '../support/engine.ts';
import { agentDefinition, stageSpec } from '../support/samples.ts';

const agentId = agentIdSchema.parse('worker');
const process = { pid: 41, startMark: 'a' };
const work = { agent: { type: 'worker' }, work: { kind: 'prompt' as const, prompt: 'do it', config: {} } };
const ask = { kind: 'approval' as const, question: 'go?', onTimeout: 'reject' as const };
type AgentCommand = 'startAgent' | 'drainAgent' | 'stopAgent' | 'disableAgent' | 'enableAgent';
const reason = 'the test asks';

/** A row of each state, each in an engine of its own, as work brings it there. */
interface Prepared<T> {
  readonly engine: Engine;
  readonly read: () => T;
}

async function queued(engine: Engine, change: Partial<ApiInput<'enqueueTasks'>['tasks'][number]> = {}) {
  const { taskIds } = await engine.call('enqueueTasks', { tasks: [{ ...work, ...change }] });
  await engine.settle();
  return taskIdSchema.parse(taskIds[0]);
}

async function taskIn(state: TaskState): Promise<Prepared<Task>> {
  const engine = await openEngine();
  const needed = state === 'blocked' ? await queued(engine, { delayMs: 60_000 }) : null;
  const delayMs = state === 'queued' ? 60_000 : 0;
  const maxAttempts = state === 'dead' ? 1 : 3;
  const taskId = await queued(engine, { delayMs, retry: { maxAttempts }, needs: needed === null ? [] : [needed] });
  if (!['blocked', 'queued', 'claimed'].includes(state)) {
    const launch = await engine.launch(0);
    launch.observer.started(null);
    await engine.settle();
    if (state === 'completed') launch.complete();
    if (state === 'failed') launch.fail('no', 'fatal');
    if (state === 'dead') launch.fail('no', 'transient');
    if (state === 'cancelled') await engine.call('cancelTask', { taskId, reason });
    await engine.settle();
  }
  return { engine, read: () => required(engine.store.reads.row('task', taskId)) };
}

async function runIn(state: RunState): Promise<Prepared<Run>> {
  const first = state === 'waiting' ? stageSpec('a', { action: ask }) : stageSpec('a');
  const workflows = [sample(first, stageSpec('b', { needs: ['a'] }))];
  const engine = await openEngine({ workflows });
  if (state === 'queued') await queued(engine);
  const { id: runId } = await engine.call('startRun', { workflow: 'sample', inputs: {} });
  await engine.settle();
  const launch = () => engine.launch(0);
  if (state === 'failed') (await launch()).fail();
  if (state === 'cancelled' || state === 'paused') {
    const stop = state === 'paused' ? ('pauseRun' as const) : ('cancelRun' as const);
    await engine.call(stop, { runId, reason });
    (await launch()).complete();
  }
  if (state === 'completed') {
    engine.launcher.onLaunch = (next) => next.complete();
    (await launch()).complete();
  }
  await engine.settle();
  await engine.settle();
  return { engine, read: () => required(engine.store.reads.row('run', runId)) };
}

async function agentIn(state: AgentState, live: boolean): Promise<Prepared<Agent>> {
  const settings = { heartbeat: { intervalMs: 1_000, staleMs: 2_000 }, restart: { maxCrashes: 1 } };
  const engine = await openEngine({ settings, agents: [agentDefinition({ slots: 2 })] });
  engine.launcher.obeysStop = false;
  onTestFinished(() => {
    engine.launcher.obeysStop = true;
    for (const launch of engine.launcher.launches) launch.stopped();
  });
  const { launcher } = engine;
  if (live || state === 'busy' || state === 'unhealthy' || state === 'draining') await queued(engine);
  if (state !== 'stopped') launcher.agents.starting(agentId);
  if (state !== 'stopped' && state !== 'starting') launcher.agents.ready(agentId, process, null);
  await engine.settle();
  if (state === 'stopped') await engine.call('stopAgent', { agentId, reason });
  if (state === 'crashed') launcher.agents.ended(agentId, process, false, 'died');
  if (state === 'draining') await engine.call('drainAgent', { agentId, reason });
  if (state === 'disabled') await engine.call('disableAgent', { agentId, reason });
  if (state === 'unhealthy') for (let second = 0; second < 3; second += 1) await engine.pass(1_000);
  await engine.settle();
  return { engine, read: () => required(engine.store.reads.row('agent', agentId)) };
}

function required<T>(row: T | null): T {
  if (row === null) throw new Error('the row is gone');
  return row;
}

/**
 * Gives a command to a row in a state. What is refused changes nothing but the record of the refusal; what is not
 * takes the row along its table, or leaves its state.
 */
async function check<T extends { readonly state: string }>(
  { engine, read }: Prepared<T>,
  from: string,
  command: () => Promise<{ readonly ok: boolean }>,
  follows: (from: never, to: never) => boolean,
): Promise<boolean> {
  const before = read();
  expect(before.state).toBe(from);
  const lastSeq = engine.store.reads.lastSeq();
  const result = await command();
  if (!result.ok) {
    expect(read()).toEqual(before);
    const { events } = engine.store.reads.listEvents({ afterSeq: lastSeq, limit: 100 });
    expect(events.map((event) => event.kind)).toEqual(['command.refused']);
    return false;
  }
  const { events } = engine.store.reads.listEvents({ afterSeq: lastSeq, limit: 100 });
  expect(events.filter((event) => event.kind === 'command.refused')).toEqual([]);
  const to = read().state;
  if (to !== from) expect([from, to, follows(from as never, to as never)]).toEqual([from, to, true]);
  return true;
}

function giveTask(engine: Engine, command: 'cancelTask' | 'setTaskPriority' | 'requeueTask', taskId: TaskId) {
  if (command === 'cancelTask') return engine.attempt(command, { taskId, reason });
  if (command === 'requeueTask') return engine.attempt(command, { taskId });
  return engine.attempt(command, { taskId, priority: 'critical' });
}

function giveRun(engine: Engine, command: 'pauseRun' | 'resumeRun' | 'cancelRun' | 'rerunRun', runId: RunId) {
  return command === 'rerunRun' ? engine.attempt(command, { runId }) : engine.attempt(command, { runId, reason });
}

function giveAgent(engine: Engine, command: AgentCommand) {
  if (command === 'startAgent' || command === 'enableAgent') return engine.attempt(command, { agentId });
  return engine.attempt(command, { agentId, reason });
}

/** Of each command, the states in which it was taken. */
describe('R07 every command, given in every state of what it is about,', () => {
  it.each([
    ['cancelTask', ['blocked', 'queued', 'claimed', 'running']],
    ['setTaskPriority', ['blocked', 'queued']],
    ['requeueTask', ['dead']],
  ] as const)('%s is refused without a change or takes a task along the table', async (command, expected) => {
    const taken: string[] = [];
    for (const state of taskStates) {
      const prepared = await taskIn(state);
      const { id: taskId } = prepared.read();
      const give = () => giveTask(prepared.engine, command, taskId);
      if (await check(prepared, state, give, (a, b) => mayFollow(taskTransitions, a, b))) taken.push(state);
    }
    expect(taken).toEqual(expected);
  });

  it.each([
    ['pauseRun', ['queued', 'running', 'paused', 'waiting']],
    ['resumeRun', ['paused']],
    ['cancelRun', ['queued', 'running', 'paused', 'waiting']],
    ['rerunRun', ['failed', 'cancelled']],
  ] as const)('%s is refused without a change or takes a run along the table', async (command, expected) => {
    const taken: string[] = [];
    for (const state of runStates) {
      const prepared = await runIn(state);
      const { id: runId } = prepared.read();
      const give = () => giveRun(prepared.engine, command, runId);
      if (await check(prepared, state, give, (a, b) => mayFollow(runTransitions, a, b))) taken.push(state);
    }
    expect(taken).toEqual(expected);
  });

  it.each([
    ['startAgent', ['disabled', 'draining']],
    ['drainAgent', ['stopped', 'crashed', 'disabled']],
    ['stopAgent', []],
    ['disableAgent', []],
    ['enableAgent', agentStates.filter((state) => state !== 'disabled')],
  ] as const)('%s is refused without a change or takes an agent along the table', async (command, refusing) => {
    const refused: string[] = [];
    for (const state of agentStates) {
      const prepared = await agentIn(state, state !== 'idle');
      const give = () => giveAgent(prepared.engine, command);
      if (!(await check(prepared, state, give, (a, b) => mayFollow(agentTransitions, a, b)))) refused.push(state);
    }
    expect(refused.toSorted()).toEqual([...refusing].toSorted());
  });
});
