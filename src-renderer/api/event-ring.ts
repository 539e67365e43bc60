import type { Event } from '../../src-main/contract/event.ts';

/** Events of a view, oldest first, and how much of history there is before them. */
export interface EventRing {
  readonly events: readonly Event[];
  /** Whether there are older events that are not here. */
  readonly hasOlder: boolean;
}

/** How many events a view keeps when it only follows. */
export const ringSize = 2_000;
/** How many it keeps at most when older pages are added by hand. */
export const largestRing = 20_000;

/** Adds newer events; what came first falls out, and can be asked for again as an older page. */
export function addNewer({ events, hasOlder }: EventRing, newer: readonly Event[], size: number): EventRing {
  const lastSeq = events.at(-1)?.seq ?? 0;
  const fresh = newer.filter(({ seq }) => seq > lastSeq);
  if (fresh.length === 0) return { events, hasOlder };
  const all = [...events, ...fresh];
  return all.length > size ? { events: all.slice(-size), hasOlder: true } : { events: all, hasOlder };
}

/** Adds a page of older events, given newest first, as the engine answers it. */
export function addOlder({ events }: EventRing, page: readonly Event[], isWholePage: boolean): EventRing {
  const firstSeq = events[0]?.seq ?? Number.POSITIVE_INFINITY;
  const older = page.filter(({ seq }) => seq < firstSeq).reverse();
  return { events: [...older, ...events], hasOlder: isWholePage };
}
