import type { MemoryStore } from './memory-store.ts';
import type { Played } from './play-history.ts';
import { playHistory } from './play-history.ts';
import type { Step } from './steps.ts';

/** What a violation says, without the numbers and ids in which two histories differ. */
function kindOf(violation: string): string {
  const [first = ''] = violation.split('\n');
  return first.replaceAll(/[a-z]+_\d+/g, 'an id').replaceAll(/\d+/g, 'n');
}

/**
 * Leaves steps out of a failing history as long as it still fails in the same way: larger pieces first, then single
 * steps. @param mostPlays how often it may be played for that.
 */
export async function shrink(
  database: MemoryStore,
  history: {
    readonly seed: number;
    readonly steps: readonly Step[];
    readonly played: Played;
    readonly spoil?: string;
  },
  mostPlays = 400,
): Promise<{ readonly steps: readonly Step[]; readonly played: Played }> {
  const wanted = kindOf(history.played.violations[0] ?? '');
  let { steps, played } = history;
  let plays = 0;
  for (let size = Math.ceil(steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < steps.length && plays < mostPlays; ) {
      const fewer = [...steps.slice(0, at), ...steps.slice(at + size)];
      plays += 1;
      const again = await playHistory(database, { ...history, steps: fewer });
      if (again.violations.some((violation) => kindOf(violation) === wanted)) {
        steps = fewer;
        played = again;
      } else at += size;
    }
  }
  return { steps, played };
}
