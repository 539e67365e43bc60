import { parentPort, workerData } from 'node:worker_threads';
import { diagnoseDatabase } from './diagnose/diagnose-database.ts';
import { loadSqlite } from './load-sqlite.ts';

/** A thread that looks at the whole database once, over a read-only connection of its own, and ends. */
const { file } = workerData as { readonly file: string };
const sqlite = await loadSqlite();
if (!sqlite.ok) throw new Error(sqlite.error.message);
const connection = new sqlite.value(file, { readonly: true, timeout: 5_000 });
try {
  parentPort?.postMessage(diagnoseDatabase(connection));
} finally {
  connection.close();
}
