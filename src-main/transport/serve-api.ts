import type {
  ApiHandlers,
  ApiName,
  ApiOutput,
  ApiParsedInput,
  Subscription,
  SubscriptionMessage,
} from '../contract/api.ts';
import { api, subscriptionSchema } from '../contract/api.ts';
import { isApiName } from '../contract/api-names.ts';
import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import { invalidInput } from '../contract/invalid-input.ts';
import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';
import { startChangesFeed } from './changes-feed.ts';
import { startEventFeed } from './event-feed.ts';
import type { Feed, FeedListener, FeedTimer } from './feed.ts';
import { startLogFeed } from './log-feed.ts';

/** What is served: the engine as it looks from outside. */
export interface ServedEngine {
  readonly api: ApiHandlers;
  /** Delivers what is committed from now on, in order; it may repeat what came before. @returns stops it. */
  subscribe(subscription: Subscription, deliver: (message: SubscriptionMessage) => void): () => void;
}

export interface ServeApiDependencies {
  readonly engine: ServedEngine;
  readonly timer: FeedTimer;
  /** Where an unexpected failure is written, once. */
  readonly logger: { error(message: string, facts?: Readonly<Record<string, unknown>>): void };
  /** A short new name for one failure, given to the caller and to the log, so that a person can bring them together. */
  readonly createReference: () => string;
}

/** The contract behind one door: every wire (IPC, socket, WebSocket) and every in-process caller goes through it. */
export interface ServedApi {
  /**
   * Checks the name and the input, and calls the entry. Never rejects: what goes wrong unexpectedly is logged here
   * and answered as `internal`, without its cause.
   */
  call(name: string, input: unknown): Promise<Result<unknown, ApiError>>;
  /**
   * Starts following. A listener that is not ready makes its feed wait, and never holds anybody else up: what it
   * misses is read from the store when it is ready again.
   */
  follow(subscription: unknown, listener: FeedListener): Result<Feed, ApiError>;
}

/** Puts the engine behind its contract. Knows no wire; owns nothing but the feeds it hands out. */
export function serveApi(dependencies: ServeApiDependencies): ServedApi {
  const { engine, timer } = dependencies;
  return {
    async call(name, input) {
      if (!isApiName(name)) return unknownEntry(name);
      try {
        return await callEntry(engine.api, name, input);
      } catch (error) {
        return internalError(dependencies, name, error);
      }
    },
    follow(input, listener) {
      const parsed = subscriptionSchema.safeParse(input);
      if (!parsed.success) return err(invalidInput('The subscription', parsed.error));
      const subscription = parsed.data;
      const refuseInternally = (error: unknown) =>
        internalError(dependencies, `Following ${subscription.topic}`, error);
      const failed = (error: unknown) => refuseInternally(error).error;
      try {
        switch (subscription.topic) {
          case 'log':
            return ok(startLogFeed({ engine, timer, subscription, listener, failed }));
          case 'changes':
            return ok(startChangesFeed({ engine, timer, subscription, listener, failed }));
          case 'events':
            return ok(startEventFeed({ engine, timer, subscription, listener, failed }));
        }
      } catch (error) {
        return refuseInternally(error);
      }
    },
  };
}

async function callEntry<N extends ApiName>(
  handlers: ApiHandlers,
  name: N,
  input: unknown,
): Promise<Result<ApiOutput<N>, ApiError>> {
  const parsed = api[name].input.safeParse(input);
  if (!parsed.success) return err(invalidInput(`The input of ${name}`, parsed.error));
  return handlers[name](parsed.data as ApiParsedInput<N>);
}

/** Names longer than this are cut in messages: they came from outside. */
const shownNameLength = 64;

/** The refusal of a name that is not in the contract. */
export function unknownEntry(name: string) {
  return refuse(
    'notFound',
    `The engine has no entry called ${JSON.stringify(name.slice(0, shownNameLength))}.`,
    'Use the same version of Signalbox on both sides.',
  );
}

function internalError({ logger, createReference }: ServeApiDependencies, what: string, error: unknown) {
  const reference = createReference();
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
  logger.error(`${what} failed unexpectedly`, { reference, cause });
  return refuse(
    'internal',
    `The engine failed unexpectedly (reference ${reference}).`,
    'Look for the reference in engine.log in the data folder, and report it.',
  );
}
