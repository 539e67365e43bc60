import { existsSync } from 'node:fs';

/** Threads of the store, each with an entry of its own: its source file here, its bundle `out/main/<name>.js`. */
export type WorkerName = 'checkpoint-worker' | 'diagnose-worker' | 'query-worker';

/**
 * Where to start a thread from: its source when this module itself runs from source, otherwise its bundle next to the
 * bundle that contains this code or one folder above (shared chunks).
 * @param from URL of this module; given in tests.
 */
export function workerEntry(name: WorkerName, from: string = import.meta.url): URL {
  if (from.endsWith('.ts')) return new URL(`./${name}.ts`, from);
  const beside = new URL(`./${name}.js`, from);
  return existsSync(beside) ? beside : new URL(`../${name}.js`, from);
}
