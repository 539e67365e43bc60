import { statSync } from 'node:fs';
import type { ApiError } from '../../contract/errors.ts';
import type { Connection } from '../connection.ts';
import { judgeDatabase } from '../database.ts';
import type { Sqlite } from '../load-sqlite.ts';
import { describeTrouble, isDamage } from '../sqlite-trouble.ts';

/** How a database file is. */
export type Condition =
  | { readonly state: 'sound' }
  /** There is no file, or nothing was ever stored in it. */
  | { readonly state: 'empty' }
  | { readonly state: 'damaged'; readonly reason: string }
  /** It is another program's, or a newer Signalbox's, or cannot be looked at. */
  | { readonly state: 'refused'; readonly error: ApiError };

export interface LookOptions {
  readonly file: string;
  readonly newestSchema: number;
  /** Whether others write it meanwhile: it is then looked at table by table, so that the log can start over. */
  readonly inUse: boolean;
}

/**
 * Looks at every page of a database. May take seconds: only for threads. It opens the file through SQLite alone:
 * to open and close it otherwise would take away the locks that this process has on it.
 */
export function lookAtDatabase(sqlite: Sqlite, { file, newestSchema, inUse }: LookOptions): Condition {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0) return { state: 'empty' };
  let connection: Connection | null = null;
  try {
    connection = new sqlite(file, { readonly: true, fileMustExist: true, timeout: 5_000 });
    const schema = Number(connection.pragma('user_version', { simple: true }));
    if (schema < 0) return { state: 'damaged', reason: `it names a schema that no Signalbox has (${schema})` };
    const judged = judgeDatabase(connection, file, newestSchema);
    if (!judged.ok) return { state: 'refused', error: judged.error };
    if (schema === 0) return { state: 'empty' };
    const fault = inUse ? faultOfTables(connection) : faultOf(connection, 'quick_check(1)');
    return fault === null ? { state: 'sound' } : { state: 'damaged', reason: fault };
  } catch (error) {
    if (!isDamage(error)) return { state: 'refused', error: describeTrouble(error, file) };
    return { state: 'damaged', reason: error instanceof Error ? error.message : String(error) };
  } finally {
    connection?.close();
  }
}

/** @returns what is wrong; null when nothing is. */
export function faultOf(connection: Connection, check: string): string | null {
  const message = String(connection.pragma(check, { simple: true }));
  return message === 'ok' ? null : message;
}

function faultOfTables(connection: Connection): string | null {
  const names = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
  for (const name of ['sqlite_schema', ...names]) {
    const fault = faultOf(connection, `quick_check("${name}")`);
    if (fault !== null) return fault;
  }
  return null;
}
