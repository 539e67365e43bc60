import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '../core/ports.ts';
import type { Connection } from './connection.ts';

/**
 * Brings the schema up to date, one transaction per migration, so that a crash leaves one version or the next. A
 * database that has data is copied first.
 * @param options.backups folder for the copy; created when it is needed.
 * @param options.now wall clock in milliseconds, for the copy's name.
 * @throws what SQLite throws; the database is then at the last version that was reached.
 */
export function migrate(
  connection: Connection,
  options: {
    readonly migrations: readonly string[];
    readonly backups: string;
    readonly now: () => number;
    readonly logger: Logger;
  },
): void {
  const { migrations, logger } = options;
  const from = schemaVersion(connection);
  if (from >= migrations.length) return;
  if (from > 0) {
    const copy = backUp(connection, options.backups, from, options.now());
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

/** Copies the whole database into a file of its own, as one consistent state. @returns its path. */
function backUp(connection: Connection, folder: string, schema: number, now: number): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stamp = new Date(now).toISOString().replaceAll(/[:.]/g, '-');
  const name = `signalbox-schema-${schema}-${stamp}`;
  let copy = join(folder, `${name}.db`);
  for (let number = 2; existsSync(copy); number += 1) copy = join(folder, `${name}-${number}.db`);
  connection.prepare('VACUUM INTO ?').run(copy);
  return copy;
}
