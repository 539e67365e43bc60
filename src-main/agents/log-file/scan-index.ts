import { IndexBuilder } from './index-builder.ts';
import type { OpenIndex, ReadableFile } from './index-search.ts';
import { openIndex } from './index-search.ts';
import { decodeRecord } from './log-index.ts';

const blockBytes = 1024 * 1024;

/**
 * The index of a log as it can be told from the log alone: places and numbers of lines are exact, but who printed a
 * line and when is lost (`stdout`, the time of the file).
 */
export async function scanIndex(log: ReadableFile, size: number): Promise<OpenIndex> {
  const { mtimeMs } = await log.stat();
  const builder = new IndexBuilder({ offset: 0, line: 1, inLine: false });
  const records: Buffer[] = [];
  while (builder.offset < size) {
    const block = Buffer.allocUnsafe(Math.min(blockBytes, size - builder.offset));
    const { bytesRead } = await log.read(block, 0, block.length, builder.offset);
    if (bytesRead === 0) {
      break;
    }
    builder.add({ stream: 'stdout', at: mtimeMs, bytes: block.subarray(0, bytesRead), inserted: false }, records);
  }
  return {
    count: records.length,
    record: (number) => decodeRecord(records[number] ?? Buffer.alloc(0)),
  };
}

/** The index of a log: its file's where that can be used, otherwise scanned. */
export async function usableIndex(file: ReadableFile | null, log: ReadableFile, size: number): Promise<OpenIndex> {
  const stored = file === null ? null : await openIndex(file);
  if (stored !== null && stored.count > 0) {
    const [first, last] = [await stored.record(0), await stored.record(stored.count - 1)];
    if (first?.offset === 0 && first.line === 1 && last !== null && last.offset <= size) {
      return stored;
    }
  }
  return scanIndex(log, size);
}
