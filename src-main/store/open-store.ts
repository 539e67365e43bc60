import type { ApiError } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';
import type { PartTrouble } from '../core/parts.ts';
import type { Logger, Store, StoreReads } from '../core/ports.ts';
import { StoreFailure } from '../core/ports.ts';
import { Checkpointer } from './checkpointer.ts';
import type { Connection } from './connection.ts';
import { onTrouble, Statements } from './connection.ts';
import { storedCounters } from './counters.ts';
import { backupFolder, databaseFile, fileSizes } from './data-files.ts';
import { openPruner, openReader, openWriter, stopWaiting } from './database.ts';
import { runDiagnosis } from './diagnose/run-diagnosis.ts';
import type { Sqlite } from './load-sqlite.ts';
import { loadSqlite } from './load-sqlite.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/all-migrations.ts';
import { HistoryPruner } from './prune/prune-history.ts';
import { Repairs } from './quarantine.ts';
import { QueryThread } from './query-thread.ts';
import { describeTrouble } from './sqlite-trouble.ts';
import { createReads } from './store-reads.ts';
import { UnitOfWork } from './unit-of-work.ts';

export interface OpenStoreOptions {
  /** Data folder; it and the database in it are created when they are not there. */
  readonly folder: string;
  readonly logger: Logger;
  /** Wall clock in milliseconds, for the names of backups. */
  readonly now: () => number;
  /** How long a lease lasts from its claim on unless it is renewed, in milliseconds; a minute when not given. */
  readonly leaseMs?: number;
  /** Reads the rows that an engine starts from before anything else, and repairs those that cannot be read. */
  readonly readFirst?: boolean;
  /** Told what SQLite says when it meets a damaged part of the file. */
  readonly damaged?: (error: unknown) => void;
  /** Told why the write-ahead log grows beyond its bound; null: it does no longer. */
  readonly logTrouble?: (trouble: PartTrouble | null) => void;
}

/**
 * Opens the one store of truth: looks at the file, migrates it (after a copy), opens a connection for writes and a
 * read-only one, and starts the checkpoint thread.
 * @returns the store, which the caller closes; or why it cannot be opened, with the file left as it was.
 */
export async function openStore(options: OpenStoreOptions): Promise<Result<Store, ApiError>> {
  const sqlite = await loadSqlite();
  if (!sqlite.ok) return sqlite;
  const writer = openWriter(sqlite.value, options.folder, migrations.length);
  if (!writer.ok) return writer;
  try {
    migrate(writer.value, { ...options, sqlite: sqlite.value, migrations, backups: backupFolder(options.folder) });
    const { store, repairs } = assemble(sqlite.value, writer.value, options);
    if (options.readFirst === true) await readFirst(store, repairs);
    return ok(store);
  } catch (error) {
    writer.value.close();
    return err(error instanceof StoreFailure ? error.apiError : describeTrouble(error, databaseFile(options.folder)));
  }
}

function assemble(sqlite: Sqlite, writer: Connection, options: OpenStoreOptions) {
  const { folder, logger, leaseMs = 60_000, damaged } = options;
  const reader = openReader(sqlite, folder);
  const statements = new Statements(reader);
  stopWaiting(writer);
  const committed = () => checkpointer.committed();
  const units = new UnitOfWork({ connection: writer, file: databaseFile(folder), logger, leaseMs, committed });
  const file = databaseFile(folder);
  const repairs = new Repairs({ file, logger, now: options.now, write: (work) => units.write(work) });
  for (const connection of [reader, writer]) onTrouble(connection, { damaged, unreadable: repairs.found });
  const held = { connection: writer, hold: () => units.hold(), resume: () => units.resume() };
  const checkpointer = new Checkpointer({ writer: held, logger, trouble: options.logTrouble });
  const queries = new QueryThread({ file, logger, unreadable: repairs.found });
  const history = new HistoryPruner({
    open: () => openPruner(sqlite, folder),
    file: databaseFile(folder),
    committed,
  });
  const diagnoses = new Set<Promise<unknown>>();
  let closed: Promise<void> | null = null;
  const close = async () => {
    await repairs.close();
    await Promise.all([units.close(), history.close()]);
    await Promise.all([checkpointer.close(), queries.close(), ...diagnoses]);
    reader.close();
    writer.close();
  };
  const store: Store = {
    reads: createReads(statements, storedCounters(statements)),
    views: queries.views,
    history,
    facts: () => ({ ...fileSizes(databaseFile(folder)), trouble: units.trouble }),
    write: (work) => units.write(work),
    onCommit: (listener) => units.onCommit(listener),
    diagnose: () => {
      const running = runDiagnosis(databaseFile(folder)).finally(() => diagnoses.delete(running));
      diagnoses.add(running);
      return running;
    },
    close: () => {
      closed ??= close();
      return closed;
    },
  };
  return { store, repairs };
}

/** Reads what a start needs, and has repaired what cannot be read. @throws after closing, when the file is damaged. */
async function readFirst(store: Store, repairs: Repairs): Promise<void> {
  try {
    readWhatStartsNeed(store.reads);
    await repairs.settled();
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** An engine's first units of work must find these rows as they are: what is written on top of one must not be lost. */
function readWhatStartsNeed(reads: StoreReads): void {
  reads.row('engine', 'engine');
  reads.agents();
  reads.openRuns();
  reads.liveAttempts();
  reads.openApprovals();
  reads.openPermissions();
  reads.permissionRules();
  reads.breakers();
  reads.schedules();
}
