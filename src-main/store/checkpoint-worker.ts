import { parentPort, workerData } from 'node:worker_threads';
import type { CheckpointMode } from './checkpoint.ts';
import { checkpoint } from './checkpoint.ts';
import { loadSqlite } from './load-sqlite.ts';

/** A thread that copies the write-ahead log into the database when it is told to. */
const { file } = workerData as { readonly file: string };
const sqlite = await loadSqlite();
if (!sqlite.ok) throw new Error(sqlite.error.message);
const connection = new sqlite.value(file, { fileMustExist: true, timeout: 100 });
connection.pragma('synchronous = FULL');
const pageBytes = Number(connection.pragma('page_size', { simple: true }));

parentPort?.on('message', (message: CheckpointMode | 'close') => {
  if (message !== 'close') {
    parentPort?.postMessage(checkpoint(connection, message, pageBytes));
    return;
  }
  connection.close();
  parentPort?.close();
});
parentPort?.postMessage('ready');
