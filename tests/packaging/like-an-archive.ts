/**
 * Loaded before a program whose files lie in the folder of SIGNALBOX_ARCHIVE: for these the file system answers as
 * Electron's does for what is in an archive, as far as that differs from a folder. It is told of in ordinary numbers,
 * with a time that is not the file's and another number each time; nothing may be written, and it has no handles of
 * folders.
 */
import type { PathLike, Stats } from 'node:fs';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const archive = process.env.SIGNALBOX_ARCHIVE;
if (archive === undefined) throw new Error('SIGNALBOX_ARCHIVE names the folder that is to be like an archive');
const started = Date.now();
let files = 0;

function isInside(path: unknown): path is PathLike {
  const text = path instanceof URL ? fileURLToPath(path) : String(path);
  return text.startsWith(`${archive}${sep}`);
}

function asInArchive(facts: Stats): Stats {
  files += 1;
  const time = { atimeMs: started, mtimeMs: started, ctimeMs: started, birthtimeMs: started };
  return Object.assign(facts, { dev: 1, ino: files, blksize: undefined, blocks: undefined, ...time });
}

function refusal(code: string, path: PathLike): Error {
  return Object.assign(new Error(`${code}: in an archive, ${String(path)}`), { code });
}

const { stat, lstat, open, opendir, access } = fs.promises;
const { statSync, lstatSync } = fs;
const told = (original: typeof stat) => async (path: PathLike, options: object) =>
  isInside(path) ? asInArchive(await original(path)) : original(path, options);
const toldAtOnce = (original: typeof statSync) => (path: PathLike, options: object) =>
  isInside(path) && fs.existsSync(path) ? asInArchive(original(path)) : original(path, options);

Object.assign(fs, { statSync: toldAtOnce(statSync), lstatSync: toldAtOnce(lstatSync as typeof statSync) });
Object.assign(fs.promises, {
  stat: told(stat),
  lstat: told(lstat),
  open: async (path: PathLike, flags?: string | number, mode?: number) => {
    const isForWriting = typeof flags === 'number' ? (flags & 3) !== 0 : /[wa+]/.test(flags ?? 'r');
    if (isInside(path) && isForWriting) throw refusal('EACCES', path);
    return open(path, flags, mode);
  },
  opendir: async (path: PathLike, ...rest: []) => {
    if (isInside(path)) throw refusal('ENOTDIR', path);
    return opendir(String(path), ...rest);
  },
  access: async (path: PathLike, mode = fs.constants.F_OK) => {
    if (isInside(path) && (mode & fs.constants.W_OK) !== 0) throw refusal('EACCES', path);
    return access(path, mode);
  },
});
syncBuiltinESMExports();
