import type { Subscription } from '../contract/api.ts';
import type { Changes } from '../contract/changes.ts';
import { mergeChanges } from '../contract/changes.ts';
import type { ApiError } from '../contract/errors.ts';
import type { Feed, FeedListener, FeedTimer } from './feed.ts';
import type { ServedEngine } from './serve-api.ts';

export interface ChangesFeedDependencies {
  readonly engine: Pick<ServedEngine, 'subscribe'>;
  readonly timer: FeedTimer;
  readonly subscription: Extract<Subscription, { topic: 'changes' }>;
  readonly listener: FeedListener;
  /** Logs an unexpected failure and turns it into what a caller may know. */
  readonly failed: (error: unknown) => ApiError;
}

/** The shortest time between two messages: at each of them a view asks for its rows again. */
export const changesSpacingMs = 100;

/**
 * Says what kinds of rows have changed. What changes while the listener is not ready, or before the spacing is over, is
 * merged into one message, so that a burst costs a view one question and a slow listener costs bounded memory.
 */
export function startChangesFeed({ engine, timer, subscription, listener, failed }: ChangesFeedDependencies): Feed {
  let merged: Changes | null = null;
  let busy = false;
  let stopped = false;
  let stopWaiting = () => {};
  let unsubscribe = () => {};

  async function send(changes: Changes): Promise<void> {
    await listener.deliver(changes);
    if (stopped) return;
    stopWaiting = timer.after(changesSpacingMs, () => {
      busy = false;
      sendMerged();
    });
  }

  function sendMerged(): void {
    if (busy || stopped || merged === null) return;
    const changes = merged;
    merged = null;
    busy = true;
    send(changes).catch((error: unknown) => {
      if (stopped) return;
      stop();
      listener.ended(failed(error));
    });
  }

  function stop(): void {
    stopped = true;
    merged = null;
    stopWaiting();
    unsubscribe();
  }

  unsubscribe = engine.subscribe(subscription, (message) => {
    if (message.topic !== 'changes') return;
    merged = merged === null ? message : mergeChanges(merged, message);
    sendMerged();
  });
  return { stop };
}
