import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open, stat } from 'node:fs/promises';
import type { Problem } from '../contract/errors.ts';
import type { WorkflowHash } from '../contract/ids.ts';
import { workflowHashSchema } from '../contract/ids.ts';
import { SizedCache } from './sized-cache.ts';
import { maxFileBytes } from './yaml-file.ts';

/** The text of a file and its hash; `problem` says why it cannot be used, null when it can: the text is empty then. */
export interface FileText {
  readonly text: string;
  readonly hash: WorkflowHash;
  readonly problem: Problem | null;
}

/** Reads files, and keeps what did not change since. */
export interface FileTexts {
  /** @returns null when there is no such file. Never rejects. */
  read(path: string): Promise<FileText | null>;
  /** What is kept of a file is not to be trusted any more. */
  forget(path: string): void;
}

/**
 * What the system says of a file. In the archive of a packaged application Electron knows no nanoseconds, whatever is
 * asked for; nothing changes there.
 */
type FileFacts = Pick<BigIntStats, 'dev' | 'ino' | 'size'> & Partial<Pick<BigIntStats, 'mtimeNs' | 'ctimeNs'>>;

/** All texts that are kept together, in UTF-16 code units. */
const maxKept = 16_000_000;

/**
 * For so long after a change a file's time is not trusted: a second change within one tick of the file system's clock
 * would leave time and size as they are. Two seconds is the coarsest clock in use (FAT).
 */
const unsettledMs = 2_000;

/** @param now wall clock, ms: the same that the file system uses. */
export function createFileTexts(now: () => number = Date.now): FileTexts {
  const kept = new SizedCache<{ readonly stamp: string; readonly file: FileText }>(maxKept);
  return { read, forget: (path) => kept.delete(path) };

  async function read(path: string): Promise<FileText | null> {
    try {
      const stamp = stampOf(await stat(path, { bigint: true }));
      const known = kept.get(path);
      if (stamp !== null && known?.stamp === stamp) return known.file;
      const file = await readWhole(path);
      if (stamp !== null) kept.set(path, { stamp, file }, file.text.length + path.length);
      return file;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (code === 'ENOENT' || code === 'ENOTDIR') return null;
      return faulty(`The file cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** What changes whenever the file does; null while that is not certain. */
  function stampOf({ dev, ino, size, mtimeNs, ctimeNs }: FileFacts): string | null {
    if (mtimeNs === undefined || ctimeNs === undefined) return 'in an archive';
    const changedMs = Number((mtimeNs > ctimeNs ? mtimeNs : ctimeNs) / 1_000_000n);
    return now() - changedMs > unsettledMs ? [dev, ino, size, mtimeNs, ctimeNs].join() : null;
  }
}

/** SHA-256 of a workflow file's text: names one immutable version of it. */
export function hashOf(source: string): WorkflowHash {
  return workflowHashSchema.parse(createHash('sha256').update(source).digest('hex'));
}

/** At most one byte more than a workflow file may have. Does not wait on a pipe. */
async function readWhole(path: string): Promise<FileText> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return (await file.stat()).isFile() ? decode(await readBytes(file)) : faulty('This is not a file');
  } finally {
    await file.close();
  }
}

async function readBytes(file: FileHandle): Promise<Uint8Array> {
  const buffer = Buffer.alloc(maxFileBytes + 1);
  let length = 0;
  for (let read = -1; read !== 0 && length < buffer.length; length += read) {
    ({ bytesRead: read } = await file.read(buffer, length, buffer.length - length));
  }
  return buffer.subarray(0, length);
}

function decode(bytes: Uint8Array): FileText {
  if (bytes.length > maxFileBytes) {
    return faulty(`The file is larger than ${maxFileBytes / 1_000} kB; move long texts into files of their own`);
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { text, hash: hashOf(text), problem: null };
  } catch {
    return faulty('The file is not UTF-8 text; save it as UTF-8');
  }
}

function faulty(message: string): FileText {
  return unusable({ severity: 'error', message, line: 1, column: 1, path: '' });
}

/** A file that is not to be used, with the reason. */
export function unusable(problem: Problem): FileText {
  return { text: '', hash: hashOf(''), problem };
}
