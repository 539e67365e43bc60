import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder, by its real path. That of the unit tests belongs to their own runner. */
export function makeFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'signalbox-e2e-')));
}

/** Removes a folder with all it holds; processes that just end may still write to it. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
