import { existsSync } from 'node:fs';

/**
 * Where to start a process or thread of ours from: its source when the code that asks runs from source itself,
 * otherwise its bundle, which is next to the one that contains that code or one folder above (shared chunks).
 *
 * @param source relative to the module that asks.
 * @param bundle the name of `out/main/<bundle>.js`.
 * @param from URL of the module that asks.
 */
export function entryUrl(source: string, bundle: string, from: string): URL {
  if (from.endsWith('.ts')) return new URL(source, from);
  const beside = new URL(`./${bundle}.js`, from);
  return existsSync(beside) ? beside : new URL(`../${bundle}.js`, from);
}
