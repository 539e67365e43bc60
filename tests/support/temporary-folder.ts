import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A new folder, by its real path; the caller gives it to {@link removeFolder}. */
export function makeFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'signalbox-test-')));
}

/** Removes a folder with all it holds; processes that just end may still write to it. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** A new folder, by its real path, that is removed when the test ends. */
export function temporaryFolder(): string {
  const folder = makeFolder();
  onTestFinished(() => removeFolder(folder));
  return folder;
}
