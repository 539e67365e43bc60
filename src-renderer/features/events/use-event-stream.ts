import { useCallback, useEffect, useRef, useState } from 'react';
import type { ApiInput } from '../../../src-main/contract/api.ts';
import type { ApiError } from '../../../src-main/contract/errors.ts';
import type { Event } from '../../../src-main/contract/event.ts';
import { useConnection } from '../../api/client.tsx';
import { FrameBatch } from '../../api/frame-batch.ts';
import { useConnectionStore } from '../../stores/connection-store.ts';
import type { EventWindow } from './event-window.ts';
import { emptyWindow, largestWindow, putOlder, releaseHeld, takeNewer } from './event-window.ts';

/** Which events; all demands must be met. */
export type StreamFilter = Omit<ApiInput<'listEvents'>, 'afterSeq' | 'beforeSeq' | 'order' | 'limit'>;

export interface EventStream extends EventWindow {
  /** Puts the next older page in front; does nothing while one is loaded, and when there is none. */
  readonly loadOlder: () => void;
  /** Whether there is nothing to show yet. */
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
 * The stream of events, newest page first, then live, with one update per frame and a bounded memory. The engine
 * searches text only in history, so that a filter with `search` has no live tail.
 * @param filter must be the same object as long as it means the same.
 */
export function useEventStream(filter: StreamFilter, isPaused: boolean): EventStream {
  const { link, api } = useConnection();
  const [view, setView] = useState(emptyWindow);
  const [loaded, setLoaded] = useState<StreamFilter | null>(null);
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
    const { search, ...followed } = filter;
    void (async () => {
      const page = await api.listEvents({ ...filter, order: 'newest', limit: pageEvents });
      if (isStopped) return;
      setLoaded(filter);
      setError(page.ok ? null : page.error);
      setView(
        page.ok ? putOlder(emptyWindow, page.value.events, page.value.events.length === pageEvents) : emptyWindow,
      );
      if (!page.ok || search !== undefined) return;
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
  }, [api, link, filter, round]);

  useEffect(() => {
    if (error === null || !isConnected || error.type === 'invalidInput') return;
    const timer = setTimeout(() => setRound((count) => count + 1), retryMs);
    return () => clearTimeout(timer);
  }, [error, isConnected]);

  const loadOlder = useCallback(async () => {
    const first = view.events[0];
    if (first === undefined || !view.hasOlder || isLoadingOlder.current || view.events.length >= largestWindow) return;
    isLoadingOlder.current = true;
    const page = await api.listEvents({ ...filter, order: 'newest', beforeSeq: first.seq, limit: pageEvents });
    isLoadingOlder.current = false;
    if (!page.ok) return setError(page.error);
    const isWhole = page.value.events.length === pageEvents;
    // It may have begun anew meanwhile.
    setView((before) => (before.events[0]?.seq === first.seq ? putOlder(before, page.value.events, isWhole) : before));
  }, [api, filter, view]);

  return {
    ...view,
    loadOlder: () => void loadOlder(),
    isLoading: loaded !== filter,
    error,
    restart: () => setRound((count) => count + 1),
  };
}
