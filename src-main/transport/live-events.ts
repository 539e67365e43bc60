import type { Subscription } from '../contract/api.ts';
import type { Event } from '../contract/event.ts';
import { feedBatchLength, feedQueueLength } from './feed.ts';
import type { ServedEngine } from './serve-api.ts';

/** Events that were committed and wait to be sent, up to a bound. */
export interface LiveEvents {
  /**
   * The next events, about as many as fit one message; waits for the first one.
   * @returns null after `stop`, and when so much waited that it was dropped: read on from the store.
   */
  take(): Promise<readonly Event[] | null>;
  stop(): void;
}

/** Subscribes and keeps what comes until it is taken, at most `feedQueueLength`. */
export function createLiveEvents(
  engine: Pick<ServedEngine, 'subscribe'>,
  subscription: Extract<Subscription, { topic: 'events' }>,
): LiveEvents {
  let waiting: { event: Event; length: number }[] = [];
  let waitingLength = 0;
  let stopped = false;
  let wake = () => {};

  function add(events: readonly Event[]): void {
    for (const event of events) {
      if (stopped) return;
      const { length } = JSON.stringify(event);
      waiting.push({ event, length });
      waitingLength += length;
      if (waitingLength > feedQueueLength) stop();
    }
    wake();
  }

  function stop(): void {
    if (stopped) return;
    stopped = true;
    waiting = [];
    unsubscribe();
    wake();
  }

  function takeBatch(): readonly Event[] {
    let count = 0;
    let length = 0;
    while (count < waiting.length && length < feedBatchLength) {
      length += waiting[count]?.length ?? 0;
      count += 1;
    }
    waitingLength -= length;
    return waiting.splice(0, count).map(({ event }) => event);
  }

  let unsubscribe = () => {};
  unsubscribe = engine.subscribe(subscription, (message) => {
    if (message.topic === 'events') add(message.events);
  });
  // It may have overflowed while it replayed, before there was anything to stop.
  if (stopped) unsubscribe();

  return {
    async take() {
      if (waiting.length === 0 && !stopped) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return waiting.length === 0 ? null : takeBatch();
    },
    stop,
  };
}
