import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';

/** better-sqlite3 13 is built against this version of Node-API. */
const requiredNodeApi = 10;

export type Sqlite = typeof import('better-sqlite3');

/**
 * Loads better-sqlite3 after looking at the runtime: on an older Node it would end the process with a segmentation
 * fault instead of an error. Therefore nothing imports it in any other way.
 */
export async function loadSqlite(
  versions: { readonly node: string; readonly napi?: string | undefined } = process.versions,
): Promise<Result<Sqlite, ApiError>> {
  if (!(Number(versions.napi) >= requiredNodeApi)) {
    return refuse(
      'storeFailed',
      `The database cannot be loaded on Node ${versions.node}: better-sqlite3 13 needs Node-API ${requiredNodeApi}.`,
      'Run Signalbox on Node 22.14 or newer, or through its npm scripts, which use the pinned Node.',
    );
  }
  const { default: sqlite } = await import('better-sqlite3');
  return ok(sqlite);
}
