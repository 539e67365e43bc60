import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { AttemptId } from '../contract/ids.ts';
import { maxLogLineLength } from '../contract/log.ts';
import type { LogReader, Stop } from '../core/ports.ts';
import { DamagedIndexError } from './log-file/index-search.ts';
import { indexPath } from './log-file/log-index.ts';
import type { LogSearcherOptions } from './log-file/log-searcher.ts';
import { LogSearcher } from './log-file/log-searcher.ts';
import type { OpenLog } from './log-file/read-lines.ts';
import { countLines, readLines } from './log-file/read-lines.ts';
import { scanIndex, usableIndex } from './log-file/scan-index.ts';

/** The path of an attempt's log. */
export function logPath(folder: string, attemptId: AttemptId): string {
  return join(folder, `${attemptId}.log`);
}

/** A reader with a thread of its own for searches, which lives until it is closed. */
export interface ClosableLogReader extends LogReader {
  close(): Promise<void>;
}

/**
 * Reads attempts' logs from their files, also while they grow, with or without an engine that runs.
 *
 * @param options.folder the folder of the logs
 * @param options.watchLog tells when a log has grown; absent where no engine runs, then nothing is ever told
 * @param options.search how long searches may take, for tests
 */
export function createLogReader(options: {
  readonly folder: string;
  readonly watchLog?: (log: string, grown: (totalLines: number) => void) => Stop;
  readonly search?: LogSearcherOptions;
}): ClosableLogReader {
  const searcher = new LogSearcher(options.search);
  const rebuilt: RebuiltIndexes = new Map();
  return {
    read: async (attemptId, from, limit) => {
      const path = logPath(options.folder, attemptId);
      const page = await readLog(path, from, limit, rebuilt);
      return page === null ? null : { ...page, path };
    },
    search: (attemptId, find, from, limit) =>
      searcher.search({ path: logPath(options.folder, attemptId), find, from, limit }),
    close: () => searcher.close(),
    watch: (attemptId, grown) => options.watchLog?.(logPath(options.folder, attemptId), grown) ?? (() => undefined),
  };
}

/** Indexes that had to be built from their logs, by path: the last few, valid for one size of the log. */
type RebuiltIndexes = Map<string, { readonly size: number; readonly index: OpenLog['index'] }>;
const maxRebuilt = 8;

async function readLog(path: string, from: number, limit: number, rebuilt: RebuiltIndexes) {
  const [file, indexFile] = await Promise.all([openForReading(path), openForReading(indexPath(path))]);
  try {
    if (file === null) {
      return null;
    }
    const { size } = await file.stat();
    const read = async (index: OpenLog['index']) => {
      const log = { file, size, index };
      const totalLines = await countLines(log);
      return { lines: await readLines(log, Math.max(1, from), limit, maxLogLineLength), totalLines };
    };
    const known = rebuilt.get(path);
    if (known?.size === size) {
      return await read(known.index);
    }
    try {
      return await read(await usableIndex(indexFile, file, size));
    } catch (error) {
      if (!(error instanceof DamagedIndexError)) {
        throw error;
      }
      const index = await scanIndex(file, size);
      rebuilt.set(path, { size, index });
      for (const oldest of [...rebuilt.keys()].slice(0, -maxRebuilt)) {
        rebuilt.delete(oldest);
      }
      return await read(index);
    }
  } finally {
    await Promise.all([file?.close(), indexFile?.close()]);
  }
}

/** @returns null when there is no such file. */
async function openForReading(path: string) {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return null;
    }
    throw error;
  }
}
