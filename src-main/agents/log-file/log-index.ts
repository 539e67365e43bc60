import type { LogStream } from '../../contract/log.ts';

/**
 * The index beside a log: records of a fixed size that say which line begins (or goes on) at which byte, when, and
 * from which stream. There is a record for every batch that was written and at least one for 256 lines, so that any
 * line is found by a binary search and a short scan. It only ever grows; what it lacks after a crash is scanned.
 */
export interface IndexRecord {
  /** Byte in the log at which this batch begins. */
  readonly offset: number;
  /** Wall clock, ms. */
  readonly at: number;
  /** Number of the line at `offset`, from 1. */
  readonly line: number;
  readonly stream: LogStream;
  /** `offset` is inside the line: its beginning was written before. */
  readonly continued: boolean;
  /** The end of line at `offset` was not printed; it separates an unfinished line from another stream's. */
  readonly inserted: boolean;
  /** The log was closed at `offset`. */
  readonly complete: boolean;
}

export const recordBytes = 24;
/** The most lines, and bytes, between two records. */
export const maxRecordLines = 256;
export const maxRecordBytes = 1024 * 1024;

/** Begins every index; as long as a record, so that records stay at multiples of their size. */
export const indexHeader = Buffer.from('signalbox log index 1\n\0\0', 'latin1');

const streamCodes = {
  stdout: 0,
  stderr: 1,
  message: 2,
  thought: 3,
  tool: 4,
  plan: 5,
  engine: 6,
} as const satisfies Record<LogStream, number>;
const streams = Object.keys(streamCodes) as LogStream[];

/** The path of the index that belongs to a log. */
export function indexPath(log: string): string {
  return `${log.endsWith('.log') ? log.slice(0, -'.log'.length) : log}.idx`;
}

export function encodeRecord(record: IndexRecord): Buffer {
  const bytes = Buffer.alloc(recordBytes);
  bytes.writeDoubleLE(record.offset, 0);
  bytes.writeDoubleLE(record.at, 8);
  bytes.writeUInt32LE(record.line, 16);
  bytes.writeUInt8(streamCodes[record.stream], 20);
  bytes.writeUInt8((record.continued ? 1 : 0) | (record.inserted ? 2 : 0) | (record.complete ? 4 : 0), 21);
  // Tells a written record from zeros that a power cut left.
  bytes.writeUInt16LE(0x5342, 22);
  return bytes;
}

/** @returns null when the bytes at this place are no record. */
export function decodeRecord(bytes: Buffer, from = 0): IndexRecord | null {
  if (bytes.length < from + recordBytes || bytes.readUInt16LE(from + 22) !== 0x5342) {
    return null;
  }
  const stream = streams[bytes.readUInt8(from + 20)];
  const offset = bytes.readDoubleLE(from);
  const at = bytes.readDoubleLE(from + 8);
  const line = bytes.readUInt32LE(from + 16);
  if (stream === undefined || !Number.isSafeInteger(offset) || offset < 0 || !(at >= 0) || line < 1) {
    return null;
  }
  const flags = bytes.readUInt8(from + 21);
  return {
    offset,
    at,
    line,
    stream,
    continued: (flags & 1) !== 0,
    inserted: (flags & 2) !== 0,
    complete: (flags & 4) !== 0,
  };
}
