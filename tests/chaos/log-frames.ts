import { readFileSync } from 'node:fs';

/** What is known of a write-ahead log: SQLite's own format, https://sqlite.org/walformat.html. */
export interface LogFrames {
  /** Size of a frame with its header, in bytes. */
  readonly frameBytes: number;
  /** Where each transaction of this generation of the log ends, in bytes. */
  readonly commits: readonly number[];
  /** Up to here the log may have been copied into the database, in bytes: that much was flushed long ago. */
  readonly copiedBytes: number;
}

const headerBytes = 32;
const frameHeaderBytes = 24;
/** Where the index says how many frames a checkpoint may have copied. */
const attemptedAt = 128;

/** Reads the frames of a log, and from its index how many of them a checkpoint has begun to copy. */
export function readLogFrames(log: Buffer, indexFile: string): LogFrames {
  const frameBytes = log.readUInt32BE(8) + frameHeaderBytes;
  const salt = log.subarray(16, 24);
  const commits: number[] = [];
  for (let at = headerBytes; at + frameBytes <= log.length; at += frameBytes) {
    if (!log.subarray(at + 8, at + 16).equals(salt)) break;
    if (log.readUInt32BE(at + 4) > 0) commits.push(at + frameBytes);
  }
  const index = readFileSync(indexFile);
  const attempted = index.length >= attemptedAt + 4 ? index.readUInt32LE(attemptedAt) : 0;
  return { frameBytes, commits, copiedBytes: headerBytes + attempted * frameBytes };
}
