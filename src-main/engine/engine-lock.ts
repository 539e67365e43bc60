import { createHash } from 'node:crypto';
import { link, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';
import type { ProcessIdentity } from '../contract/task.ts';
import { processIdentitySchema } from '../contract/task.ts';

/** Who holds a data folder. */
const holderSchema = processIdentitySchema.extend({
  /** Where it listens; null: it only holds the folder for a moment, to read or to store something. */
  socketPath: z.string().nullable(),
  version: z.string(),
  /** Wall clock, milliseconds since the epoch. */
  startedAt: z.number(),
});
export type LockHolder = z.infer<typeof holderSchema>;

/** What is written into the lock file; the nonce makes every claim different from all others. */
const claimSchema = holderSchema.extend({ nonce: z.string() });

export interface EngineLockDependencies {
  /** Absolute; must exist. */
  readonly dataFolder: string;
  readonly self: LockHolder;
  /** Whether exactly this process lives: a reused PID is another process. */
  readonly isAlive: (process: ProcessIdentity) => Promise<boolean>;
  /** A text that is never given twice. */
  readonly createNonce: () => string;
}

/** The right to be the only engine of a data folder. */
export interface EngineLock {
  /** The dead holder whose lock was taken over; null when there was none. */
  readonly tookOverFrom: LockHolder | null;
  /** Gives the right back. Nothing may be written into the folder after this. */
  release(): Promise<void>;
}

const lockName = 'engine.lock';

/** The lock file of a data folder. */
export function lockPath(dataFolder: string): string {
  return join(dataFolder, lockName);
}

/** Who is written in the lock file, dead or alive; null when there is none, or it cannot be read. */
export async function readEngineLock(dataFolder: string): Promise<LockHolder | null> {
  return (await readClaim(lockPath(dataFolder)))?.holder ?? null;
}

/**
 * Takes the data folder, or says who has it.
 *
 * A free folder is taken by linking a finished file to the lock's name: the system lets one caller succeed. The lock
 * of a dead holder must not simply be removed, since another starter may have put its own there in between. Its
 * successor is therefore chosen under a name that is derived from the dead claim (`engine.lock.after-…`), again by a
 * link that only one caller can make, and only the successor replaces the file. Should the successor die on the way,
 * the name derived from its own claim decides about the next one, and so on.
 */
export async function acquireEngineLock(dependencies: EngineLockDependencies): Promise<Result<EngineLock, LockHolder>> {
  const { dataFolder, self, createNonce } = dependencies;
  const text = `${JSON.stringify({ ...self, nonce: createNonce() })}\n`;
  const own = join(dataFolder, `${lockName}.${self.pid}-${hash(text)}`);
  try {
    await writeDurably(own, text);
    for (;;) {
      const result = await tryToTake(dependencies, own, text);
      if (result !== null) return result;
    }
  } finally {
    await rm(own, { force: true });
  }
}

/** @returns null when another starter changed the situation meanwhile: look again. */
async function tryToTake(
  { dataFolder, isAlive }: EngineLockDependencies,
  own: string,
  text: string,
): Promise<Result<EngineLock, LockHolder> | null> {
  const path = lockPath(dataFolder);
  const found = await readClaim(path);
  if (found === null) return (await linkOnce(own, path)) ? ok(heldLock(path, text, null)) : null;
  let last = found;
  for (;;) {
    if (last.holder !== null && (await isAlive(last.holder))) {
      // A successor counts as long as the claim that it succeeds is in the lock; otherwise it is a late comer.
      return last === found || (await readClaim(path))?.text === found.text ? err(last.holder) : null;
    }
    const successor = await readClaim(successorPath(dataFolder, last.text));
    if (successor === null) break;
    last = successor;
  }
  const claim = successorPath(dataFolder, last.text);
  if (!(await linkOnce(own, claim))) return null;
  if ((await readClaim(path))?.text !== found.text) {
    // Somebody was through with this before we looked: the name was free again, the lock is not.
    await rm(claim, { force: true });
    return null;
  }
  await replaceFile(own, path);
  await removeSuccessorNames(dataFolder);
  return ok(heldLock(path, text, found.holder));
}

function heldLock(path: string, text: string, tookOverFrom: LockHolder | null): EngineLock {
  return {
    tookOverFrom,
    async release() {
      if ((await readClaim(path))?.text === text) await rm(path, { force: true });
    },
  };
}

interface Claim {
  readonly text: string;
  /** Null when the file is damaged: then nobody holds it. */
  readonly holder: LockHolder | null;
}

/** @returns null when there is no such file. */
async function readClaim(path: string): Promise<Claim | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    const { nonce: _nonce, ...holder } = claimSchema.parse(JSON.parse(text));
    return { text, holder };
  } catch {
    return { text, holder: null };
  }
}

function successorPath(dataFolder: string, text: string): string {
  return join(dataFolder, `${lockName}.after-${hash(text)}`);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** @returns whether the name was free and is now ours. */
async function linkOnce(existing: string, name: string): Promise<boolean> {
  try {
    await link(existing, name);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Windows refuses to replace a file while somebody reads it; readers are done in a moment. */
async function replaceFile(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (attempt === 50 || (code !== 'EPERM' && code !== 'EBUSY' && code !== 'EACCES')) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** They decided about claims that are no longer in the lock; late comers find that out and remove their own. */
async function removeSuccessorNames(dataFolder: string): Promise<void> {
  const names = (await readdir(dataFolder)).filter((name) => name.startsWith(`${lockName}.after-`));
  await Promise.all(names.map((name) => rm(join(dataFolder, name), { force: true })));
}
