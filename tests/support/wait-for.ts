import { setTimeout as sleep } from 'node:timers/promises';

/** How often a wait looks, in milliseconds. */
const lookEveryMs = 15;

/** What a wait looks at: an answer ends it, and what was seen instead is told when it never comes. */
export type Look<T> = { readonly found: T } | { readonly seen: unknown };

/**
 * Waits until a look finds what it is for. For conditions of other processes, which give no event to wait for.
 * @throws after `timeoutMs`, with what was last seen.
 */
export async function waitFor<T>(what: string, look: () => Look<T> | Promise<Look<T>>, timeoutMs = 20_000): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const result = await look();
    if ('found' in result) return result.found;
    if (performance.now() > deadline) {
      throw new Error(`${what}: not within ${timeoutMs} ms; last seen: ${JSON.stringify(result.seen)}`);
    }
    await sleep(lookEveryMs);
  }
}
