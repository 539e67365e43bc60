import type { FileHandle } from 'node:fs/promises';
import type { IndexRecord } from './log-index.ts';
import { decodeRecord, indexHeader, recordBytes } from './log-index.ts';

/** What is needed of a file to search it. */
export type ReadableFile = Pick<FileHandle, 'read' | 'stat'>;

/** Records are read in blocks of this many; a search reads single ones until it is down to a block. */
const blockRecords = 512;

/** An index, opened for reading: records by number. */
export interface OpenIndex {
  readonly count: number;
  /** @returns null when the place holds no record: the index is damaged. */
  record(number: number): Promise<IndexRecord | null>;
}

/** @returns null when the file is no index. */
export async function openIndex(file: ReadableFile): Promise<OpenIndex | null> {
  const { size } = await file.stat();
  const header = Buffer.alloc(recordBytes);
  await file.read(header, 0, recordBytes, 0);
  if (!header.equals(indexHeader)) {
    return null;
  }
  let blockNumber = -1;
  let block = Buffer.alloc(0);
  return {
    count: Math.floor(size / recordBytes) - 1,
    record: async (number) => {
      const wanted = Math.floor(number / blockRecords);
      if (wanted !== blockNumber) {
        const bytes = Buffer.alloc(blockRecords * recordBytes);
        const { bytesRead } = await file.read(bytes, 0, bytes.length, (wanted * blockRecords + 1) * recordBytes);
        block = bytes.subarray(0, bytesRead);
        blockNumber = wanted;
      }
      return decodeRecord(block, (number % blockRecords) * recordBytes);
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
