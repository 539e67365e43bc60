import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from '../contract/errors.ts';
import { liesIn } from '../contract/project.ts';

/** A file of a project's folder. */
export interface InsideFile {
  readonly path: string;
  /** Why it is not read: it is a link that leads out of the project. Null: it may be. */
  readonly problem: Problem | null;
}

/** Files of a folder, by name; `problem` says why some, or all, are left out; null: none are. */
export interface InsideFiles {
  readonly files: readonly InsideFile[];
  readonly problem: Problem | null;
}

const none: InsideFiles = { files: [], problem: null };

/**
 * The files of a folder that belongs to a project. Links may lead where they like within the project; one that leads
 * out of it is not followed: what a person trusted is what they can look at in that folder. Never rejects.
 * @param options.root the real path of the project.
 * @param options.most so many files are looked at, by name.
 */
export async function listInside(
  folder: string,
  options: { readonly root: string; readonly accepts: RegExp; readonly most: number },
): Promise<InsideFiles> {
  const { root, accepts, most } = options;
  const outside = await whyOutside(folder, root);
  if (outside !== null) return { files: [], problem: outside };
  const listed = await readdir(folder).catch(() => null);
  if (listed === null) return none; // a project need not have such a folder
  const names = listed.filter((name) => accepts.test(name) && !name.startsWith('.')).toSorted();
  const files: InsideFile[] = [];
  for (const name of names.slice(0, most)) {
    const path = join(folder, name);
    files.push({ path, problem: await whyOutside(path, root) });
  }
  const left = names.length - files.length;
  const message = `${left} of ${names.length} files are not used: the first ${most} by name are`;
  return { files, problem: left === 0 ? null : problemOf(message, 'warning') };
}

/** Why a path is not to be read although it is named in a project; null when it may be, or is not there at all. */
export async function whyOutside(path: string, root: string): Promise<Problem | null> {
  const real = await realpath(path).catch(() => null);
  if (real === null || liesIn(real, root)) return null;
  return problemOf(`This is a link that leads out of the project, to ${real}; put the file itself here`, 'error');
}

function problemOf(message: string, severity: Problem['severity']): Problem {
  return { severity, message, line: 1, column: 1, path: '' };
}
