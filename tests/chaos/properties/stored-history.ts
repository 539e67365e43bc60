import Database from 'better-sqlite3';
import type { Event } from '../../../src-main/contract/event.ts';
import { Statements } from '../../../src-main/store/connection.ts';
import { databaseFile } from '../../../src-main/store/data-files.ts';
import { readEvents } from '../../../src-main/store/event-table.ts';

/** Reads a data folder's database through a connection of its own that cannot write, past the engine. */
export function lookAt<T>(dataFolder: string, look: (statements: Statements) => T): T {
  const connection = new Database(databaseFile(dataFolder), { readonly: true, timeout: 5_000 });
  try {
    return look(new Statements(connection));
  } finally {
    connection.close();
  }
}

/** All events of a data folder, in their order. */
export function storedEvents(dataFolder: string): readonly Event[] {
  return lookAt(dataFolder, (statements) => readEvents(statements, { afterSeq: 0, limit: Number.MAX_SAFE_INTEGER }));
}
