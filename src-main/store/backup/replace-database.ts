import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ApiError } from '../../contract/errors.ts';
import type { Result } from '../../contract/result.ts';
import { ok } from '../../contract/result.ts';
import { databaseFile, keptFolder } from '../data-files.ts';
import { migrations } from '../migrations/all-migrations.ts';
import { flushFolder, removeParts } from './copy-database.ts';
import { startCopy } from './copy-thread.ts';

/** What is said of a replacement until the engine has stored it as an event. */
const noteSchema = z.object({
  /** Folder that keeps what was in its place; null: there was nothing. */
  kept: z.string().nullable(),
  /** The copy that was put there; null: it begins empty. */
  backup: z.string().nullable(),
  reason: z.string(),
  /** Why the engine starts frozen; null: it does not. */
  freeze: z.string().nullable(),
});
export type ReplacementNote = z.infer<typeof noteSchema>;

export interface Replacement {
  readonly folder: string;
  /** Null: nothing; the database begins empty. */
  readonly copy: string | null;
  /** Under which name the present files are kept. */
  readonly keepAs: 'damaged' | 'replaced';
  readonly reason: string;
  /** Made of where the present files are kept. */
  readonly freeze: (kept: string) => string | null;
  /** Wall clock in milliseconds. */
  readonly now: number;
}

/** What comes with a database: they belong to one state, and are moved together. */
const companions = ['-wal', '-shm', '-journal'] as const;

/**
 * Puts a copy of a copy in the database's place, and moves what is there into a folder of its own. Only while nobody
 * has the database open. A crash in between is made good by {@link finishReplacement}: a note says what is to be done
 * before anything is moved, and the new file waits beside the old one until all of that was moved.
 * @returns what was done; or why the copy could not be copied, and then everything is where it was.
 */
export async function replaceDatabase(replacement: Replacement): Promise<Result<ReplacementNote, ApiError>> {
  const { folder, copy, keepAs, reason, freeze, now } = replacement;
  const waiting = waitingFile(folder);
  if (copy === null) writeFileSync(waiting, '', { mode: 0o600 });
  else {
    const copied = await startCopy({ from: copy, to: waiting, newestSchema: migrations.length }).answer;
    if (!copied.ok) return copied;
  }
  const kept = existsSync(databaseFile(folder)) ? freeFolder(keptFolder(folder, keepAs), now) : null;
  const note: ReplacementNote = { kept, backup: copy, reason, freeze: freeze(kept ?? folder) };
  writeNote(folder, note);
  finishReplacement(folder);
  return ok(note);
}

/** Ends a replacement that was begun; takes back one of which nothing was moved yet. Does nothing where there is none. */
export function finishReplacement(folder: string): void {
  const waiting = waitingFile(folder);
  const file = databaseFile(folder);
  removeParts(`${waiting}.part`);
  const note = pendingNote(folder);
  if (note === null || !existsSync(waiting)) {
    rmSync(waiting, { force: true });
    return;
  }
  if (note.kept !== null) {
    mkdirSync(note.kept, { recursive: true, mode: 0o700 });
    for (const suffix of ['', ...companions]) moveInto(note.kept, `${file}${suffix}`);
    flushFolder(note.kept);
  }
  renameSync(waiting, file);
  flushFolder(folder);
}

/** The replacement that no event tells of yet; null: there is none. */
export function pendingNote(folder: string): ReplacementNote | null {
  try {
    return noteSchema.parse(JSON.parse(readFileSync(noteFile(folder), 'utf8')));
  } catch {
    return null;
  }
}

/** An event tells of it now. */
export function forgetNote(folder: string): void {
  rmSync(noteFile(folder), { force: true });
}

/** The new database while the old one is moved away. */
function waitingFile(folder: string): string {
  return `${databaseFile(folder)}.new`;
}

function noteFile(folder: string): string {
  return `${databaseFile(folder)}.replaced.json`;
}

function moveInto(kept: string, path: string): void {
  const target = join(kept, path.slice(path.lastIndexOf('signalbox.db')));
  if (existsSync(path) && !existsSync(target)) renameSync(path, target);
}

function freeFolder(parent: string, now: number): string {
  const name = new Date(now).toISOString().replaceAll(/[:.]/g, '-');
  let path = join(parent, name);
  for (let number = 2; existsSync(path); number += 1) path = join(parent, `${name}-${number}`);
  return path;
}

/** The note is there whole or not at all: half of one would be no note. */
function writeNote(folder: string, note: ReplacementNote): void {
  const part = `${noteFile(folder)}.part`;
  const descriptor = openSync(part, 'w', 0o600);
  writeFileSync(descriptor, JSON.stringify(note));
  fsyncSync(descriptor);
  closeSync(descriptor);
  renameSync(part, noteFile(folder));
  flushFolder(folder);
}
