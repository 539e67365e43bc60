import { statSync } from 'node:fs';
import { join } from 'node:path';

/** The database in a data folder. */
export function databaseFile(folder: string): string {
  return join(folder, 'signalbox.db');
}

/** Where copies of the database are kept: those made by themselves, those asked for, one before every migration. */
export function backupFolder(folder: string): string {
  return join(folder, 'backups');
}

/** Where databases are kept that another one took the place of: because they were damaged, or a person wanted it. */
export function keptFolder(folder: string, keepAs: 'damaged' | 'replaced'): string {
  return join(folder, keepAs);
}

/** There while the database has to be checked before an engine works: its end was unclean, or it seemed damaged. */
export function checkDueFile(folder: string): string {
  return join(folder, 'signalbox.db.check-due');
}

/** How large the database and its write-ahead log are, in bytes. */
export function fileSizes(file: string): { readonly path: string; readonly bytes: number; readonly walBytes: number } {
  const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return { path: file, bytes: sizeOf(file), walBytes: sizeOf(`${file}-wal`) };
}
