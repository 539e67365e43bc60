import { parentPort, workerData } from 'node:worker_threads';
import { lookAtDatabase } from './backup/condition.ts';
import { copyDatabase } from './backup/copy-database.ts';
import type { CopyTask } from './backup/copy-thread.ts';
import { loadSqlite } from './load-sqlite.ts';

/** A thread that copies a database, or looks at all of it, once. Told `stop`, it gives up copying. */
const task = workerData as CopyTask;
let isStopped = false;
parentPort?.on('message', () => {
  isStopped = true;
});
const sqlite = await loadSqlite();
if (!sqlite.ok) throw new Error(sqlite.error.message);
const answer =
  task.kind === 'copy' ? await copyDatabase(sqlite.value, task, () => isStopped) : lookAtDatabase(sqlite.value, task);
parentPort?.postMessage(answer);
parentPort?.close();
