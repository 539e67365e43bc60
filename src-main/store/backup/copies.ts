import { readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Backup } from '../../contract/api-backups.ts';
import type { ApiError } from '../../contract/errors.ts';
import { refuse } from '../../contract/errors.ts';
import type { Result } from '../../contract/result.ts';
import { ok } from '../../contract/result.ts';
import type { Backups } from '../../core/ports.ts';
import { backupFolder, databaseFile } from '../data-files.ts';
import { migrations } from '../migrations/all-migrations.ts';
import { freeCopyPath, readCopyName, unfinishedSuffix } from './backup-names.ts';
import { removeParts } from './copy-database.ts';
import type { Underway } from './copy-thread.ts';
import { startCopy } from './copy-thread.ts';

/** The copies in a data folder, newest first. Half ones have other names and are not among them. */
export function listCopies(folder: string): readonly Backup[] {
  const found = namesIn(backupFolder(folder)).flatMap((name): Backup[] => {
    const told = readCopyName(name);
    const path = join(backupFolder(folder), name);
    const size = told === null ? undefined : statSync(path, { throwIfNoEntry: false })?.size;
    return told === null || size === undefined ? [] : [{ path, bytes: size, ...told }];
  });
  return found.sort((one, other) => other.at - one.at || (other.path > one.path ? 1 : -1));
}

/** Removes what a copy left that was broken off by the end of its process. Only while nobody else makes copies. */
export function removeHalfCopies(folder: string): void {
  for (const name of namesIn(backupFolder(folder))) {
    if (name.endsWith(unfinishedSuffix)) removeParts(join(backupFolder(folder), name));
  }
}

/** A folder that is not there has no names. */
function namesIn(folder: string): readonly string[] {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true ? readdirSync(folder) : [];
}

/** Makes copies of a data folder's database, one at a time, each in a thread. */
export class Copies implements Backups {
  readonly #folder: string;
  readonly #now: () => number;
  readonly #start: typeof startCopy;
  #underway: Underway<Result<number, ApiError>> | null = null;
  #closed = false;

  /** @param options.now wall clock in milliseconds; @param options.start another way to copy, for tests. */
  constructor(options: {
    readonly folder: string;
    readonly now: () => number;
    readonly start?: typeof startCopy;
  }) {
    this.#folder = options.folder;
    this.#now = options.now;
    this.#start = options.start ?? startCopy;
  }

  list(): readonly Backup[] {
    return listCopies(this.#folder);
  }

  async create(kind: 'rotating' | 'asked'): Promise<Result<Backup, ApiError>> {
    if (this.#closed || this.#underway !== null) return busy(this.#closed);
    const at = this.#now();
    const to = freeCopyPath(backupFolder(this.#folder), kind, at);
    const underway = this.#start({ from: databaseFile(this.#folder), to, newestSchema: migrations.length });
    this.#underway = underway;
    const copied = await underway.answer;
    this.#underway = null;
    return copied.ok ? ok({ path: to, at, bytes: copied.value, kind }) : copied;
  }

  rotate(keep: number): readonly string[] {
    const tooOld = this.list()
      .filter(({ kind }) => kind === 'rotating')
      .slice(keep);
    for (const { path } of tooOld) rmSync(path, { force: true });
    return tooOld.map(({ path }) => basename(path));
  }

  /** Makes no more copies; gives up the one under way, and resolves when it has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#underway?.stop();
    await this.#underway?.answer;
  }
}

function busy(closed: boolean) {
  return closed
    ? refuse('unavailable', 'No more copies are made: the engine is being closed.', 'Start Signalbox again.')
    : refuse('unavailable', 'The database is being copied already.', 'Try again when that copy is done.');
}
