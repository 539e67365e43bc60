import { join } from 'node:path';

/** The database in a data folder. */
export function databaseFile(folder: string): string {
  return join(folder, 'signalbox.db');
}

/** Where copies of the database are kept: one is taken before every migration. */
export function backupFolder(folder: string): string {
  return join(folder, 'backups');
}
