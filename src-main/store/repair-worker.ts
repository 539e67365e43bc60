import { parentPort, workerData } from 'node:worker_threads';
import { loadSqlite } from './load-sqlite.ts';
import type { UnreadableRef } from './quarantine-repair.ts';
import { repairRow } from './quarantine-repair.ts';

/** A thread that repairs rows which could not be read, once, over a connection of its own, and ends. */
const { file, rows, now } = workerData as {
  readonly file: string;
  readonly rows: readonly UnreadableRef[];
  readonly now: number;
};
const sqlite = await loadSqlite();
if (!sqlite.ok) throw new Error(sqlite.error.message);
const connection = new sqlite.value(file, { fileMustExist: true, timeout: 5_000 });
try {
  connection.pragma('synchronous = FULL');
  connection.pragma('foreign_keys = OFF');
  parentPort?.postMessage(rows.map((row) => repairRow(connection, row, now)));
} finally {
  connection.close();
}
