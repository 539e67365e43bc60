/** The files the checks read, as paths of the repository with forward slashes. */
import { readdirSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const CODE = /\.(ts|tsx|mjs)$/;

/**
 * All code files of this project below the given top-level folders; folders that do not exist are skipped.
 *
 * @param {string[]} folders
 * @returns {string[]}
 */
export function listSourceFiles(folders) {
  return folders
    .flatMap((folder) => listFiles(join(root, folder)))
    .map((path) => relative(root, path).split(sep).join('/'))
    .filter((path) => CODE.test(path) && !path.includes('/fixtures/') && !path.includes('/node_modules/'))
    .sort();
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function listFiles(folder) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return [];
    }
    throw error;
  }
}
