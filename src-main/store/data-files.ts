import { statSync } from 'node:fs';
import { join } from 'node:path';

/** The database in a data folder. */
export function databaseFile(folder: string): string {
  return join(folder, 'signalbox.db');
}

/** Where copies of the database are kept: one is taken before every migration. */
export function backupFolder(folder: string): string {
  return join(folder, 'backups');
}

/** How large the database and its write-ahead log are, in bytes. */
export function fileSizes(file: string): { readonly path: string; readonly bytes: number; readonly walBytes: number } {
  const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return { path: file, bytes: sizeOf(file), walBytes: sizeOf(`${file}-wal`) };
}
