import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Programs that run in processes or threads of their own, with the place of their source relative to this folder. */
const entries = {
  'agent-host': './host/main.ts',
  'builtin-agent': './builtin/main.ts',
  'log-search-worker': './log-file/search-worker.ts',
} as const;

export type EntryName = keyof typeof entries;

/**
 * The file to start a program of ours from: its TypeScript source when this file itself runs from source, otherwise
 * its bundle `out/main/<name>.js`, next to the bundle that contains this code or one folder above (shared chunks).
 *
 * @param from URL of this module; given in tests
 */
export function entryPath(name: EntryName, from: string = import.meta.url): string {
  if (from.endsWith('.ts')) {
    return fileURLToPath(new URL(entries[name], from));
  }
  const beside = fileURLToPath(new URL(`./${name}.js`, from));
  return existsSync(beside) ? beside : fileURLToPath(new URL(`../${name}.js`, from));
}
