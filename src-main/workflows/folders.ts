import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Folders } from '../core/ports.ts';

/** The folders of this machine. Workspaces are made below the data folder, readable by their owner only. */
export function createFolders(deps: { readonly dataFolder: string }): Folders {
  /** Looks under way, by path: those who ask for the same folder meanwhile share the answer. */
  const looks = new Map<string, ReturnType<Folders['inspect']>>();
  return { inspect: inspectOnce, create };

  function inspectOnce(path: string): ReturnType<Folders['inspect']> {
    const underWay = looks.get(path);
    if (underWay !== undefined) return underWay;
    const look = inspect(path).finally(() => looks.delete(path));
    looks.set(path, look);
    return look;
  }

  /** The id is made by the engine and holds letters, digits and "_" only, so that it cannot leave the folder. */
  async function create(owner: string): Promise<string> {
    const folder = join(deps.dataFolder, 'workspaces', owner);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return folder;
  }
}

async function inspect(path: string): Promise<'folder' | 'file' | 'unreadable' | 'missing'> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) {
      return 'folder';
    }
    return found.isFile() ? 'file' : 'unreadable';
  } catch (error) {
    return isMissing(error) ? 'missing' : 'unreadable';
  }
}

/** Also a path that leads through a file, or that is no path at all, names nothing. */
function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ERR_INVALID_ARG_VALUE';
}
