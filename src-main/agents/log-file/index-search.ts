import type { FileHandle } from 'node:fs/promises';
import type { IndexRecord } from './log-index.ts';
import { decodeRecord, indexHeader, recordBytes } from './log-index.ts';

/** What is needed of a file to search it. */
export type ReadableFile = Pick<FileHandle, 'read' | 'stat'>;

/**
 * Records are read in blocks of this many: 192 KiB, which hold the index of a million lines of an ordinary log, because
 * a call costs more than what it reads.
 */
const blockRecords = 8_192;
/** So many blocks are kept while an index is open. */
const maxBlocks = 4;

/** An index, opened for reading: records by number. */
export interface OpenIndex {
  readonly count: number;
  /** @returns null when the place holds no record: the index is damaged. */
  record(number: number): Promise<IndexRecord | null> | IndexRecord | null;
}

/** @returns null when the file is no index. */
export async function openIndex(file: ReadableFile): Promise<OpenIndex | null> {
  const { size } = await file.stat();
  const blocks = new Map<number, Buffer>();
  const read = async (number: number): Promise<Buffer> => {
    // The header counts as the first record.
    const from = number * blockRecords * recordBytes;
    const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(blockRecords * recordBytes, size - from)));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
    const block = bytes.subarray(0, bytesRead);
    blocks.set(number, block);
    for (const oldest of blocks.size > maxBlocks ? blocks.keys() : []) {
      blocks.delete(oldest);
      break;
    }
    return block;
  };
  if (!(await read(0)).subarray(0, recordBytes).equals(indexHeader)) {
    return null;
  }
  return {
    count: Math.floor(size / recordBytes) - 1,
    record: (number) => {
      const place = number + 1;
      const block = blocks.get(Math.floor(place / blockRecords));
      const at = (place % blockRecords) * recordBytes;
      return block === undefined
        ? read(Math.floor(place / blockRecords)).then((bytes) => decodeRecord(bytes, at))
        : decodeRecord(block, at);
    },
  };
}

/** The index does not describe the log; it has to be built anew. */
export class DamagedIndexError extends Error {
  override readonly name = 'DamagedIndexError';
}

/** @throws DamagedIndexError when the place holds no record. */
export async function recordAt(index: OpenIndex, number: number): Promise<IndexRecord> {
  const record = await index.record(number);
  if (record === null) {
    throw new DamagedIndexError(`Record ${number} of the index is damaged.`);
  }
  return record;
}

/**
 * The number of the last record for which `isBefore` holds, given that it holds for a first part of all records and
 * not for the rest; -1 when it holds for none.
 *
 * @throws DamagedIndexError
 */
export async function findLast(index: OpenIndex, isBefore: (record: IndexRecord) => boolean): Promise<number> {
  let low = -1;
  let high = index.count;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isBefore(await recordAt(index, middle))) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low;
}
