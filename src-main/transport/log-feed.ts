import type { Subscription, SubscriptionMessage } from '../contract/api.ts';
import type { ApiError } from '../contract/errors.ts';
import type { Feed, FeedListener, FeedTimer } from './feed.ts';
import { feedSpacingMs } from './feed.ts';
import type { ServedEngine } from './serve-api.ts';

export interface LogFeedDependencies {
  readonly engine: Pick<ServedEngine, 'subscribe'>;
  readonly timer: FeedTimer;
  readonly subscription: Extract<Subscription, { topic: 'log' }>;
  readonly listener: FeedListener;
  /** Logs an unexpected failure and turns it into what a caller may know. */
  readonly failed: (error: unknown) => ApiError;
}

/** Says how far a log has grown. Only the newest message counts, so a slow listener simply misses the ones between. */
export function startLogFeed({ engine, timer, subscription, listener, failed }: LogFeedDependencies): Feed {
  let newest: SubscriptionMessage | null = null;
  let busy = false;
  let stopped = false;
  let stopWaiting = () => {};

  async function send(message: SubscriptionMessage): Promise<void> {
    await listener.deliver(message);
    if (stopped) return;
    stopWaiting = timer.after(feedSpacingMs, () => {
      busy = false;
      sendNewest();
    });
  }

  function sendNewest(): void {
    if (busy || stopped || newest === null) return;
    const message = newest;
    newest = null;
    busy = true;
    send(message).catch((error: unknown) => {
      if (stopped) return;
      stop();
      listener.ended(failed(error));
    });
  }

  function stop(): void {
    stopped = true;
    stopWaiting();
    unsubscribe();
  }

  const unsubscribe = engine.subscribe(subscription, (message) => {
    newest = message;
    sendNewest();
  });
  return { stop };
}
