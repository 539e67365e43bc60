import { access, constants, mkdir, realpath, stat } from 'node:fs/promises';
import { posix, resolve, win32 } from 'node:path';
import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';

/** What decides where the data is. */
export interface DataFolderChoice {
  /** What `--data` said; undefined when it was not given. */
  readonly option: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** The person's own folder. */
  readonly home: string;
}

/**
 * Where the data is, by `--data`, else by SIGNALBOX_DATA, else by the platform's convention. Nothing in the environment
 * is needed for the last.
 */
export function chooseDataFolder({ option, env, platform, home }: DataFolderChoice): string {
  const asked = nonEmpty(option) ?? nonEmpty(env.SIGNALBOX_DATA);
  if (asked !== undefined) return resolve(asked);
  if (platform === 'win32') {
    return win32.join(nonEmpty(env.LOCALAPPDATA) ?? win32.join(home, 'AppData', 'Local'), 'Signalbox');
  }
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'Signalbox');
  // A relative XDG_DATA_HOME is to be ignored (XDG Base Directory Specification).
  const shared = env.XDG_DATA_HOME?.startsWith('/') ? env.XDG_DATA_HOME : posix.join(home, '.local', 'share');
  return posix.join(shared, 'signalbox');
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text;
}

/**
 * Makes the folder if it is not there, for its owner alone, and checks that it can be used.
 * @returns its real path, so that one folder has one name.
 */
export async function prepareDataFolder(folder: string): Promise<Result<string, ApiError>> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const real = await realpath(folder);
    if (!(await stat(real)).isDirectory()) return unusable(folder, 'it is not a folder');
    await access(real, constants.R_OK | constants.W_OK | constants.X_OK);
    return ok(real);
  } catch (error) {
    return unusable(folder, reasonOf(error as NodeJS.ErrnoException));
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'you may not read and write it',
  EPERM: 'you may not read and write it',
  EROFS: 'its disk is read-only',
  ENOSPC: 'its disk is full',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'it is not a folder',
  ELOOP: 'its path is a circle of links',
  ENAMETOOLONG: 'its name is too long',
};

function reasonOf(error: NodeJS.ErrnoException): string {
  return reasons[error.code ?? ''] ?? error.message;
}

function unusable(folder: string, reason: string) {
  return refuse(
    'invalidInput',
    `The data folder ${folder} cannot be used: ${reason}.`,
    'Choose another one with --data FOLDER or SIGNALBOX_DATA, or correct its rights.',
    { field: 'data' },
  );
}
