import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ApiInput } from '../../src-main/contract/api.ts';
import type { ApiError } from '../../src-main/contract/errors.ts';
import type { Event } from '../../src-main/contract/event.ts';
import { useConnectionStore } from '../stores/connection-store.ts';
import { useConnection } from './client.tsx';
import type { EventRing } from './event-ring.ts';
import { addNewer, addOlder, largestRing, ringSize } from './event-ring.ts';
import { FrameBatch } from './frame-batch.ts';

/** Which events; all demands must be met. With `search` there is no live tail: the engine searches only history. */
export type EventFilter = Omit<ApiInput<'listEvents'>, 'afterSeq' | 'beforeSeq' | 'order' | 'limit'>;

export interface EventTail {
  /** Oldest first. */
  readonly events: readonly Event[];
  readonly hasOlder: boolean;
  /** Puts the next older page in front; does nothing while one is loaded, and when there is none. */
  readonly loadOlder: () => void;
  /** Whether there is nothing to show yet. */
  readonly isLoading: boolean;
  /** Why it does not go on; null while all is well. */
  readonly error: ApiError | null;
}

const pageEvents = 200;
/** How long after a failure it is tried again, in ms. */
const retryMs = 1_000;
const none: EventRing = { events: [], hasOlder: false };

/** The newest events that match, going on live; older pages on demand. Keeps a bounded number. */
export function useEvents(filter: EventFilter): EventTail {
  const { link, api } = useConnection();
  const key = JSON.stringify(filter);
  // The same filter written anew in each render must not start anew.
  const stableFilter = useMemo(() => JSON.parse(key) as EventFilter, [key]);
  const [ring, setRing] = useState(none);
  const [loadedKey, setLoadedKey] = useState<string | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [round, setRound] = useState(0);
  const isConnected = useConnectionStore(({ state }) => state === 'connected');
  const size = useRef(ringSize);
  const isLoadingOlder = useRef(false);

  useEffect(() => {
    // A new round follows a failure.
    void round;
    let isStopped = false;
    let stopFeed = () => {};
    size.current = ringSize;
    const batch = new FrameBatch<Event>((events) => setRing((before) => addNewer(before, events, size.current)));
    const { search, ...followed } = stableFilter;
    void (async () => {
      const page = await api.listEvents({ ...stableFilter, order: 'newest', limit: pageEvents });
      if (isStopped) return;
      setLoadedKey(key);
      setError(page.ok ? null : page.error);
      if (!page.ok) return;
      setRing(addOlder(none, page.value.events, page.value.events.length === pageEvents));
      if (search !== undefined) return;
      stopFeed = link.follow(
        { topic: 'events', afterSeq: page.value.lastSeq, ...followed },
        {
          deliver: (message) => (message.topic === 'events' ? batch.add(message.events) : undefined),
          ended: setError,
        },
      );
    })();
    return () => {
      isStopped = true;
      stopFeed();
      batch.clear();
    };
  }, [api, link, key, stableFilter, round]);

  useEffect(() => {
    if (error === null || !isConnected) return;
    const timer = setTimeout(() => setRound((count) => count + 1), retryMs);
    return () => clearTimeout(timer);
  }, [error, isConnected]);

  const loadOlder = useCallback(async () => {
    const first = ring.events[0];
    if (first === undefined || !ring.hasOlder || isLoadingOlder.current || ring.events.length >= largestRing) return;
    isLoadingOlder.current = true;
    const page = await api.listEvents({ ...stableFilter, order: 'newest', beforeSeq: first.seq, limit: pageEvents });
    isLoadingOlder.current = false;
    if (!page.ok) return setError(page.error);
    size.current = Math.max(size.current, Math.min(largestRing, ring.events.length + 2 * pageEvents));
    setRing((before) =>
      before.events[0]?.seq === first.seq
        ? addOlder(before, page.value.events, page.value.events.length === pageEvents)
        : before,
    );
  }, [api, ring, stableFilter]);

  return {
    events: ring.events,
    hasOlder: ring.hasOlder && ring.events.length < largestRing,
    loadOlder: () => void loadOlder(),
    isLoading: loadedKey === null,
    error,
  };
}
