import { setTimeout as sleep } from 'node:timers/promises';

/** How often a wait looks, in milliseconds. */
const lookEveryMs = 10;

/** What a look saw instead of what it is for. */
class NotYet {
  readonly seen: unknown;

  constructor(seen: unknown) {
    this.seen = seen;
  }
}

/** The answer of a look that has not found what it is for: what it saw is told when it never comes. */
export function notYet(seen: unknown): NotYet {
  return new NotYet(seen);
}

/**
 * Waits until a look gives something other than undefined or {@link notYet}, and returns it. For conditions that give
 * no event to wait for, as those of other processes.
 * @throws after `timeoutMs` (less than a unit test may take), with what was last seen.
 */
export async function until<T>(
  what: string,
  look: () => T | NotYet | undefined | Promise<T | NotYet | undefined>,
  timeoutMs = 20_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    let seen: unknown = 'nothing';
    if (found instanceof NotYet) seen = found.seen;
    else if (found !== undefined) return found;
    if (performance.now() > deadline) {
      throw new Error(`${what}: not within ${timeoutMs} ms; last seen: ${JSON.stringify(seen)}`);
    }
    await sleep(lookEveryMs);
  }
}
