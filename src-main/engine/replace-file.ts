import { open, realpath, rename, rm } from 'node:fs/promises';

/**
 * Writes beside a file and renames, so that a crash leaves the old one or the new one. For its owner alone. A link stays
 * a link. @throws when it cannot be written; the old one is then as it was.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const beside = `${target}.saving`;
  try {
    const file = await open(beside, 'w', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, target);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw error;
  }
}
