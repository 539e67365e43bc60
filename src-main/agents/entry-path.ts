import { fileURLToPath } from 'node:url';
import { entryUrl } from '../threads/entry-url.ts';

/** Programs that run in processes or threads of their own, with the place of their source relative to this folder. */
const entries = {
  'agent-host': './host/main.ts',
  'builtin-agent': './builtin/main.ts',
  'log-search-worker': './log-file/search-worker.ts',
} as const;

export type EntryName = keyof typeof entries;

/** The file to start a program of ours from. @param from URL of this module; given in tests. */
export function entryPath(name: EntryName, from: string = import.meta.url): string {
  return fileURLToPath(entryUrl(entries[name], name, from));
}
