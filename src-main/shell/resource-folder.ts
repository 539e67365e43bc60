import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** A folder of `resources/`: beside the sources, or above the bundle that contains this code. @throws when missing. */
export function resourceFolder(name: string): string {
  const candidates = ['..', '../..', '../../..'].map((up) => join(import.meta.dirname, up, 'resources', name));
  const found = candidates.find((folder) => existsSync(folder));
  if (found === undefined) throw new Error(`files of Signalbox are missing: looked in ${candidates.join(', ')}`);
  return found;
}
