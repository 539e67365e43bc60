import { lstat, opendir, unlink } from 'node:fs/promises';
import { attemptIdSchema } from '../../contract/ids.ts';
import type { HistoryFiles, StoredLog } from '../../core/ports-history.ts';
import { logPath } from '../log-reader.ts';
import { indexPath } from './log-index.ts';

/** So many files are looked at at a time. */
const lotSize = 64;

/**
 * The logs of a folder as files: which there are, and their removal. Whatever else is in the folder, a link by the name
 * of a log included, is left alone.
 */
export function createStoredLogs(options: { readonly folder: string }): Pick<HistoryFiles, 'listLogs' | 'removeLogs'> {
  const { folder } = options;

  async function* listLogs(): AsyncGenerator<readonly StoredLog[]> {
    const names = await opendir(folder).catch(() => null);
    if (names === null) return;
    let lot: Promise<StoredLog | null>[] = [];
    for await (const { name } of names) {
      const attemptId = attemptIdSchema.safeParse(name.endsWith('.log') ? name.slice(0, -'.log'.length) : null);
      if (!attemptId.success) continue;
      lot.push(look(attemptId.data));
      if (lot.length < lotSize) continue;
      yield await found(lot);
      lot = [];
    }
    yield await found(lot);
  }

  async function look(attemptId: StoredLog['attemptId']): Promise<StoredLog | null> {
    const path = logPath(folder, attemptId);
    const [log, index] = await Promise.all([factsOf(path), factsOf(indexPath(path))]);
    if (log === null || !log.isFile()) return null;
    return { attemptId, bytes: log.size + (index?.size ?? 0), changedAt: log.mtimeMs };
  }

  async function removeLogs(attemptIds: readonly StoredLog['attemptId'][]): Promise<void> {
    for (let from = 0; from < attemptIds.length; from += lotSize) {
      await Promise.all(attemptIds.slice(from, from + lotSize).map((id) => remove(logPath(folder, id))));
    }
  }

  return { listLogs, removeLogs };
}

async function found(lot: readonly Promise<StoredLog | null>[]): Promise<readonly StoredLog[]> {
  return (await Promise.all(lot)).filter((log) => log !== null);
}

/** The log last: while it is there it is found again. */
async function remove(path: string): Promise<void> {
  await unlinkFile(indexPath(path));
  await unlinkFile(path);
}

/** @throws when a file is there and cannot be removed. */
async function unlinkFile(path: string): Promise<void> {
  if ((await factsOf(path))?.isFile() !== true) return;
  await unlink(path);
}

/** Of the name itself, not of what it may lead to; null when there is none. */
async function factsOf(path: string) {
  return lstat(path).catch(() => null);
}
