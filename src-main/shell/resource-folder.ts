import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Above the bundle in `out/main/`, as it is built and as it is packaged. */
const builtPlace = '../..';

/**
 * A folder of `resources/`: above the bundle that contains this code, or beside the sources. Where it is missing, the
 * place where it should be: what needs a file of it says so.
 */
export function resourceFolder(name: string): string {
  const folders = [builtPlace, '..', '../../..'].map((up) => join(import.meta.dirname, up, 'resources', name));
  return folders.find((folder) => existsSync(folder)) ?? join(import.meta.dirname, builtPlace, 'resources', name);
}
