import type { z } from 'zod';
import type { SubscriptionMessage } from '../contract/api.ts';
import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import { invalidInput } from '../contract/invalid-input.ts';
import type { Hello, Reply, Request } from '../contract/wire.ts';
import { requestSchema } from '../contract/wire.ts';
import { maxFeeds, maxReplyBytes, maxRequestsUnderWay } from '../contract/wire-terms.ts';
import type { Feed } from './feed.ts';
import type { ServedApi } from './serve-api.ts';

/** What carries messages to one caller: a socket, a WebSocket. */
export interface Wire {
  /** Sends one message. */
  send(text: string): void;
  /** How much was sent that the caller has not taken. */
  unsentBytes(): number;
  /** Reads no further requests until `resume`. Both may be called when nothing changes. */
  pause(): void;
  resume(): void;
  /** Ends the connection once everything was sent, at the latest after {@link closeGraceMs}. */
  end(): void;
}

/** How long a caller may take to read the last words. */
export const closeGraceMs = 1_000;

/** How much may wait for the caller before the engine stops producing for it. */
const maxUnsentBytes = 1024 * 1024;

/** Serves one caller over any wire, until it leaves, breaks the protocol, or `close` is called. */
export class ServedSession {
  readonly #wire: Wire;
  readonly #served: ServedApi;
  readonly #feeds = new Map<number, Feed>();
  /** Feeds whose last message the caller has not taken yet, with what lets them go on. */
  readonly #untaken = new Map<number, () => void>();
  #underWay = 0;
  #closing = false;

  constructor(wire: Wire, served: ServedApi) {
    this.#wire = wire;
    this.#served = served;
  }

  /** Whether nothing of the caller counts any more. */
  get isClosing(): boolean {
    return this.#closing;
  }

  /** Says who answers; to be called first. */
  greet(hello: Hello): void {
    this.#send(hello);
  }

  /** Takes one request, as text. */
  take(text: string): void {
    if (this.#closing) return;
    const request = decodeRequest(text);
    if (request.ok) this.#handle(request.value);
    else this.close(request.error);
  }

  /** To be called when the caller has taken something, and when the connection is gone. */
  regulate(): void {
    if (this.#closing) return;
    const isFull = this.#underWay >= maxRequestsUnderWay || this.#wire.unsentBytes() > maxUnsentBytes;
    if (isFull) this.#wire.pause();
    else this.#wire.resume();
  }

  /** To be called when the connection is gone. */
  gone(): void {
    this.#closing = true;
    this.#stopFeeds();
  }

  /** Says why, sends what is still to be sent, and closes. Nothing of the caller is read any more. */
  close(error: ApiError): void {
    if (this.#closing) return;
    this.#send({ say: 'goodbye', error });
    this.gone();
    this.#wire.end();
  }

  #handle(request: Request): void {
    switch (request.ask) {
      case 'call':
        void this.#call(request);
        break;
      case 'follow':
        this.#follow(request);
        break;
      case 'next':
        this.#letGoOn(request.id);
        break;
      case 'stop':
        this.#feeds.get(request.id)?.stop();
        this.#feeds.delete(request.id);
        this.#letGoOn(request.id);
        break;
      case 'ping':
        this.#send({ say: 'pong', id: request.id });
    }
  }

  async #call({ id, name, input }: Extract<Request, { ask: 'call' }>): Promise<void> {
    this.#underWay += 1;
    this.regulate();
    const result = await this.#served.call(name, input);
    this.#underWay -= 1;
    this.#send(result.ok ? { say: 'answer', id, value: result.value } : { say: 'refusal', id, error: result.error });
  }

  #follow({ id, subscription }: Extract<Request, { ask: 'follow' }>): void {
    if (this.#feeds.has(id) || this.#feeds.size >= maxFeeds) {
      this.#send({ say: 'refusal', id, error: feedRefusal(this.#feeds.has(id)) });
      return;
    }
    const result = this.#served.follow(subscription, {
      deliver: (message) => this.#deliver(id, message),
      ended: (error) => {
        this.#feeds.delete(id);
        this.#send({ say: 'ended', id, error });
      },
    });
    if (!result.ok) {
      this.#send({ say: 'refusal', id, error: result.error });
      return;
    }
    this.#feeds.set(id, result.value);
    this.#send({ say: 'answer', id, value: {} });
  }

  /** Resolves when the caller has taken the message. */
  #deliver(id: number, message: SubscriptionMessage): Promise<void> {
    this.#send({ say: 'message', id, message });
    return new Promise((resolve) => this.#untaken.set(id, resolve));
  }

  #letGoOn(id: number): void {
    const goOn = this.#untaken.get(id);
    this.#untaken.delete(id);
    goOn?.();
  }

  #send(reply: Reply): void {
    if (this.#closing) return;
    this.#wire.send(encodeReply(reply));
    this.regulate();
  }

  #stopFeeds(): void {
    for (const feed of this.#feeds.values()) feed.stop();
    this.#feeds.clear();
    for (const id of this.#untaken.keys()) this.#letGoOn(id);
  }
}

function decodeRequest(text: string) {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse('invalidInput', 'A request was not JSON.', 'Send one JSON value per line, or per WebSocket message.');
  }
  const parsed: z.ZodSafeParseResult<Request> = requestSchema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data } as const;
  return { ok: false, error: invalidInput('A request', parsed.error) } as const;
}

/** A reply that is too long is replaced by a refusal with the same id. */
function encodeReply(reply: Reply): string {
  const text = JSON.stringify(reply);
  // A UTF-16 code unit takes three bytes at most; one more ends the line on a socket.
  if (text.length * 3 < maxReplyBytes || Buffer.byteLength(text) < maxReplyBytes || !('id' in reply)) return text;
  const refusal = refuse(
    'refused',
    `The answer is larger than ${maxReplyBytes / 1024 / 1024} MiB, the most that goes over the wire.`,
    'Ask for less at once: a smaller page, or one stage or task instead of the whole run.',
  );
  const say = reply.say === 'message' ? 'ended' : 'refusal';
  return JSON.stringify({ say, id: reply.id, error: refusal.error } satisfies Reply);
}

function feedRefusal(idInUse: boolean): ApiError {
  return idInUse
    ? { type: 'conflict', message: 'A feed with this id is already running.', remedy: 'Use a new id for every feed.' }
    : {
        type: 'refused',
        message: `This connection has ${maxFeeds} feeds already.`,
        remedy: 'Stop feeds that are no longer needed.',
      };
}
