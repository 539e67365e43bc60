import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { ApiError } from '../../contract/errors.ts';
import type { Result } from '../../contract/result.ts';
import { err, ok } from '../../contract/result.ts';
import type { Connection } from '../connection.ts';
import { judgeDatabase } from '../database.ts';
import type { Sqlite } from '../load-sqlite.ts';
import { describeTrouble, isDamage } from '../sqlite-trouble.ts';
import { unfinishedSuffix } from './backup-names.ts';
import { faultOf } from './condition.ts';

/** Pages of one step: some 20 ms, after which the copying may be stopped. */
const pagesPerStep = 2_000;
/** When the log has grown to this, in bytes, a copy gives way: the writer must not wait for its end. */
const defaultLogLimit = 56 * 1024 * 1024;

export interface CopyOptions {
  readonly from: string;
  readonly to: string;
  readonly newestSchema: number;
  readonly logLimit?: number;
}

/**
 * Copies a database that may be written meanwhile, checks the copy, and gives it its name last: a file of that name is
 * always a whole and good one.
 *
 * All steps read one committed state, inside one transaction of the source. Without it SQLite begins anew at every
 * commit of another connection, and would never end under a constant load. With it the log cannot start over until the
 * copying is done (some 400 MB a second), so that the log grows: from 40 MiB on the checkpointer slows the writer, at
 * 56 MiB the copy gives way, and is tried again later. `VACUUM INTO` and one single step hold the log as long and
 * cannot be stopped.
 * @param isStopped looked at between the steps.
 * @returns the size of the copy in bytes; or why there is none, `unavailable` when it was stopped or gave way.
 */
export async function copyDatabase(
  sqlite: Sqlite,
  options: CopyOptions,
  isStopped: () => boolean,
): Promise<Result<number, ApiError>> {
  const part = `${options.to}${unfinishedSuffix}`;
  try {
    mkdirSync(dirname(options.to), { recursive: true, mode: 0o700 });
    writeFileSync(part, '', { mode: 0o600 });
    const refusal = await copyPages(sqlite, options, part, isStopped);
    if (refusal !== null) return err(refusal);
    return finishCopy(sqlite, { part, ...options });
  } catch (error) {
    const { message, remedy } = describeTrouble(error, isDamage(error) ? options.from : options.to);
    return err({ type: 'storeFailed', message: `The database could not be copied: ${message}`, remedy });
  } finally {
    removeParts(part);
  }
}

/** Why the copying was broken off; thrown out of SQLite's steps. */
class BrokenOff extends Error {
  readonly apiError: ApiError;

  constructor(apiError: ApiError) {
    super(apiError.message);
    this.apiError = apiError;
  }
}

async function copyPages(
  sqlite: Sqlite,
  { from, logLimit = defaultLogLimit }: CopyOptions,
  part: string,
  isStopped: () => boolean,
): Promise<ApiError | null> {
  const source = new sqlite(from, { readonly: true, fileMustExist: true, timeout: 5_000 });
  const goOn = () => {
    if (isStopped()) throw new BrokenOff(stopped);
    if ((statSync(`${from}-wal`, { throwIfNoEntry: false })?.size ?? 0) > logLimit) throw new BrokenOff(gaveWay);
    return pagesPerStep;
  };
  try {
    source.exec('BEGIN; SELECT count(*) FROM sqlite_schema');
    await source.backup(part, { progress: goOn });
    return null;
  } catch (error) {
    if (error instanceof BrokenOff) return error.apiError;
    throw error;
  } finally {
    source.close();
  }
}

/**
 * Makes a file of its own of a copy, checks it, flushes it, and gives it its name.
 * @returns its size in bytes; or what is wrong with it, and then it has no name.
 */
export function finishCopy(
  sqlite: Sqlite,
  { part, to, newestSchema }: { readonly part: string; readonly to: string; readonly newestSchema: number },
): Result<number, ApiError> {
  const connection = new sqlite(part, { fileMustExist: true, timeout: 5_000 });
  try {
    const fault = checkCopy(connection, part, newestSchema);
    if (fault !== null) return err(fault);
  } finally {
    connection.close();
  }
  chmodSync(part, 0o600);
  flush(part);
  renameSync(part, to);
  flushFolder(dirname(to));
  return ok(statSync(to).size);
}

function checkCopy(connection: Connection, part: string, newestSchema: number): ApiError | null {
  // A copy in WAL mode would leave files beside it whenever somebody looks at it.
  connection.pragma('journal_mode = DELETE');
  const judged = judgeDatabase(connection, part, newestSchema);
  if (!judged.ok) return judged.error;
  const fault = faultOf(connection, 'quick_check(1)');
  if (fault === null) return null;
  return {
    type: 'storeFailed',
    message: `The copy of the database is damaged, and was removed: ${fault}`,
    remedy: 'Run "signalbox doctor": either the disk or the database itself is damaged.',
  };
}

/** Removes a copy that has no name yet, with what SQLite may have put beside it. */
export function removeParts(part: string): void {
  try {
    for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(`${part}${suffix}`, { force: true });
  } catch {
    // It has no name that anybody goes by; the next start tries again.
  }
}

/** Waits until a file is on the disk. Not for a database that is open in this process: it would lose its locks. */
function flush(path: string): void {
  const descriptor = openSync(path, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Waits until the names in a folder are on the disk. Windows has no such thing, and needs none. */
export function flushFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

const stopped: ApiError = {
  type: 'unavailable',
  message: 'The database was not copied, because Signalbox is being closed or the copy took too long.',
  remedy: 'Try again once Signalbox runs again.',
};

const gaveWay: ApiError = {
  type: 'unavailable',
  message: 'So much was stored while the database was copied that the copy gave way.',
  remedy: 'Try again in a quieter moment; copies by themselves are tried again a few minutes later.',
};
