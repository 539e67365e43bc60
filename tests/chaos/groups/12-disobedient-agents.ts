import type { TaskId } from '../../../src-main/contract/ids.ts';
import { isAlive } from '../../support/process-census.ts';
import type { RealEngine, TaskFound } from '../../support/real-engine.ts';
import { outputsOf, testAgent, testTask } from '../../support/real-engine.ts';
import type { FaultGroup, Times, Trial } from '../fault-group.ts';
import { openEngine, parkAndHold } from '../real-trial.ts';

const times: Times = { short: 1, full: 3 };
const protocols = ['acp', 'command'] as const;
type Protocol = (typeof protocols)[number];
/** Its first attempt misbehaves, its second one does not. */
const once = (behaviour: object) => ({ script: [behaviour, { mode: 'success' }] });

/** Agents that do not do as they are told, or say what is not so. */
export const disobedientAgents: FaultGroup = {
  number: 12,
  title: 'Agents that disobey or lie',
  faults: [
    'They ignore SIGTERM, and so do their children: they are killed with all of them when their time is up, and the next attempt completes the task.',
    'They leave descendants behind, in their group, in sessions of their own or orphaned by a double fork, which ignore SIGTERM and hold the pipe open: the task is completed without waiting for them, and none is left.',
    'They end with 0 and no result: that is no success.',
    'They answer twice, with other outputs the second time: the task is completed once, what was taken is never changed, and the next task of the same agent is its own.',
    'They answer for another task, which works beside them: neither that one nor their own is completed by it.',
  ],
  run: async (context) => {
    await context.trials('ignore SIGTERM', both(times), (trial) => ignoreSigterm(trial, protocolOf(trial)));
    await context.trials('leave descendants behind', { short: 1, full: 12 }, leaveBehind);
    await context.trials('end with 0 and no result', both(times), (trial) => noResult(trial, protocolOf(trial)));
    await context.trials('answer twice', both(times), (trial) => answerTwice(trial, protocolOf(trial)));
    await context.trials('answer for another task', both(times), (trial) => answerForeign(trial, protocolOf(trial)));
  },
};

/** One of each protocol for each time, but in the short form: there the trial's number chooses. */
function both({ short, full }: Times): Times {
  return { short, full: 2 * full };
}

function protocolOf(trial: Trial): Protocol {
  return protocols[trial.number % 2] ?? 'acp';
}

async function ignoreSigterm(trial: Trial, protocol: Protocol): Promise<void> {
  const engine = await engineWith(trial, protocol);
  const limits = { timeouts: { runMs: 1_500, stopMs: 200 }, retry: { maxAttempts: 4, delayMs: 0, jitter: 0 } };
  const { task, attempts } = await engine.runTask(testTask(once({ mode: 'hang', grandchildren: 2 }), limits), 40_000);
  const states = attempts.map(({ state }) => state);
  trial.expect(task.state === 'completed' && states[0] === 'timed_out', `The attempts ended as ${states}.`);
  trial.expect(!isAlive(attempts[0]?.process?.pid ?? 0), 'The agent that ignores SIGTERM is left.');
  trial.saw('agents that ignored SIGTERM, killed');
  await parkAndHold(trial, engine, [task.id]);
}

async function leaveBehind(trial: Trial): Promise<void> {
  const how = ['group', 'session', 'double'][trial.between(0, 3)];
  const engine = await engineWith(trial, protocolOf(trial));
  const count = trial.between(1, 4);
  const behaviour = { mode: 'fork', how, count, stubborn: true, holdPipe: trial.random() < 0.7 };
  const found = await engine.runTask(testTask(behaviour), 40_000);
  trial.expect(found.task.state === 'completed', `The task is ${found.task.state}.`, found);
  const pids = outputsOf(found).pids as number[];
  trial.expect(pids.length === count, 'It did not leave what it was told to.', pids);
  trial.expect(!pids.some(isAlive), 'A descendant outlived its attempt.', pids);
  trial.saw(`stubborn descendants ended (${how})`, count);
  await parkAndHold(trial, engine, [found.task.id]);
}

async function noResult(trial: Trial, protocol: Protocol): Promise<void> {
  const engine = await engineWith(trial, protocol);
  // The exit code is all that a plain command answers, so that only outputs that are asked for can be missing.
  const asked = { requiredOutputs: ['taskId'], retry: { maxAttempts: 3, delayMs: 0, jitter: 0 } };
  const lie = once({ mode: 'lie', how: 'exit-without-result' });
  const { task, attempts } = await engine.runTask(testTask(lie, asked), 40_000);
  const states = attempts.map(({ state }) => state);
  const expected = protocol === 'acp' ? 'interrupted' : 'failed';
  trial.expect(states.length === 2 && states[0] === expected, `The attempts ended as ${states}.`);
  trial.expect(task.state === 'completed', `The task is ${task.state}.`);
  trial.saw('ends without a result, taken for what they are');
  await parkAndHold(trial, engine, [task.id]);
}

async function answerTwice(trial: Trial, protocol: Protocol): Promise<void> {
  const engine = await engineWith(trial, protocol);
  // Its two answers may write into the same file at once: what is no JSON then is refused, and tried again.
  const first = await engine.runTask(testTask(once({ mode: 'lie', how: 'answers-twice' })), 40_000);
  const second = await engine.runTask(testTask({ mode: 'slow', ms: 100 }), 40_000);
  for (const { task, attempts } of [first, second]) {
    const completed = attempts.filter(({ state }) => state === 'completed');
    trial.expect(task.state === 'completed' && completed.length === 1, `The task is ${task.state}.`, attempts);
    await expectOneEnd(trial, engine, task.id);
    // The file with its outputs is the agent's own until it is read, which the second answer may be in time for.
    trial.saw(`outputs of the ${JSON.stringify(task.outputs).includes('"second"') ? 'second' : 'first'} answer`);
  }
  const after = await engine.call('getTask', { taskId: first.task.id });
  trial.expect(JSON.stringify(after.task) === JSON.stringify(first.task), 'The second answer changed the task.', after);
  trial.saw('second answers without effect');
  await parkAndHold(trial, engine, [first.task.id, second.task.id]);
}

async function answerForeign(trial: Trial, protocol: Protocol): Promise<void> {
  const engine = await engineWith(trial, protocol);
  await engine.call('saveAgent', testAgent('bystander', { type: 'other' }));
  const [other] = await engine.enqueue(testTask({ mode: 'slow', ms: 1_200 }, { agent: { type: 'other' } }));
  await engine.running(other as TaskId);
  const lie = { mode: 'lie', how: 'foreign-answer' };
  const asked = { requiredOutputs: ['pid'], retry: { maxAttempts: 2, delayMs: 0, jitter: 0 } };
  const liar: TaskFound = await engine.runTask(testTask(once(lie), asked), 40_000);
  const states = liar.attempts.map(({ state }) => state);
  trial.expect(states[0] === 'failed' && states[1] === 'completed', `The liar's attempts ended as ${states}.`);
  const bystander = await engine.taskEnd(other as TaskId);
  const lastedMs = Number(bystander.attempts[0]?.endedAt) - Number(bystander.attempts[0]?.startedAt);
  trial.expect(lastedMs >= 1_000 && bystander.attempts.length === 1, 'The other task was ended by a lie.', bystander);
  await expectOneEnd(trial, engine, other as TaskId);
  trial.saw('answers for others without effect');
  await parkAndHold(trial, engine, [other as TaskId, liar.task.id]);
}

async function expectOneEnd(trial: Trial, engine: RealEngine, taskId: TaskId): Promise<void> {
  const ends = (await engine.events({ taskId })).filter(({ kind }) => kind === 'task.completed');
  trial.expect(ends.length === 1, `Task ${taskId} was completed ${ends.length} times.`);
}

async function engineWith(trial: Trial, protocol: Protocol): Promise<RealEngine> {
  const engine = await openEngine(trial, { heartbeat: { intervalMs: 300, staleMs: 10_000 }, restart: { delayMs: 50 } });
  await engine.call('saveAgent', testAgent('tester-1', { protocol }));
  return engine;
}
