import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { openStore } from '../../../src-main/store/open-store.ts';
import { addTask, attemptStarted, claimFirst, claimOf } from '../../store/sample-events.ts';
import { KillableEngine } from '../../support/killable-engine.ts';
import { commandTask, RealEngine } from '../../support/real-engine.ts';
import type { FaultGroup, Trial } from '../fault-group.ts';
import { historyHolds } from '../properties/history.ts';
import { databaseSound, noTaskLost, rowsFollowFromEvents } from '../properties/rows.ts';
import { lookAt } from '../properties/stored-history.ts';
import { parkAndHold } from '../real-trial.ts';

/** Several processes that want the same folder or the same file. */
export const severalProcesses: FaultGroup = {
  number: 18,
  title: 'Two engines, and many writers, on one database',
  faults: [
    'Engines that start on one folder at the same moment: one works, each other one is refused and says who holds the folder; after the death of the one, the next takes over and completes its work.',
    '64 claimers in 4 processes on one file with 10,000 tasks: each task is claimed exactly once.',
    '30 writers in 3 processes that each add one to the same row 100 times: none of the 3,000 is lost.',
  ],
  run: async (context) => {
    await context.trials('engines that start at once', { short: 1, full: 20 }, startAtOnce);
    await context.trials('64 claimers', { short: 1, full: 3 }, claimTogether);
    await context.trials('30 writers of one row', { short: 1, full: 5 }, countTogether);
  },
};

async function startAtOnce(trial: Trial): Promise<void> {
  const dataFolder = trial.makeFolder();
  const store = await RealEngine.open({ dataFolder, mode: 'idle' });
  const taskIds = await store.enqueue(
    ...Array.from({ length: 6 }, () => commandTask([process.execPath, '-e', 'setTimeout(() => {}, 200)'])),
  );
  await store.park();
  const engines = Array.from({ length: trial.form === 'short' ? 2 : 4 }, () => new KillableEngine(dataFolder));
  const ready = await Promise.all(
    engines.map((engine) =>
      engine
        .ready()
        .then(() => true)
        .catch(() => false),
    ),
  );
  const working = engines.filter((_, index) => ready[index]);
  trial.expect(working.length === 1, `${working.length} engines work on one folder.`);
  const refused = engines.filter((_, index) => !ready[index]);
  for (const { errors } of refused) {
    trial.expect(
      errors.includes('"kind":"held"') && errors.includes(`"pid":${working[0]?.pid}`),
      'It does not say who.',
      errors,
    );
  }
  trial.saw('engines refused because another one works', refused.length);
  await working[0]?.kill();
  const next = await RealEngine.open({ dataFolder });
  trial.cleanUp(() => next.park().catch(() => undefined));
  for (const taskId of taskIds) await next.taskEnd(taskId);
  await parkAndHold(trial, next, taskIds);
}

async function claimTogether(trial: Trial): Promise<void> {
  const dataFolder = trial.makeFolder();
  const lots = trial.form === 'short' ? 2 : 20;
  const taskIds = await inStore(dataFolder, async (store) => {
    const made: string[] = [];
    for (let lot = 0; lot < lots; lot += 1) {
      await store.write((unit) => {
        for (let count = 0; count < 500; count += 1) made.push(addTask(unit).taskId);
      });
    }
    return made;
  });
  const outputs = await Promise.all(Array.from({ length: 4 }, () => outputOf('claim-tasks', dataFolder, '16')));
  const claimed = outputs.flatMap((output) => JSON.parse(output) as string[]);
  trial.expect(claimed.length === taskIds.length, `${claimed.length} claims of ${taskIds.length} tasks.`);
  trial.expect(new Set(claimed).size === taskIds.length, 'A task was claimed twice.');
  trial.saw('tasks claimed by 64 claimers', claimed.length);
  trial.saw('processes that got some', outputs.filter((output) => output.length > 2).length);
  await holdStored(trial, dataFolder, taskIds);
}

async function countTogether(trial: Trial): Promise<void> {
  const dataFolder = trial.makeFolder();
  const times = trial.form === 'short' ? 20 : 100;
  const attempt = await inStore(dataFolder, async (store) => {
    const claimed = await store.write((unit) => {
      addTask(unit);
      return claimFirst(unit);
    });
    if (claimed === null) throw new Error('Nothing was claimed.');
    await store.write((unit) => unit.record([attemptStarted(claimOf(claimed))]));
    return claimed;
  });
  await Promise.all(
    Array.from({ length: 3 }, () => outputOf('count-activities', dataFolder, attempt.id, '10', String(times))),
  );
  const counted = lookAt(dataFolder, (statements) =>
    statements.number('SELECT activities FROM attempts WHERE id = ?', attempt.id),
  );
  trial.expect(counted === 30 * times, `${counted} of ${30 * times} were counted.`);
  trial.saw('increments of one row by 30 writers', counted);
  await holdStored(trial, dataFolder, [attempt.taskId]);
}

async function holdStored(trial: Trial, dataFolder: string, taskIds: readonly string[]): Promise<void> {
  await trial.hold(
    noTaskLost(dataFolder, taskIds, false),
    ...historyHolds(dataFolder),
    rowsFollowFromEvents(dataFolder),
    databaseSound(dataFolder),
  );
}

type OpenedStore = Extract<Awaited<ReturnType<typeof openStore>>, { ok: true }>['value'];

async function inStore<T>(folder: string, work: (store: OpenedStore) => Promise<T>): Promise<T> {
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const opened = await openStore({ folder, logger, now: () => Date.now() });
  if (!opened.ok) throw new Error(opened.error.message);
  const result = await work(opened.value);
  await opened.value.close();
  return result;
}

/** What a program of tests/fixtures/store printed. @throws with its errors when it did not end well. */
async function outputOf(program: string, ...args: string[]): Promise<string> {
  const path = join(import.meta.dirname, '../../fixtures/store', `${program}.ts`);
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${errors}`);
  return output;
}
