import { lstat, opendir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunId, TaskId } from '../contract/ids.ts';
import { runIdSchema, taskIdSchema } from '../contract/ids.ts';
import type { HistoryFiles } from '../core/ports-history.ts';

/** So many folders are looked at at a time. */
const lotSize = 64;

type Workspace = { readonly ownerId: RunId | TaskId; readonly changedAt: number };

/**
 * The folders that were made for runs and tasks that named none: which there are, and their removal with what is in
 * them. A link in them is removed, never what it leads to; a link in the place of such a folder is left alone.
 */
export function createStoredWorkspaces(options: {
  readonly dataFolder: string;
}): Pick<HistoryFiles, 'listWorkspaces' | 'removeWorkspaces'> {
  const root = join(options.dataFolder, 'workspaces');

  async function* listWorkspaces(): AsyncGenerator<readonly Workspace[]> {
    const names = await opendir(root).catch(() => null);
    if (names === null) return;
    let lot: Workspace[] = [];
    for await (const { name } of names) {
      const ownerId = ownerOf(name);
      const changedAt = ownerId === null ? null : await changeOf(join(root, name));
      if (ownerId === null || changedAt === null) continue;
      lot.push({ ownerId, changedAt });
      if (lot.length < lotSize) continue;
      yield lot;
      lot = [];
    }
    yield lot;
  }

  async function removeWorkspaces(ownerIds: readonly (RunId | TaskId)[]): Promise<void> {
    for (const ownerId of ownerIds) {
      const folder = join(root, ownerId);
      if ((await changeOf(folder)) !== null) await rm(folder, { recursive: true, force: true });
    }
  }

  return { listWorkspaces, removeWorkspaces };
}

/** @returns null for a name that the engine never gives. */
function ownerOf(name: string): RunId | TaskId | null {
  return runIdSchema.safeParse(name).data ?? taskIdSchema.safeParse(name).data ?? null;
}

/** When a folder was last changed, in ms; null for what is no folder. */
async function changeOf(path: string): Promise<number | null> {
  const facts = await lstat(path).catch(() => null);
  return facts?.isDirectory() === true ? facts.mtimeMs : null;
}
