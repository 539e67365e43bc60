import type {
  ApiInput,
  ApiName,
  ApiOutput,
  SubscriptionInput,
  SubscriptionMessage,
} from '../../src-main/contract/api.ts';
import type { ApiError } from '../../src-main/contract/errors.ts';
import type { Result } from '../../src-main/contract/result.ts';

/** One who follows. */
export interface FollowListener {
  /** Takes one message. When it returns a promise, the next message comes after that has resolved. */
  deliver(message: SubscriptionMessage): Promise<void> | void;
  /** The feed ended by itself, and why. Not called when the connection is lost: the link goes on when it is back. */
  ended(error: ApiError): void;
}

/** How the window hears the engine. `expired`: the browser's pass is no longer good; only a new link helps. */
export type LinkState = 'connecting' | 'connected' | 'lost' | 'expired';

/** What a link tells whenever it changes. */
export interface LinkReport {
  readonly state: LinkState;
  /** Why it is not connected, in words; null while it is, or when nothing is known. */
  readonly reason: string | null;
}

/** The window's one way to the engine: over IPC in the application, over a WebSocket in a browser. */
export interface Link {
  /** Calls an entry of the contract. Never rejects: what cannot be asked is an `unavailable` error. */
  call<N extends ApiName>(name: N, input: ApiInput<N>): Promise<Result<ApiOutput<N>, ApiError>>;
  /**
   * Follows until stopped. A feed of events outlives a lost connection: it goes on after the last event delivered,
   * so that none is missed and none comes twice. @returns stops it; stopping twice is harmless.
   */
  follow(subscription: SubscriptionInput, listener: FollowListener): () => void;
  /** Connects, and heals from then on by itself. @returns closes it for good. */
  start(report: (report: LinkReport) => void): () => void;
}

/** How often a link asks for a sign of life, in ms. */
export const pingEveryMs = 500;
/** How long the answer may take; with the time between two questions, a loss is noticed within two seconds. */
export const pongWithinMs = 1_500;
/** The longest time between two tries to connect. */
export const longestRetryMs = 1_000;

/** What a caller is told when there is no connection. */
export const notConnected: ApiError = {
  type: 'unavailable',
  message: 'There is no connection to the engine, so nothing was asked of it.',
  remedy: 'Wait until the window has found the engine again, then try once more.',
};

/** What a caller is told when the connection was lost before the answer. */
export const answerLost: ApiError = {
  type: 'unavailable',
  message: 'The connection to the engine was lost before it answered; what was asked may or may not have been done.',
  remedy: 'Wait until the window has found the engine again, look whether it was done, then try once more.',
};
