import { existsSync, realpathSync, rmSync } from 'node:fs';
import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';
import { startLook } from './backup/copy-thread.ts';
import type { ReplacementNote } from './backup/replace-database.ts';
import { finishReplacement, replaceDatabase } from './backup/replace-database.ts';
import { checkDueFile, databaseFile } from './data-files.ts';
import { migrations } from './migrations/all-migrations.ts';

export interface RestoreOptions {
  readonly folder: string;
  /** A copy; null: none, the database begins empty. */
  readonly copy: string | null;
  /** Wall clock in milliseconds. */
  readonly now: number;
}

const newestSchema = migrations.length;

/**
 * Puts a copy in the place of a data folder's database because a person wants it. What is there is kept, in `damaged`
 * when it is damaged and in `replaced` otherwise. Only while nobody else has the folder.
 * @returns what was put where; or why not, and then everything is as it was.
 */
export async function restoreDatabase(options: RestoreOptions): Promise<Result<ReplacementNote, ApiError>> {
  const { folder, copy, now } = options;
  finishReplacement(folder);
  const refusal = copy === null ? null : await refuseCopy(copy, databaseFile(folder));
  if (refusal !== null) return err(refusal);
  const present = await startLook({ file: databaseFile(folder), newestSchema, inUse: false }).answer;
  const replaced = await replaceDatabase({
    folder,
    copy,
    keepAs: present.state === 'damaged' ? 'damaged' : 'replaced',
    reason: copy === null ? 'a person began anew' : 'a person restored a copy',
    freeze: () => null,
    now,
  });
  if (replaced.ok) rmSync(checkDueFile(folder), { force: true });
  return replaced.ok ? ok(replaced.value) : replaced;
}

/** @returns why this file cannot be put there; null when it can. */
async function refuseCopy(copy: string, file: string): Promise<ApiError | null> {
  if (!existsSync(copy)) {
    return refuse(
      'notFound',
      `There is no file ${copy}.`,
      'List the copies in the folder "backups" of the data folder.',
    ).error;
  }
  if (existsSync(file) && realpathSync(copy) === realpathSync(file)) {
    return refuse('refused', `${copy} is the database itself.`, 'Name a copy of it.').error;
  }
  const found = await startLook({ file: copy, newestSchema, inUse: false }).answer;
  switch (found.state) {
    case 'sound':
      return null;
    case 'empty':
      return refuse('refused', `Nothing is stored in ${copy}.`, 'Name another copy.').error;
    case 'damaged':
      return refuse('refused', `${copy} is damaged: ${found.reason}.`, 'Name another copy.').error;
    case 'refused':
      return found.error;
  }
}
