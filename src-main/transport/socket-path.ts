import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The machine, as far as it decides where a socket can be; injected so that every platform can be tested. */
export interface SocketPlace {
  readonly platform: NodeJS.Platform;
  /** `XDG_RUNTIME_DIR`, undefined when there is none. */
  readonly runtimeFolder: string | undefined;
  readonly temporaryFolder: string;
  /** The person's number; null on Windows. */
  readonly userId: number | null;
}

/** The place of this process. */
export function thisSocketPlace(): SocketPlace {
  return {
    platform: process.platform,
    runtimeFolder: process.env.XDG_RUNTIME_DIR,
    temporaryFolder: tmpdir(),
    userId: process.getuid?.() ?? null,
  };
}

/** The longest path of a Unix socket that works everywhere: macOS has 104 bytes with the ending NUL. */
const maxSocketPathBytes = 103;

/**
 * Where the engine of a data folder listens: beside its data where the path is short enough, else in the person's
 * runtime folder, else in the temporary folder; on Windows a named pipe. The lock file says which.
 * @returns null when every candidate is too long.
 */
export function chooseSocketPath(dataFolder: string, place: SocketPlace): string | null {
  const hash = createHash('sha256').update(resolve(dataFolder)).digest('hex').slice(0, 16);
  if (place.platform === 'win32') return `\\\\.\\pipe\\signalbox-${hash}`;
  const name = `signalbox-${place.userId ?? 'user'}-${hash}`;
  const candidates = [
    join(dataFolder, 'socket', 'engine.sock'),
    ...(place.runtimeFolder === undefined ? [] : [join(place.runtimeFolder, name, 'engine.sock')]),
    join(place.temporaryFolder, name, 'engine.sock'),
    join('/tmp', name, 'engine.sock'),
  ];
  return candidates.find((path) => Buffer.byteLength(path) <= maxSocketPathBytes) ?? null;
}

/** Whether a path is a Windows named pipe, which has no file and no folder. */
export function isPipe(path: string): boolean {
  return path.startsWith('\\\\.\\pipe\\');
}

/**
 * Makes the folder of a socket, or checks the one that is there: it must be a folder of the same person that nobody
 * else may enter. In a temporary folder anybody could have made it first.
 * @throws with a sentence for the person when it is not.
 */
export function preparePrivateFolder(folder: string, userId: number | null): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  const mine = userId === null || found.uid === userId;
  if (!found.isDirectory() || !mine || (found.mode & 0o077) !== 0) {
    throw new Error(`${folder} is not a private folder of yours. Remove it, and start again.`);
  }
}
