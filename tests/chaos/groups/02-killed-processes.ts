import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { kill } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskId } from '../../../src-main/contract/ids.ts';
import { journalCommand } from '../../support/journal.ts';
import { KillableEngine } from '../../support/killable-engine.ts';
import type { SeenProcess } from '../../support/process-census.ts';
import { processesOf } from '../../support/process-census.ts';
import type { TaskFound } from '../../support/real-engine.ts';
import { commandTask, RealEngine, testAgent, testTask } from '../../support/real-engine.ts';
import { notYet, until } from '../../support/until.ts';
import type { FaultGroup, Trial } from '../fault-group.ts';
import { neverTwiceAtOnce } from '../properties/history.ts';
import { noProcessSurvived } from '../properties/processes.ts';
import { openEngine, parkAndHold } from '../real-trial.ts';

const settings = { slots: { total: 4 }, heartbeat: { intervalMs: 300, staleMs: 5_000 }, restart: { delayMs: 50 } };

/** Processes that are killed one by one, and together. */
export const killedProcesses: FaultGroup = {
  number: 2,
  title: 'SIGKILL of the agent host, of agents, of the renderer',
  faults: [
    'The agent host, while it runs four attempts: all of them are interrupted and nothing of them is left, another host is started, and their tasks are completed.',
    'An agent or a command in the middle of its work: its attempt is interrupted, and the next one completes the task.',
    'The engine and its agent host together, so that nobody is there to end the agents: the next engine ends them before it gives their tasks away.',
    'The page of a window.',
  ],
  run: async (context) => {
    await context.trials('the agent host', { short: 1, full: 10 }, killHost);
    await context.trials('an agent', { short: 1, full: 15 }, killAgent);
    await context.trials('the engine together with the agent host', { short: 1, full: 10 }, killBoth);
    context.notRun('the page of a window', 'tests/e2e/desktop.spec.ts shows that it is loaded again and work goes on');
  },
};

async function killHost(trial: Trial): Promise<void> {
  const { engine, taskIds, journals } = await engineAtWork(trial);
  await untilRunning(engine.dataFolder, 2);
  await sleep(trial.between(0, 200));
  const before = processesOf(engine.dataFolder);
  const [host] = before.filter(isHost);
  if (host === undefined) throw new Error('There is no agent host.');
  kill(host.pid, 'SIGKILL');
  const found = await allEnds(engine, taskIds);
  await trial.hold(noProcessSurvived(engine.dataFolder, before), neverTwiceAtOnce(journals));
  const interrupted = found.flatMap(({ attempts }) => attempts.filter(({ state }) => state === 'interrupted'));
  trial.expect(interrupted.length > 0, 'No attempt was interrupted.', found);
  trial.saw('attempts interrupted with their host', interrupted.length);
  await parkAndHold(trial, engine, taskIds);
}

async function killAgent(trial: Trial): Promise<void> {
  const { engine, taskIds, journals } = await engineAtWork(trial);
  const victims = await untilRunning(engine.dataFolder, 2);
  const victim = victims[trial.between(0, victims.length)];
  if (victim === undefined) throw new Error('There is no agent.');
  await sleep(trial.between(0, 100));
  kill(victim.pid, 'SIGKILL');
  const found = await allEnds(engine, taskIds);
  await trial.hold(neverTwiceAtOnce(journals));
  const killed = found.flatMap(({ attempts }) => attempts.filter(({ process }) => process?.pid === victim.pid));
  const [attempt] = killed;
  if (attempt === undefined || attempt.state !== 'interrupted') trial.saw('agents killed before or after their work');
  else {
    trial.expect(
      attempt.failure?.message.includes('SIGKILL') === true,
      'The attempt does not name the signal.',
      attempt,
    );
    trial.saw('attempts interrupted with their agent');
  }
  await parkAndHold(trial, engine, taskIds);
}

async function killBoth(trial: Trial): Promise<void> {
  const dataFolder = trial.makeFolder(settings);
  const { taskIds, journals } = await storeWork(trial, dataFolder);
  const first = new KillableEngine(dataFolder);
  await first.ready();
  await untilRunning(dataFolder, 2);
  await sleep(trial.between(0, 200));
  const before = processesOf(dataFolder);
  for (const { pid } of before.filter(isHost)) kill(pid, 'SIGKILL');
  await first.kill();
  const orphans = processesOf(dataFolder).filter((process) => !isHost(process));
  trial.saw('agents that outlived engine and host', orphans.length);
  const engine = await RealEngine.open({ dataFolder });
  trial.cleanUp(() => engine.park().catch(() => undefined));
  await trial.hold(noProcessSurvived(dataFolder, before));
  await allEnds(engine, taskIds);
  await trial.hold(neverTwiceAtOnce(journals));
  await parkAndHold(trial, engine, taskIds);
}

function allEnds(engine: RealEngine, taskIds: readonly TaskId[]): Promise<TaskFound[]> {
  return Promise.all(taskIds.map((taskId) => engine.taskEnd(taskId, 40_000)));
}

interface Work {
  readonly taskIds: readonly TaskId[];
  /** Folder in which the commands note when they live. */
  readonly journals: string;
}

async function engineAtWork(trial: Trial): Promise<Work & { readonly engine: RealEngine }> {
  const engine = await openEngine(trial, settings);
  return { engine, ...(await giveWork(trial, engine)) };
}

async function storeWork(trial: Trial, dataFolder: string): Promise<Work> {
  const store = await RealEngine.open({ dataFolder, mode: 'idle' });
  const work = await giveWork(trial, store);
  await store.park();
  return work;
}

async function giveWork(trial: Trial, engine: RealEngine): Promise<Work> {
  const journals = join(engine.dataFolder, 'journals');
  mkdirSync(journals);
  await engine.call('saveAgent', testAgent('tester-1'));
  const commands = Array.from({ length: 5 }, (_, index) =>
    commandTask(journalCommand(journals, `task${index}`, trial.between(300, 900))),
  );
  const prompts = [testTask({ mode: 'slow', ms: trial.between(500, 1_000) })];
  return { journals, taskIds: await engine.enqueue(...prompts, ...commands) };
}

function isHost({ command }: SeenProcess): boolean {
  return /[\\/]agent-host\b|host[\\/]main\.ts/.test(command);
}

/** Waits until so many processes of attempts live. */
function untilRunning(dataFolder: string, least: number): Promise<SeenProcess[]> {
  return until('agents at work', () => {
    const found = processesOf(dataFolder).filter((process) => !isHost(process));
    return found.length >= least ? found : notYet(found.length);
  });
}
