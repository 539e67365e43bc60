import { lstat, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecret } from './http-access.ts';

/** Where the token for programs is. */
export function apiTokenPath(dataFolder: string): string {
  return join(dataFolder, 'api-token');
}

const wellFormed = /^[\w-]{43}$/;

/**
 * The token with which programs of the same person call the engine over HTTP: read from a file that only they can read.
 * One that others could read, or that is damaged, is replaced; so is one that was deleted to make a new one.
 */
export async function readApiToken(dataFolder: string): Promise<string> {
  const path = apiTokenPath(dataFolder);
  const found = await readPrivate(path);
  if (found !== null) return found;
  await rm(path, { force: true });
  const token = createSecret();
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(`${token}\n`);
  } finally {
    await file.close();
  }
  return token;
}

/** @returns null when there is no such file, or it is not to be trusted. */
async function readPrivate(path: string): Promise<string | null> {
  try {
    const facts = await lstat(path);
    // Windows has no such mode; there the folder is the person's own.
    const isOpenToOthers = process.platform !== 'win32' && (facts.mode & 0o077) !== 0;
    if (!facts.isFile() || isOpenToOthers) return null;
    const token = (await readFile(path, 'utf8')).trim();
    return wellFormed.test(token) ? token : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
