import type { AttemptId, RunId, TaskId } from '../contract/ids.ts';
import type { Store } from './ports.ts';
import type { HistoryFiles } from './ports-history.ts';

interface FilesDeps {
  readonly store: Store;
  readonly files: HistoryFiles;
  /** False: the engine is closing, and nothing further is begun. */
  readonly isOpen: () => boolean;
}

/** How many ids are looked up in one go. */
const lotSize = 200;

/**
 * Removes the folders that the engine made for runs and tasks which are forgotten, but for those in which others work:
 * a rerun works in the folder of the run that it repeats.
 */
export async function removeWorkspaces(deps: FilesDeps, ownerIds: readonly (RunId | TaskId)[]): Promise<void> {
  if (ownerIds.length === 0) return;
  const used = new Set<string>();
  for (let after: string | null = ''; after !== null; ) {
    const page: { readonly next: string | null; readonly ids: readonly string[] } =
      await deps.store.history.ownersInFolders(after);
    for (const id of page.ids) used.add(id);
    after = page.next;
  }
  const unused = ownerIds.filter((id) => !used.has(id));
  for (let from = 0; from < unused.length && deps.isOpen(); from += lotSize) {
    await deps.files.removeWorkspaces(unused.slice(from, from + lotSize));
  }
}

/**
 * Removes logs and folders that belong to nothing, because the engine ended before it could remove them. Young ones
 * stay: what was put back from a copy of the database may know nothing of the last attempts. So does what belongs to
 * rows that were set aside because they could not be read.
 */
export async function removeLeftovers(deps: FilesDeps, before: number): Promise<void> {
  const { files, store } = deps;
  const kept = await store.history.quarantinedIds();
  for await (const logs of files.listLogs()) {
    if (!deps.isOpen()) return;
    const old = logs.filter(({ changedAt }) => changedAt < before);
    const ids = old.map(({ attemptId }) => attemptId);
    await files.removeLogs(ids.filter((id) => !kept.has(id) && store.reads.row('attempt', id) === null));
  }
  const left: (RunId | TaskId)[] = [];
  for await (const workspaces of files.listWorkspaces()) {
    for (const { ownerId, changedAt } of workspaces) {
      if (changedAt < before && !kept.has(ownerId) && !isKnown(store, ownerId)) left.push(ownerId);
    }
  }
  await removeWorkspaces(deps, left);
}

function isKnown(store: Store, ownerId: RunId | TaskId): boolean {
  return store.reads.row(ownerId.startsWith('run_') ? 'run' : 'task', ownerId) !== null;
}

/**
 * Removes logs until all of them together are no larger than `bound` bytes, of what ended longest ago first.
 * What belongs to rows that were set aside stays.
 */
export async function boundLogs(deps: FilesDeps, bound: number): Promise<void> {
  const { files, store } = deps;
  const kept = await store.history.quarantinedIds();
  let bytes = 0;
  const ended: { attemptId: AttemptId; endedAt: number; bytes: number }[] = [];
  for await (const logs of files.listLogs()) {
    for (const log of logs) {
      bytes += log.bytes;
      if (kept.has(log.attemptId)) continue;
      const attempt = store.reads.row('attempt', log.attemptId);
      // What is no attempt any more goes first; what is still written stays.
      const endedAt = attempt === null ? 0 : attempt.endedAt;
      if (endedAt !== null) ended.push({ attemptId: log.attemptId, endedAt, bytes: log.bytes });
    }
  }
  ended.sort((one, other) => one.endedAt - other.endedAt);
  const surplus: typeof ended = [];
  for (const log of ended) {
    if (bytes <= bound) break;
    bytes -= log.bytes;
    surplus.push(log);
  }
  for (let from = 0; from < surplus.length && deps.isOpen(); from += lotSize) {
    const lot = surplus.slice(from, from + lotSize);
    // Said first: a log that is gone must never look like one that was never written.
    await store.history.noteLogsRemoved(Math.max(...lot.map(({ endedAt }) => endedAt)));
    await files.removeLogs(lot.map(({ attemptId }) => attemptId));
  }
}
