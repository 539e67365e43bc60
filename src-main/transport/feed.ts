import type { SubscriptionMessage } from '../contract/api.ts';
import type { ApiError } from '../contract/errors.ts';

/** Time as feeds need it; a {@link FeedTimer} that is moved by hand makes their tests exact. */
export interface FeedTimer {
  /** Milliseconds that only ever grow. */
  monotonic(): number;
  /** Calls back once, after at least this long. @returns stops it. */
  after(ms: number, callback: () => void): () => void;
}

/** One who follows. */
export interface FeedListener {
  /** Takes one message. The next comes after the returned promise resolved: resolve it when there is room again. */
  deliver(message: SubscriptionMessage): Promise<void> | void;
  /** The feed ended by itself, and why: the store could not be read, say. Not called after `stop`. */
  ended(error: ApiError): void;
}

/** A running feed. */
export interface Feed {
  /** Ends it; nothing is delivered after this. Stopping twice is harmless. */
  stop(): void;
}

/** The shortest time between two messages of one feed: a burst of events becomes one message. */
export const feedSpacingMs = 25;
/**
 * About how large one message may grow before it is sent, in UTF-16 code units of its JSON text. One message of a feed
 * is under way at a time: so large that a window which draws it within a tenth of a second keeps up with 7,000 events
 * a second, and so small that two such feeds of a window stay below 1 MiB.
 */
export const feedBatchLength = 384 * 1024;
/** How much may wait for a listener that is not ready. Beyond this nothing is kept: it is read from the store. */
export const feedQueueLength = 1024 * 1024;
