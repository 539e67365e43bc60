import type { ApiOutput, Subscription } from '../contract/api.ts';
import type { ApiError } from '../contract/errors.ts';
import type { Event } from '../contract/event.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';
import type { Feed, FeedListener, FeedTimer } from './feed.ts';
import { feedBatchLength, feedSpacingMs } from './feed.ts';
import { createLiveEvents } from './live-events.ts';
import type { ServedEngine } from './serve-api.ts';

export interface EventFeedDependencies {
  readonly engine: ServedEngine;
  readonly timer: FeedTimer;
  readonly subscription: Extract<Subscription, { topic: 'events' }>;
  readonly listener: FeedListener;
  /** Logs an unexpected failure and turns it into what a caller may know. */
  readonly failed: (error: unknown) => ApiError;
}

/** How many stored events are read at once. */
const pageSize = 1_000;

/**
 * Every event after `afterSeq`, in order, none twice, none left out. History is read from the store page by page, as
 * fast as the listener takes it; then events are passed on as they are committed. A listener that falls behind is
 * put back to reading from the store, so that a slow one costs bounded memory and loses nothing.
 */
export function startEventFeed({ engine, timer, subscription, listener, failed }: EventFeedDependencies): Feed {
  const { topic: _topic, afterSeq, ...filter } = subscription;
  let last = afterSeq;
  let stopped = false;
  /** Ends whatever the feed waits for now, other than its listener. */
  let wake = () => {};

  async function send(events: readonly Event[]): Promise<void> {
    last = events.at(-1)?.seq ?? last;
    await listener.deliver({ topic: 'events', events: [...events] });
  }

  /** @returns what the store refused, null when all that is stored was sent. */
  async function sendStored(): Promise<ApiError | null> {
    for await (const page of readStored(engine, { ...filter, afterSeq: last })) {
      if (!page.ok) return page.error;
      for (const batch of cutIntoBatches(page.value.events)) {
        if (stopped) return null;
        await send(batch);
      }
      // None of the others up to here is wanted: they need not be looked at again.
      last = Math.max(last, page.value.lookedAt);
    }
    return null;
  }

  /** Returns null when the listener fell too far behind. */
  async function sendLive(): Promise<ApiError | null> {
    const live = createLiveEvents(engine, { ...subscription, afterSeq: last });
    try {
      // What was committed between the last look into the store and the subscription.
      const refusal = await sendStored();
      while (refusal === null && !stopped) {
        wake = live.stop;
        const batch = await live.take();
        if (batch === null || stopped) return null;
        const fresh = batch.filter(({ seq }) => seq > last);
        if (fresh.length === 0) continue;
        // The pause passes while the listener takes the message: a slow one is not slowed down further.
        const pause = startPause(timer);
        wake = pause.end;
        await send(fresh);
        if (stopped) return null;
        await pause.over;
      }
      return refusal;
    } finally {
      wake();
      live.stop();
    }
  }

  async function run(): Promise<void> {
    while (!stopped) {
      const refusal = (await sendStored()) ?? (stopped ? null : await sendLive());
      if (refusal !== null && !stopped) end(refusal);
    }
  }

  function end(error: ApiError): void {
    stopped = true;
    listener.ended(error);
  }

  run().catch((error: unknown) => {
    if (!stopped) end(failed(error));
  });
  return {
    stop() {
      stopped = true;
      wake();
    },
  };
}

type Filter = Omit<EventFeedDependencies['subscription'], 'topic'>;
type StoredPage = Result<ApiOutput<'listEvents'>, ApiError>;

/**
 * The stored events, page by page, each with the number up to which all were looked at. Ends with the last page, or with
 * what the store refused. The next page is read while the caller makes use of this one, so that one that is behind
 * catches up.
 */
async function* readStored(
  engine: EventFeedDependencies['engine'],
  filter: Filter,
): AsyncGenerator<Result<{ readonly events: readonly Event[]; readonly lookedAt: number }, ApiError>, void> {
  const readAfter = (afterSeq: number): Promise<StoredPage> => {
    const reading = engine.api.listEvents({ ...filter, afterSeq, order: 'oldest', limit: pageSize });
    const page = Promise.resolve(reading);
    // Who stops meanwhile does not look at it any more; who goes on is told of its failure.
    page.catch(() => undefined);
    return page;
  };
  let reading = readAfter(filter.afterSeq);
  for (let isLast = false; !isLast; ) {
    const page = await reading;
    if (!page.ok) {
      yield page;
      return;
    }
    const { events, lastSeq } = page.value;
    const end = events.at(-1)?.seq ?? lastSeq;
    isLast = events.length < pageSize;
    if (!isLast) reading = readAfter(end);
    yield ok({ events, lookedAt: isLast ? lastSeq : end });
  }
}

/** The time between two messages, which may be ended before it is over. */
function startPause(timer: FeedTimer): { readonly over: Promise<void>; end(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stopTimer = timer.after(feedSpacingMs, resolve);
  return {
    over: promise,
    end() {
      stopTimer();
      resolve();
    },
  };
}

/** Cuts a page so that no message is much longer than a batch should be. */
function cutIntoBatches(events: readonly Event[]): readonly (readonly Event[])[] {
  const batches: Event[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const event of events) {
    if (length >= feedBatchLength) {
      batches.push([]);
      length = 0;
    }
    batches.at(-1)?.push(event);
    length += JSON.stringify(event).length;
  }
  return batches;
}
