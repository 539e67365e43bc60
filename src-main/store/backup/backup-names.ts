import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Backup } from '../../contract/api-backups.ts';

/** What a copy is called until it was checked: whoever lists copies does not see it, and the next start removes it. */
export const unfinishedSuffix = '.part';

const pattern = /^signalbox-(rotating|asked|schema-\d+)-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z(?:-\d+)?\.db$/;

/** Why a copy is made: by itself, because somebody asked, or before the schema of this number is changed. */
export type CopyReason = 'rotating' | 'asked' | { readonly schema: number };

/** A path for a new copy that no file has yet. @param now wall clock in milliseconds, which the name tells. */
export function freeCopyPath(folder: string, reason: CopyReason, now: number): string {
  const word = typeof reason === 'string' ? reason : `schema-${reason.schema}`;
  const name = `signalbox-${word}-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}`;
  let path = join(folder, `${name}.db`);
  for (let number = 2; existsSync(path); number += 1) path = join(folder, `${name}-${number}.db`);
  return path;
}

/** What the name of a file in the folder of copies tells; null: it is no copy of ours. */
export function readCopyName(name: string): Pick<Backup, 'kind' | 'at'> | null {
  const [, word = '', day, hours, minutes, seconds, milliseconds] = pattern.exec(name) ?? [];
  const at = Date.parse(`${day}T${hours}:${minutes}:${seconds}.${milliseconds}Z`);
  if (Number.isNaN(at)) return null;
  return { kind: word === 'rotating' || word === 'asked' ? word : 'migration', at };
}
