import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ApiInput } from '../../src-main/contract/api.ts';
import type { ApiError } from '../../src-main/contract/errors.ts';
import type { Event } from '../../src-main/contract/event.ts';
import { useConnectionStore } from '../stores/connection-store.ts';
import { useConnection } from './client.tsx';
import type { EventWindow } from './event-window.ts';
import { emptyWindow, largestWindow, putOlder, releaseHeld, takeNewer } from './event-window.ts';
import { FrameBatch } from './frame-batch.ts';

/** Which events; all demands must be met. With `search` there is no live tail: the engine searches only history. */
export type EventFilter = Omit<ApiInput<'listEvents'>, 'afterSeq' | 'beforeSeq' | 'order' | 'limit'>;

export interface EventTail extends EventWindow {
  /** Puts the next older page in front; does nothing while one is loaded, and when there is none. */
  readonly loadOlder: () => void;
  /** Whether there is nothing to show yet for this filter. */
  readonly isLoading: boolean;
  /** Why it does not go on; null while all is well. */
  readonly error: ApiError | null;
  /** Begins anew with the newest. */
  readonly restart: () => void;
}

const pageEvents = 200;
/** How long after a failure it is tried again, in ms. */
const retryMs = 1_000;

/**
 * The newest events that match, oldest first, going on live with one update per frame; older pages on demand. Keeps a
 * bounded number.
 * @param options.isPaused what comes meanwhile is counted and held back, so that what is read does not move.
 */
export function useEvents(filter: EventFilter, { isPaused = false }: { readonly isPaused?: boolean } = {}): EventTail {
  const { link, api } = useConnection();
  const key = JSON.stringify(filter);
  // The same filter written anew in each render must not start anew.
  const stableFilter = useMemo(() => JSON.parse(key) as EventFilter, [key]);
  const [view, setView] = useState(emptyWindow);
  const [loaded, setLoaded] = useState<EventFilter | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [round, setRound] = useState(0);
  const isConnected = useConnectionStore(({ state }) => state === 'connected');
  const paused = useRef(isPaused);
  const isLoadingOlder = useRef(false);

  useEffect(() => {
    paused.current = isPaused;
    if (!isPaused) setView(releaseHeld);
  }, [isPaused]);

  useEffect(() => {
    // A new round begins anew.
    void round;
    let isStopped = false;
    let stopFeed = () => {};
    const batch = new FrameBatch<Event>((events) => setView((before) => takeNewer(before, events, paused.current)));
    const { search, ...followed } = stableFilter;
    void (async () => {
      const page = await api.listEvents({ ...stableFilter, order: 'newest', limit: pageEvents });
      if (isStopped) return;
      setLoaded(stableFilter);
      setError(page.ok ? null : page.error);
      if (!page.ok) return;
      setView(putOlder(emptyWindow, page.value.events, page.value.events.length === pageEvents));
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
  }, [api, link, stableFilter, round]);

  useEffect(() => {
    if (error === null || !isConnected || error.type === 'invalidInput') return;
    const timer = setTimeout(() => setRound((count) => count + 1), retryMs);
    return () => clearTimeout(timer);
  }, [error, isConnected]);

  const loadOlder = useCallback(async () => {
    const first = view.events[0];
    if (first === undefined || !view.hasOlder || isLoadingOlder.current || view.events.length >= largestWindow) return;
    isLoadingOlder.current = true;
    const page = await api.listEvents({ ...stableFilter, order: 'newest', beforeSeq: first.seq, limit: pageEvents });
    isLoadingOlder.current = false;
    if (!page.ok) return setError(page.error);
    const isWhole = page.value.events.length === pageEvents;
    // It may have begun anew meanwhile.
    setView((before) => (before.events[0]?.seq === first.seq ? putOlder(before, page.value.events, isWhole) : before));
  }, [api, stableFilter, view]);

  return {
    ...view,
    hasOlder: view.hasOlder && view.events.length < largestWindow,
    loadOlder: () => void loadOlder(),
    isLoading: loaded !== stableFilter,
    error,
    restart: () => setRound((count) => count + 1),
  };
}
