import Database from 'better-sqlite3';
import { expect, onTestFinished } from 'vitest';
import type { Logger, Store } from '../../src-main/core/ports.ts';
import type { Connection } from '../../src-main/store/connection.ts';
import { databaseFile } from '../../src-main/store/data-files.ts';
import { diagnoseDatabase } from '../../src-main/store/diagnose/diagnose-database.ts';
import type { OpenStoreOptions } from '../../src-main/store/open-store.ts';
import { openStore } from '../../src-main/store/open-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A logger that keeps the messages. */
export class KeptMessages implements Logger {
  readonly infos: string[] = [];
  readonly warnings: string[] = [];
  readonly errors: string[] = [];
  info(message: string): void {
    this.infos.push(message);
  }
  warn(message: string): void {
    this.warnings.push(message);
  }
  error(message: string): void {
    this.errors.push(message);
  }
}

export interface TestStore {
  readonly store: Store;
  readonly folder: string;
  readonly file: string;
  readonly log: KeptMessages;
}

/** A real store in a folder of its own, closed and removed at the end of the test. */
export async function openTestStore(
  options: Partial<OpenStoreOptions> & { readonly folder?: string } = {},
): Promise<TestStore> {
  const log = new KeptMessages();
  const folder = options.folder ?? temporaryFolder();
  const opened = await openStore({ logger: log, now: () => Date.UTC(2026, 0, 1), ...options, folder });
  if (!opened.ok) throw new Error(opened.error.message);
  onTestFinished(() => opened.value.close());
  return { store: opened.value, folder, file: databaseFile(folder), log };
}

/** A further connection to a database, past the store; closed at the end of the test. */
export function connectTo(file: string, options: { readonly readonly?: boolean } = {}): Connection {
  const connection = new Database(file, { fileMustExist: true, ...options });
  onTestFinished(() => void connection.close());
  return connection;
}

/** Fails unless the doctor finds nothing. */
export function expectSound(file: string): void {
  const connection = new Database(file, { readonly: true });
  try {
    expect(diagnoseDatabase(connection).filter(({ status }) => status !== 'ok')).toEqual([]);
  } finally {
    connection.close();
  }
}
