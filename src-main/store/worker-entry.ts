import { entryUrl } from '../threads/entry-url.ts';

/** Threads of the store, each with an entry of its own: its source file here, its bundle `out/main/<name>.js`. */
export type WorkerName = 'backup-worker' | 'checkpoint-worker' | 'diagnose-worker' | 'query-worker' | 'repair-worker';

/** Where to start a thread from. @param from URL of this module; given in tests. */
export function workerEntry(name: WorkerName, from: string = import.meta.url): URL {
  return entryUrl(`./${name}.ts`, name, from);
}
