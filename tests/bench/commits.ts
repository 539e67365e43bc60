import type { Store } from '../../src-main/core/ports.ts';
import { Checkpointer } from '../../src-main/store/checkpointer.ts';
import { databaseFile } from '../../src-main/store/data-files.ts';
import { openWriter, stopWaiting } from '../../src-main/store/database.ts';
import { loadSqlite } from '../../src-main/store/load-sqlite.ts';
import { migrate } from '../../src-main/store/migrate.ts';
import { migrations } from '../../src-main/store/migrations/all-migrations.ts';
import { UnitOfWork } from '../../src-main/store/unit-of-work.ts';
import { taskCreated } from '../store/sample-events.ts';
import type { Measurement } from './measurement.ts';
import { fact, judged } from './measurement.ts';
import { Samples } from './quantiles.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

/** Tasks of one commit: what a busy turn of the engine writes. */
const tasksPerCommit = 16;
const logger = { info: () => {}, warn: () => {}, error: (message: string) => console.error(message) };

/** The writer's side of a store alone. @param thread whether a thread carries out the checkpoints, or SQLite itself. */
async function openUnits(folder: string, thread: boolean) {
  const sqlite = await loadSqlite();
  if (!sqlite.ok) throw new Error(sqlite.error.message);
  const opened = openWriter(sqlite.value, folder, migrations.length);
  if (!opened.ok) throw new Error(opened.error.message);
  const connection = opened.value;
  migrate(connection, { sqlite: sqlite.value, migrations, backups: folder, now: Date.now, logger });
  stopWaiting(connection);
  let checkpointer: Checkpointer | null = null;
  const committed = () => checkpointer?.committed();
  const units = new UnitOfWork({ connection, file: databaseFile(folder), logger, leaseMs: 60_000, committed });
  if (thread) {
    const writer = { connection, hold: () => units.hold(), resume: () => units.resume() };
    checkpointer = new Checkpointer({ writer, logger });
  }
  const close = async () => {
    await units.close();
    await checkpointer?.close();
    connection.close();
  };
  return { write: ((work) => units.write(work)) as Store['write'], close };
}

/** How long commits take one after the other. */
function timeCommits(count: number, thread: boolean): Promise<Samples> {
  return inTemporaryFolder(async (folder) => {
    const { write, close } = await openUnits(folder, thread);
    const samples = new Samples();
    for (let index = 0; index < count; index += 1) {
      const begun = performance.now();
      await write((unit) => {
        const tasks = Array.from({ length: tasksPerCommit }, () =>
          taskCreated({ position: unit.nextPosition('back') }),
        );
        return unit.record(tasks).length;
      });
      samples.add(performance.now() - begun);
    }
    await close();
    return samples;
  });
}

/** What the checkpoint thread saves single commits, beside SQLite's automatic checkpoints. */
export const commitsMeasurement: Measurement = {
  name: 'commits',
  async measure({ quick }) {
    const automatic = new Samples();
    const own = new Samples();
    // By turns, so that what else the machine does falls on both.
    for (let round = 0; round < 3; round += 1) {
      automatic.addAll(await timeCommits(quick ? 1_500 : 6_000, false));
      own.addAll(await timeCommits(quick ? 1_500 : 6_000, true));
    }
    const ratio = own.quantile(0.999) / automatic.quantile(0.999);
    return [
      fact('commit of 16 tasks, p50', own.quantile(0.5), 'ms'),
      fact('commit of 16 tasks, p99.9', own.quantile(0.999), 'ms'),
      fact('commit of 16 tasks, automatic checkpoints, p50', automatic.quantile(0.5), 'ms'),
      fact('commit of 16 tasks, automatic checkpoints, p99.9', automatic.quantile(0.999), 'ms'),
      judged(
        'commit p99.9 against automatic',
        ratio,
        '×',
        'T9 commit p99.9 ≤ 0.3 × with automatic checkpoints',
        ratio <= 0.3,
      ),
    ];
  },
};
