import { mkdirSync, writeFileSync } from 'node:fs';
import type { Logger } from '../core/ports.ts';
import { StoreFailure } from '../core/ports.ts';
import { freeCopyPath, unfinishedSuffix } from './backup/backup-names.ts';
import { finishCopy, removeParts } from './backup/copy-database.ts';
import type { Connection } from './connection.ts';
import type { Sqlite } from './load-sqlite.ts';

/**
 * Brings the schema up to date, one transaction per migration, so that a crash leaves one version or the next. A
 * database that has data is copied first.
 * @param options.backups folder for the copy; created when it is needed.
 * @param options.now wall clock in milliseconds, for the copy's name.
 * @throws what SQLite throws, or a `StoreFailure` when the copy is not good; the database is then at the last version
 * that was reached.
 */
export function migrate(
  connection: Connection,
  options: {
    readonly sqlite: Sqlite;
    readonly migrations: readonly string[];
    readonly backups: string;
    readonly now: () => number;
    readonly logger: Logger;
  },
): void {
  const { sqlite, migrations, backups, now, logger } = options;
  const from = schemaVersion(connection);
  if (from >= migrations.length) return;
  if (from > 0) {
    const copy = freeCopyPath(backups, { schema: from }, now());
    backUp(sqlite, connection, { folder: backups, copy, newestSchema: migrations.length });
    logger.info('Copied the database before its migration.', { copy, schema: from });
  }
  for (let version = from + 1; version <= migrations.length; version += 1) {
    connection
      .transaction(() => {
        // Another process may have been faster while this one waited for the lock.
        if (schemaVersion(connection) >= version) return;
        connection.exec(migrations[version - 1] ?? '');
        connection.pragma(`user_version = ${version}`);
      })
      .immediate();
  }
  logger.info('Migrated the database.', { from, to: migrations.length });
}

/** The version of the schema that a database has; 0 when it is empty. */
function schemaVersion(connection: Connection): number {
  return Number(connection.pragma('user_version', { simple: true }));
}

/** Copies the whole database into a file of its own, as one consistent state; it gets its name when it is known good. */
function backUp(
  sqlite: Sqlite,
  connection: Connection,
  { folder, copy, newestSchema }: { readonly folder: string; readonly copy: string; readonly newestSchema: number },
): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const part = `${copy}${unfinishedSuffix}`;
  try {
    // What another start left half-way: SQLite copies only into an empty file.
    removeParts(part);
    writeFileSync(part, '', { mode: 0o600 });
    connection.prepare('VACUUM INTO ?').run(part);
    const finished = finishCopy(sqlite, { part, to: copy, newestSchema });
    if (!finished.ok) throw new StoreFailure(finished.error);
  } finally {
    removeParts(part);
  }
}
