import type { Dir } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApiOutput } from '../contract/api.ts';

type Measured = ApiOutput<'measureDataFolder'>;
type Part = keyof Measured['bytes'];

/** A folder whose content is still to be looked at, and the part that it counts to; null: the data folder itself. */
interface Place {
  readonly path: string;
  readonly part: Part | null;
}

/** Folders of work can hold whole dependencies of programs, many times over; so many take some seconds. */
const usualMaxEntries = 200_000;
/** Files that are looked at at the same moment: enough to be quick, few enough that nobody else waits for the disk. */
const together = 32;

/**
 * Adds up what is in a data folder. It looks at a few files at a time, so that the engine goes on meanwhile, follows no
 * links, and passes over what disappears or may not be read.
 * @param maxEntries files and folders to look at; with more than that the answer says that it is not all.
 */
export async function measureFolder(folder: string, maxEntries: number = usualMaxEntries): Promise<Measured> {
  const bytes: Measured['bytes'] = { database: 0, logs: 0, workspaces: 0, other: 0 };
  const waiting: Place[] = [{ path: folder, part: null }];
  let entries = 0;
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const dir = await open(place.path);
    if (dir === null) continue;
    for await (const names of groupsOf(dir, maxEntries - entries)) {
      entries += names.length;
      const found = await Promise.all(names.map((name) => look(place, name)));
      for (const { size, part, inside } of found) {
        bytes[part] += size;
        if (inside !== null) waiting.push({ path: inside, part });
      }
    }
    if (entries >= maxEntries) return { bytes, entries, isComplete: false };
  }
  return { bytes, entries, isComplete: true };
}

async function open(path: string): Promise<Dir | null> {
  return opendir(path, { bufferSize: together }).catch(() => null);
}

/** The names in a folder, a few at a time, and at most `limit`. Closes it. */
async function* groupsOf(dir: Dir, limit: number): AsyncGenerator<string[]> {
  let group: string[] = [];
  let left = limit;
  for await (const { name } of dir) {
    group.push(name);
    left -= 1;
    if (group.length < together && left > 0) continue;
    yield group;
    group = [];
    if (left <= 0) return;
  }
  if (group.length > 0) yield group;
}

async function look({ path, part }: Place, name: string) {
  const whole = join(path, name);
  const of = part ?? partOf(name);
  try {
    const facts = await lstat(whole);
    return { size: facts.size, part: of, inside: facts.isDirectory() ? whole : null };
  } catch {
    return { size: 0, part: of, inside: null };
  }
}

function partOf(name: string): Part {
  if (name === 'logs' || name === 'workspaces') return name;
  return name.startsWith('signalbox.db') ? 'database' : 'other';
}
