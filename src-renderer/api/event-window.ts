import type { Event } from '../../src-main/contract/event.ts';

/** Part of the stream of events as a view shows it. */
export interface EventWindow {
  /** Oldest first, without gaps between them as far as the filter goes. */
  readonly events: readonly Event[];
  /** Whether there are older events that are not here. */
  readonly hasOlder: boolean;
  /** Came while the tail was paused; the newest of them, oldest first. */
  readonly held: readonly Event[];
  /** How many came while the tail was paused, those included that are not among `held` any more. */
  readonly heldCount: number;
  /** How many events are kept; grows when older pages are added, so that they stay. */
  readonly size: number;
}

/** How many events are kept while the tail goes on. */
export const tailSize = 2_000;
/** How many are kept at most when older pages are added by hand. */
export const largestWindow = 20_000;

export const emptyWindow: EventWindow = { events: [], hasOlder: false, held: [], heldCount: 0, size: tailSize };

/** Adds what was just committed: shown at once while the tail goes on, held back while it is paused. */
export function takeNewer(view: EventWindow, newer: readonly Event[], isPaused: boolean): EventWindow {
  const lastSeq = view.held.at(-1)?.seq ?? view.events.at(-1)?.seq ?? 0;
  const fresh = newer.filter(({ seq }) => seq > lastSeq);
  if (fresh.length === 0) return view;
  if (!isPaused) return append(view, fresh);
  return {
    ...view,
    held: [...view.held, ...fresh].slice(-tailSize),
    heldCount: view.heldCount + fresh.length,
  };
}

/** The tail goes on: what was held back is shown. When not all of it was kept, the view begins anew with the newest. */
export function releaseHeld(view: EventWindow): EventWindow {
  if (view.held.length < view.heldCount) return { ...emptyWindow, events: view.held, hasOlder: true };
  return append({ ...view, held: [], heldCount: 0 }, view.held);
}

/** Adds a page of older events, given newest first, as the engine answers it. */
export function putOlder(view: EventWindow, page: readonly Event[], isWholePage: boolean): EventWindow {
  const firstSeq = view.events[0]?.seq ?? Number.POSITIVE_INFINITY;
  const older = page.filter(({ seq }) => seq < firstSeq).reverse();
  const events = [...older, ...view.events];
  // Room for as many again to come, before what was asked for by hand falls out.
  const size = Math.min(largestWindow, Math.max(view.size, events.length + page.length));
  return { ...view, events, hasOlder: isWholePage, size };
}

function append(view: EventWindow, fresh: readonly Event[]): EventWindow {
  const all = [...view.events, ...fresh];
  const isCut = all.length > view.size;
  return {
    ...view,
    events: isCut ? all.slice(-view.size) : all,
    hasOlder: view.hasOlder || isCut,
  };
}
