import { processesOf, waitUntilNone } from '../../support/process-census.ts';
import type { Held } from '../properties.ts';
import { held } from '../properties.ts';

/** A process, by what tells it apart from a later one of the same number. */
interface KnownProcess {
  readonly pid: number;
  readonly started: string;
}

/**
 * P7 after shutdown: no process carries the folder's marker once the grace is over.
 * @param seen how many had been seen alive before; a shutdown of nothing shows nothing.
 */
export async function noProcessLeft(dataFolder: string, seen: number, graceMs = 2_000): Promise<Held> {
  const left = await waitUntilNone(dataFolder, graceMs).then(
    () => [],
    () => processesOf(dataFolder),
  );
  return held(
    'P7',
    seen,
    left.map(({ pid, command }) => `Process ${pid} is left: ${command}`),
  );
}

/** P7 after a crash and the next start: of those that lived under the dead engine, none lives under the new one. */
export function noProcessSurvived(dataFolder: string, before: readonly KnownProcess[]): Held {
  const known = new Set(before.map(({ pid, started }) => `${pid} ${started}`));
  const left = processesOf(dataFolder).filter(({ pid, started }) => known.has(`${pid} ${started}`));
  return held(
    'P7',
    before.length,
    left.map(({ pid, command }) => `Process ${pid} survived its engine: ${command}`),
  );
}
