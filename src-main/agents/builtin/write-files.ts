import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { StageContext } from './stage-work.ts';
import { isMissing, writeAtomically } from './write-atomically.ts';

/**
 * Writes files of an application as one reported action, and returns the paths (inside the application)
 * that changed. Files that are as they should be stay untouched, which makes a repeated attempt cheap.
 */
export async function writeFiles(
  { report, signal }: StageContext,
  title: string,
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<string[]> {
  const paths = Object.keys(files).map((path) => join(folder, path));
  return report.action({ title, kind: 'edit', paths }, async (addOutput) => {
    const changed: string[] = [];
    await removeUnfinished(paths);
    for (const [path, text] of Object.entries(files)) {
      signal.throwIfAborted();
      if (await writeAtomically(join(folder, path), text)) {
        changed.push(path);
        addOutput(`wrote ${path}`);
      }
    }
    if (changed.length === 0) {
      addOutput('every file was as it should be');
    }
    return changed;
  });
}

/** Removes the temporary files of these paths that a killed attempt left behind. */
async function removeUnfinished(paths: readonly string[]): Promise<void> {
  for (const folder of new Set(paths.map(dirname))) {
    for (const name of await list(folder)) {
      const target = name.match(/^(.+)\.\d+\.tmp$/)?.[1];
      if (target !== undefined && paths.includes(join(folder, target))) {
        await rm(join(folder, name), { force: true });
      }
    }
  }
}

async function list(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) {
      return [];
    }
    throw error;
  }
}
