import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../../../src-main/contract/api.ts';
import type { TaskId } from '../../../src-main/contract/ids.ts';
import { journalCommand } from '../../support/journal.ts';
import { KillableEngine } from '../../support/killable-engine.ts';
import { commandTask, testAgent, testTask } from '../../support/real-engine.ts';
import { notYet, until } from '../../support/until.ts';
import type { FaultGroup, Trial } from '../fault-group.ts';
import { historyHolds, neverTwiceAtOnce } from '../properties/history.ts';
import { databaseSound, noTaskLost, rowsFollowFromEvents } from '../properties/rows.ts';
import { storedEvents } from '../properties/stored-history.ts';

const hour = 3_600_000;
/** By how much the wall clock jumps, in ms. */
const jumps = [24 * hour, -24 * hour, hour, -hour, 61_000, -61_000];
/** Short, so that a trial takes seconds: who stands still for longer than this loses its lease. */
const heartbeat = { intervalMs: 400, staleMs: 2_000 };

/** Clocks that jump, and engines that are suspended. */
export const clocks: FaultGroup = {
  number: 8,
  title: 'Clocks that jump, and an engine that stands still',
  faults: [
    'The wall clock of the engine jumps by a day, by the hour of daylight saving and by a minute, forward and back, while attempts run and tasks are delayed: no lease is lost, and every task is done once.',
    'The engine is stopped for longer than a lease lasts, and goes on (SIGSTOP, SIGCONT): what ran goes on or has ended meanwhile, nothing is taken from its agent, nothing is done twice.',
  ],
  run: async (context) => {
    await context.trials('the wall clock jumps', { short: 1, full: 6 }, jumpTrial);
    await context.trials('the engine stands still', { short: 1, full: 4 }, standTrial);
  },
};

interface Lived {
  readonly folder: string;
  readonly journals: string;
  readonly engine: KillableEngine;
  readonly client: ApiClient;
  readonly acknowledged: TaskId[];
}

async function live(trial: Trial, preload: boolean): Promise<Lived & { readonly jump: (ms: number) => void }> {
  const folder = trial.makeFolder({ slots: { total: 6 }, heartbeat });
  const journals = join(folder, 'journals');
  mkdirSync(journals);
  const control = join(folder, 'clock');
  const jump = (ms: number) => writeFileSync(control, String(ms));
  jump(0);
  const preloaded = join(import.meta.dirname, '../jumping-clock.ts');
  const engine = new KillableEngine(
    folder,
    preload ? { execArgv: ['--import', preloaded], env: { JUMPING_CLOCK: control } } : {},
  );
  trial.cleanUp(() => engine.kill());
  await engine.ready();
  const client = await engine.client();
  const saved = await client.saveAgent(testAgent('tester-1', { slots: 3 }));
  trial.expect(saved.ok, 'The test agent could not be saved.');
  return { folder, journals, engine, client, jump, acknowledged: [] };
}

async function submit({ client, journals, acknowledged }: Lived, name: string, ms: number, delayMs = 0): Promise<void> {
  const tasks = [commandTask(journalCommand(journals, name, ms), { delayMs })];
  if (delayMs === 0) tasks.push(testTask({ mode: 'slow', ms }));
  const answer = await client.enqueueTasks({ tasks });
  if (!answer.ok) throw new Error(answer.error.message);
  acknowledged.push(...answer.value.taskIds);
}

async function jumpTrial(trial: Trial): Promise<void> {
  const lived = await live(trial, true);
  for (let index = 0; index < 2; index += 1) await submit(lived, `before${index}`, trial.between(800, 2_500));
  await submit(lived, 'delayed', 20, trial.between(500, 1_500));
  const count = trial.form === 'short' ? 2 : 4;
  for (let index = 0; index < count; index += 1) {
    await sleep(trial.between(100, 500));
    const ms = jumps[trial.between(0, jumps.length)] ?? 0;
    lived.jump(ms);
    trial.saw(ms > 0 ? 'jumps forward' : 'jumps back');
    await submit(lived, `after${index}`, trial.between(20, 400));
  }
  await sleep(heartbeat.staleMs / 2);
  // A time server puts it right: what was delayed while it was wrong is due then at the latest.
  lived.jump(0);
  await submit(lived, 'last', 20);
  await hold(trial, lived);
}

async function standTrial(trial: Trial): Promise<void> {
  const lived = await live(trial, false);
  for (let index = 0; index < 2; index += 1) await submit(lived, `short${index}`, trial.between(500, 1_500));
  await submit(lived, 'long', 3 * heartbeat.staleMs);
  await submit(lived, 'delayed', 20, heartbeat.staleMs);
  await sleep(trial.between(300, 900));
  process.kill(lived.engine.pid, 'SIGSTOP');
  await sleep(heartbeat.staleMs * 1.5 + trial.between(0, heartbeat.staleMs));
  process.kill(lived.engine.pid, 'SIGCONT');
  trial.saw('engines that stood still for longer than a lease');
  await submit(lived, 'after', 20);
  await hold(trial, lived);
}

/** Everything was done, in one attempt each. */
async function hold(trial: Trial, { folder, journals, engine, client, acknowledged }: Lived): Promise<void> {
  for (const taskId of acknowledged) {
    await until(
      `task ${taskId} to be completed`,
      async () => {
        const found = await client.getTask({ taskId });
        if (!found.ok) throw new Error(found.error.message);
        const { task, waitingBecause } = found.value;
        return task.state === 'completed' ? true : notYet([task.state, task.failure?.message, waitingBecause]);
      },
      30_000,
    );
  }
  await engine.kill();
  const events = storedEvents(folder);
  const again = events.filter((event) => event.kind === 'task.released').map((event) => event.reason);
  trial.expect(again.length === 0, 'Work was taken from its agent.', again);
  trial.saw('tasks that were done once', acknowledged.length);
  await trial.hold(
    noTaskLost(folder, acknowledged),
    ...historyHolds(folder),
    neverTwiceAtOnce(journals),
    rowsFollowFromEvents(folder),
    databaseSound(folder),
  );
}
