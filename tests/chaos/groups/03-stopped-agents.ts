import { kill } from 'node:process';
import type { TaskId } from '../../../src-main/contract/ids.ts';
import type { Attempt } from '../../../src-main/contract/task.ts';
import { decideAttemptEnd } from '../../../src-main/core/decide-attempt.ts';
import { openStore } from '../../../src-main/store/open-store.ts';
import { isAlive } from '../../support/process-census.ts';
import type { RealEngine } from '../../support/real-engine.ts';
import { testAgent, testTask } from '../../support/real-engine.ts';
import { notYet, until } from '../../support/until.ts';
import type { FaultGroup, Trial } from '../fault-group.ts';
import { openEngine, parkAndHold } from '../real-trial.ts';

const staleMs = 900;
const settings = { heartbeat: { intervalMs: 150, staleMs } };
/** An engine that waits for signs of life longer than any trial takes. */
const patient = { heartbeat: { intervalMs: 1_000, staleMs: 600_000 } };

/** Agents that are stopped in the middle of their work, and go on after it was taken from them. */
export const stoppedAgents: FaultGroup = {
  number: 3,
  title: 'An agent that is stopped beyond its lease',
  faults: [
    'SIGSTOP to an agent and nothing more: it gives no sign of life, is killed although it is stopped, and only then is its task given to the next attempt, which completes it.',
    'SIGSTOP, and SIGCONT just when its time is up: whatever it still answers, the task is completed once.',
    'SIGSTOP, and its lease is taken away while it is stopped; another attempt completes the task. Then SIGCONT: its late completion is refused, and the refusal is recorded.',
  ],
  run: async (context) => {
    await context.trials('SIGSTOP for good', { short: 1, full: 5 }, stopForGood);
    await context.trials('SIGCONT at the last moment', { short: 1, full: 20 }, continueAtTheLastMoment);
    await context.trials('SIGCONT after the task was given away', { short: 1, full: 10 }, answerLate);
  },
};

async function stopForGood(trial: Trial): Promise<void> {
  const engine = await engineWithTester(trial, settings);
  const taskId = await start(engine, { script: [{ mode: 'slow', ms: 60_000 }, { mode: 'success' }] });
  const { pid } = (await engine.running(taskId)).process;
  kill(pid, 'SIGSTOP');
  const { task, attempts } = await engine.taskEnd(taskId);
  trial.expect(!isAlive(pid), `The stopped process ${pid} is left.`);
  trial.expect(task.state === 'completed', `The task is ${task.state}.`, attempts);
  trial.expect(
    attempts[0]?.failure?.category === 'stale',
    'The first attempt does not say that it was silent.',
    attempts,
  );
  trial.saw('agents killed while they were stopped');
  await parkAndHold(trial, engine, [taskId]);
}

async function continueAtTheLastMoment(trial: Trial): Promise<void> {
  const engine = await engineWithTester(trial, settings);
  // Its answer is due while it is stopped, so that it comes at once when it goes on.
  const taskId = await start(engine, { script: [{ mode: 'slow', ms: 200 }, { mode: 'success' }] });
  const { pid } = (await engine.running(taskId)).process;
  kill(pid, 'SIGSTOP');
  const waitMs = trial.between(staleMs - 150, staleMs + 250);
  await new Promise((resolve) => setTimeout(resolve, waitMs));
  trial.saw(signal(pid, 'SIGCONT') ? 'agents that went on' : 'agents that were killed before they went on');
  const { task, attempts } = await engine.taskEnd(taskId);
  trial.expect(task.state === 'completed', `The task is ${task.state}.`, attempts);
  const completed = attempts.filter(({ state }) => state === 'completed');
  trial.expect(completed.length === 1, 'It was not completed exactly once.', attempts);
  trial.saw(`tasks completed by attempt ${attempts.length}`);
  await parkAndHold(trial, engine, [taskId]);
}

/**
 * The engine ends an agent before it gives its task away, so that nothing late can come from it. Here somebody else
 * takes the lease: through a store of its own, as an engine that was suspended would find it when it goes on.
 */
async function answerLate(trial: Trial): Promise<void> {
  const engine = await engineWithTester(trial, patient);
  const taskId = await start(engine, {
    script: [
      { mode: 'slow', ms: 200 },
      { mode: 'slow', ms: 50 },
    ],
  });
  const late = await engine.running(taskId);
  kill(late.process.pid, 'SIGSTOP');
  await takeAway(engine.dataFolder, late);
  // Whatever comes makes the engine look at its queue.
  const [other] = await engine.enqueue(testTask({ mode: 'success' }));
  const { task, attempts } = await engine.taskEnd(taskId);
  trial.expect(
    task.state === 'completed' && task.attemptId !== late.id,
    'The next attempt did not complete it.',
    attempts,
  );
  const answered = trial.random() < 0.5;
  signal(late.process.pid, 'SIGCONT');
  if (!answered) kill(late.process.pid, 'SIGKILL');
  const refusal = await until('the refusal of the late completion', async () => {
    const refused = await engine.eventsOf('command.refused');
    return refused.find(({ attemptId }) => attemptId === late.id) ?? notYet(refused);
  });
  trial.expect(refusal.error.message.includes('fence'), 'The refusal does not name the fence.', refusal);
  trial.saw(answered ? 'late completions refused' : 'late deaths refused');
  const after = await engine.call('getTask', { taskId });
  trial.expect(JSON.stringify(after.task) === JSON.stringify(task), 'The late end changed the task.', after);
  await engine.taskEnd(other as TaskId);
  await parkAndHold(trial, engine, [taskId, other as TaskId]);
}

async function takeAway(dataFolder: string, held: Attempt): Promise<void> {
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const opened = await openStore({ folder: dataFolder, logger, now: () => Date.now() });
  if (!opened.ok) throw new Error(opened.error.message);
  const store = opened.value;
  await store.write((unit) => {
    const [task, attempt] = [unit.row('task', held.taskId), unit.row('attempt', held.id)];
    if (task === null || attempt === null) throw new Error(`There is no attempt ${held.id}.`);
    const failure = { category: 'stale', class: 'transient', message: 'its lease was taken away' } as const;
    const outcome = { kind: 'interrupted', by: 'stale', counts: true, failure } as const;
    unit.record(
      decideAttemptEnd(
        task,
        attempt,
        { outcome, exit: null, gates: [] },
        { at: Date.now(), actor: 'engine' },
        {
          maxInterruptions: 3,
          random: 0,
          held: false,
          gotStuckBefore: () => false,
          nextPosition: (place) => unit.nextPosition(place),
        },
      ),
    );
    return null;
  });
  await store.close();
}

async function engineWithTester(trial: Trial, chosen: object): Promise<RealEngine> {
  const engine = await openEngine(trial, chosen);
  await engine.call('saveAgent', testAgent('tester-1', { slots: 3 }));
  return engine;
}

async function start(engine: RealEngine, config: object): Promise<TaskId> {
  const [taskId] = await engine.enqueue(testTask(config));
  return taskId as TaskId;
}

/** @returns whether there was a process to signal. */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return kill(pid, name);
  } catch {
    return false;
  }
}
