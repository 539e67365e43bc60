import type { SubscriptionMessage } from '../contract/api.ts';
import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { HostDelivery } from '../contract/host.ts';
import { hostChannels } from '../contract/host.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';
import { maxFeeds, maxRequestLength, maxRequestsUnderWay } from '../contract/wire-terms.ts';
import type { Feed } from './feed.ts';
import type { ServedApi } from './serve-api.ts';

/** Where a guest is told something: the contents of a window, as far as it is needed. */
export interface GuestContents {
  send(channel: string, delivery: HostDelivery): void;
  isDestroyed(): boolean;
}

/** A call that was turned away. */
type Refusal = Extract<Result<unknown, ApiError>, { ok: false }>;

/** One window that asks. Its page is not trusted: everything that it sends is checked and counted. */
export class IpcGuest {
  readonly #contents: GuestContents;
  readonly #served: ServedApi;
  readonly #feeds = new Map<number, Feed>();
  /** Feeds whose last message the page has not taken yet, with what lets them go on. */
  readonly #untaken = new Map<number, () => void>();
  #underWay = 0;

  constructor(contents: GuestContents, served: ServedApi) {
    this.#contents = contents;
    this.#served = served;
  }

  /** Answers one call. Beyond the limit it is refused at once: a flood costs nothing but its refusals. */
  async call(name: unknown, request: unknown): Promise<Result<unknown, ApiError>> {
    if (typeof name !== 'string') return invalid('The name of an entry is text.');
    if (this.#underWay >= maxRequestsUnderWay) return tooManyRequests();
    const input = decode(request);
    if (!input.ok) return input;
    this.#underWay += 1;
    try {
      return await this.#served.call(name, input.value);
    } finally {
      this.#underWay -= 1;
    }
  }

  /** @param id chosen by the page's side, new for every feed. */
  follow(id: unknown, request: unknown): Result<number, ApiError> {
    if (!isId(id) || this.#feeds.has(id)) return invalid('A subscription needs a new number.');
    if (this.#feeds.size >= maxFeeds) return tooManySubscriptions();
    const subscription = decode(request);
    if (!subscription.ok) return subscription;
    const followed = this.#served.follow(subscription.value, {
      deliver: (message) => this.#deliver(id, message),
      ended: (error) => {
        this.#feeds.delete(id);
        this.#send({ id, ended: error });
      },
    });
    if (!followed.ok) return followed;
    this.#feeds.set(id, followed.value);
    return ok(id);
  }

  /** The last message of this feed was taken. */
  letGoOn(id: unknown): void {
    if (!isId(id)) return;
    const goOn = this.#untaken.get(id);
    this.#untaken.delete(id);
    goOn?.();
  }

  stop(id: unknown): void {
    if (!isId(id)) return;
    this.#feeds.get(id)?.stop();
    this.#feeds.delete(id);
    this.letGoOn(id);
  }

  stopAll(): void {
    for (const feed of this.#feeds.values()) feed.stop();
    this.#feeds.clear();
    for (const id of [...this.#untaken.keys()]) this.letGoOn(id);
  }

  /** Resolves when the page has taken the message. */
  #deliver(id: number, message: SubscriptionMessage): Promise<void> {
    this.#send({ id, message });
    return new Promise((resolve) => this.#untaken.set(id, resolve));
  }

  #send(delivery: HostDelivery): void {
    if (!this.#contents.isDestroyed()) this.#contents.send(hostChannels.delivery, delivery);
  }
}

function isId(id: unknown): id is number {
  return Number.isSafeInteger(id) && Number(id) >= 0;
}

function decode(request: unknown): Result<unknown, ApiError> {
  if (typeof request !== 'string') return invalid('A request is JSON text.');
  if (request.length > maxRequestLength) {
    return invalid(`A request was longer than ${maxRequestLength / 1024 / 1024} MiB.`);
  }
  try {
    return ok(JSON.parse(request));
  } catch {
    return invalid('A request was not JSON.');
  }
}

function invalid(message: string): Refusal {
  return refuse('invalidInput', message, 'Reload the window.');
}

function tooManyRequests(): Refusal {
  return refuse(
    'unavailable',
    `This window has asked for ${maxRequestsUnderWay} things that are not answered yet.`,
    'Try again in a moment.',
  );
}

function tooManySubscriptions(): Refusal {
  return refuse(
    'refused',
    `This window has ${maxFeeds} subscriptions already.`,
    'Close what is no longer looked at, or reload the window.',
  );
}
