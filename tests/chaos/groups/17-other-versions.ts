import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { isTaskEnded } from '../../../src-main/contract/states.ts';
import { openOrchestrator } from '../../../src-main/open-orchestrator.ts';
import { databaseFile } from '../../../src-main/store/data-files.ts';
import { commandTask, RealEngine } from '../../support/real-engine.ts';
import type { FaultGroup, Trial } from '../fault-group.ts';
import { newestSchema, olderWorker, putOlderDatabase } from '../older-database.ts';
import { databaseSound, noTaskLost } from '../properties/rows.ts';
import { openEngine, parkAndHold } from '../real-trial.ts';

/** Databases that another version of Signalbox left in the middle of its work. */
export const otherVersions: FaultGroup = {
  number: 17,
  title: 'Upgrade and downgrade with work in flight',
  faults: [
    'The database of each earlier schema, with claimed, running and waiting tasks: it is copied, migrated, opened, and the work in it goes on to its end; so does new work.',
    'A database of a newer schema, with work in flight: it is refused with a sentence, and not one byte of it changes; with the schema that is known it opens and its work goes on.',
  ],
  run: async (context) => {
    // The oldest and the newest of them in the short form, all of them several times over in the full one.
    await context.trials('upgrade', { short: 1, full: 2 * (newestSchema - 1) }, upgrade);
    await context.trials('downgrade', { short: 1, full: 5 }, downgrade);
  },
};

async function upgrade(trial: Trial): Promise<void> {
  const schema = 1 + ((trial.number - 1) % (newestSchema - 1));
  const dataFolder = trial.makeFolder();
  const older = putOlderDatabase(dataFolder, schema);
  const engine = await RealEngine.open({ dataFolder });
  trial.cleanUp(() => engine.park().catch(() => undefined));
  await engine.call('saveAgent', olderWorker);
  await engine.attempt('thaw', { reason: 'the work goes on' });
  const [fresh] = await engine.enqueue(commandTask([process.execPath, '--version']));
  for (const taskId of older.openTasks) {
    const { task } = await engine.taskEnd(taskId, 40_000);
    trial.expect(isTaskEnded(task.state), `Task ${taskId} is ${task.state}.`);
  }
  if (fresh === undefined) throw new Error('Nothing was queued.');
  await engine.taskEnd(fresh);
  trial.saw(`databases of schema ${schema} whose work went on`);
  trial.saw('tasks that an earlier version had left open', older.openTasks.length);
  await parkAndHold(trial, engine, [...older.work, fresh]);
}

async function downgrade(trial: Trial): Promise<void> {
  const engine = await openEngine(trial);
  const { dataFolder } = engine;
  const taskIds = await engine.enqueue(
    ...Array.from({ length: 4 }, () => commandTask([process.execPath, '-e', 'setTimeout(() => {}, 300)'])),
  );
  await engine.running(taskIds[0] as never);
  await engine.park();
  setSchema(dataFolder, newestSchema + trial.between(1, 100));
  const before = readFileSync(databaseFile(dataFolder));
  const opened = await openOrchestrator({ dataFolder, mode: 'work' });
  if (opened.ok) await opened.value.close({ mode: 'park', graceMs: 500 });
  const refused = opened.ok || opened.error.kind !== 'refused' ? null : opened.error.error;
  trial.expect(refused?.message.includes('newer Signalbox') === true, 'It was not refused as newer.', opened);
  trial.expect(before.equals(readFileSync(databaseFile(dataFolder))), 'The refused file was changed.');
  await trial.hold(noTaskLost(dataFolder, taskIds, false), databaseSound(dataFolder));
  trial.saw('newer databases refused');
  setSchema(dataFolder, newestSchema);
  const again = await RealEngine.open({ dataFolder });
  trial.cleanUp(() => again.park().catch(() => undefined));
  for (const taskId of taskIds) await again.taskEnd(taskId);
  await parkAndHold(trial, again, taskIds);
}

/** Says of a closed database that it has a schema. */
function setSchema(dataFolder: string, schema: number): void {
  const connection = new Database(databaseFile(dataFolder));
  connection.pragma(`user_version = ${schema}`);
  connection.close();
}
