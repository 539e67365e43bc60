import { closeSync, existsSync, mkdirSync, openSync, readSync } from 'node:fs';
import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';
import type { Connection } from './connection.ts';
import { databaseFile } from './data-files.ts';
import type { Sqlite } from './load-sqlite.ts';
import { damageRemedy, describeTrouble } from './sqlite-trouble.ts';

/** Marks a database as ours, at offset 68 of its file: "SBOX". */
export const applicationId = 0x53424f58;

const fileMagic = 'SQLite format 3\0';
/** How long the opening waits for another process that is just opening, migrating or closing, in milliseconds. */
const openingBusyMs = 5_000;
/** Longest that the writer blocks the event loop for a lock; a unit of work retries without blocking. */
const writingBusyMs = 4;

/**
 * Opens the writer's connection: creates the folder (0700) and the file (0600) when they are not there, and looks at
 * an existing file without changing a byte of it before anything is written.
 * @param newestSchema the highest schema version this program knows.
 */
export function openWriter(sqlite: Sqlite, folder: string, newestSchema: number): Result<Connection, ApiError> {
  const file = databaseFile(folder);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    closeSync(openSync(file, 'a', 0o600));
  } catch (error) {
    return refuseFolder(folder, error);
  }
  try {
    const checked = inspectFile(sqlite, file, newestSchema);
    if (!checked.ok) return checked;
    return ok(configureWriter(new sqlite(file, { timeout: openingBusyMs })));
  } catch (error) {
    return err(describeTrouble(error, file));
  }
}

/** Says why the file could not be opened for writing: because of its rights, or because of its folder. */
function refuseFolder(folder: string, error: unknown): Result<never, ApiError> {
  const reason = error instanceof Error ? error.message : String(error);
  if (existsSync(databaseFile(folder)) && /^(EACCES|EPERM|EROFS)\b/.test(reason)) {
    return refuse(
      'storeFailed',
      `The database ${databaseFile(folder)} may not be written: ${reason}.`,
      'Make the file and its folder writable for your user, then start Signalbox again.',
    );
  }
  return refuse(
    'storeFailed',
    `The data folder ${folder} cannot be used: ${reason}.`,
    'Choose a data folder that your user may create and write.',
  );
}

/** Opens the connection for reads: SQLite itself refuses every change through it. */
export function openReader(sqlite: Sqlite, folder: string): Connection {
  const connection = new sqlite(databaseFile(folder), { readonly: true, timeout: openingBusyMs });
  connection.pragma('query_only = ON');
  return connection;
}

/** Opens the connection for removing history, which checks no references and leaves checkpoints to their thread. */
export function openPruner(sqlite: Sqlite, folder: string): Connection {
  const connection = new sqlite(databaseFile(folder), { fileMustExist: true, timeout: writingBusyMs });
  connection.pragma('foreign_keys = OFF');
  connection.pragma('wal_autocheckpoint = 0');
  return connection;
}

/** From now on the writer waits for locks in small steps, as the main thread demands. */
export function stopWaiting(connection: Connection): void {
  connection.pragma(`busy_timeout = ${writingBusyMs}`);
}

function configureWriter(connection: Connection): Connection {
  try {
    if (Number(connection.pragma('application_id', { simple: true })) !== applicationId) {
      connection.pragma(`application_id = ${applicationId}`);
    }
    connection.pragma('journal_mode = WAL');
    // better-sqlite3 makes it NORMAL in WAL mode, which survives a crash of the process but not a power cut.
    connection.pragma('synchronous = FULL');
    connection.pragma('foreign_keys = ON');
    connection.pragma('temp_store = MEMORY');
    // After a burst the file shrinks to this when the log starts over, in bytes. A whole log fits into it: to write
    // where the file has room already takes half the time of making it longer.
    connection.pragma(`journal_size_limit = ${32 * 1024 * 1024}`);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Refuses what is not a database of ours or is newer than this program. An empty file is a new database. */
function inspectFile(sqlite: Sqlite, file: string, newestSchema: number): Result<null, ApiError> {
  const magic = readMagic(file);
  if (magic === '') return ok(null);
  if (magic !== fileMagic) {
    return refuse(
      'storeFailed',
      `${file} is not a database, or its beginning is damaged. It was left as it is.`,
      damageRemedy,
    );
  }
  const connection = new sqlite(file, { readonly: true, timeout: openingBusyMs });
  try {
    return judgeDatabase(connection, file, newestSchema);
  } finally {
    connection.close();
  }
}

/** Refuses what an open database says of itself: that it is another program's, or a newer Signalbox's. */
export function judgeDatabase(connection: Connection, file: string, newestSchema: number): Result<null, ApiError> {
  const id = Number(connection.pragma('application_id', { simple: true }));
  const schema = Number(connection.pragma('user_version', { simple: true }));
  const tables = Number(connection.prepare('SELECT count(*) FROM sqlite_schema').pluck().get());
  return judgeFile(file, { id, schema, tables, newestSchema });
}

function judgeFile(
  file: string,
  found: { readonly id: number; readonly schema: number; readonly tables: number; readonly newestSchema: number },
): Result<null, ApiError> {
  if (found.id !== applicationId && (found.id !== 0 || found.tables > 0)) {
    return refuse(
      'storeFailed',
      `${file} is the database of another program. It was left as it is.`,
      'Choose another data folder, or move that file away.',
    );
  }
  if (found.schema < 0) {
    return refuse(
      'storeFailed',
      `${file} is damaged: it names a schema that no Signalbox has (${found.schema}). It was left as it is.`,
      damageRemedy,
    );
  }
  if (found.schema > found.newestSchema) {
    return refuse(
      'storeFailed',
      `${file} was written by a newer Signalbox (schema ${found.schema}; this one knows up to ${found.newestSchema}). It was left as it is.`,
      'Install the newer Signalbox again, or choose another data folder; an older copy may be in the folder "backups".',
    );
  }
  return ok(null);
}

/** The first bytes of a file; empty when it has none. */
function readMagic(file: string): string {
  const buffer = Buffer.alloc(fileMagic.length);
  const descriptor = openSync(file, 'r');
  try {
    return buffer.toString('latin1', 0, readSync(descriptor, buffer, 0, buffer.length, 0));
  } finally {
    closeSync(descriptor);
  }
}
