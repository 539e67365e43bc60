import type { Socket } from 'node:net';
import type { z } from 'zod';
import type { SubscriptionMessage } from '../contract/api.ts';
import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import { invalidInput } from '../contract/invalid-input.ts';
import type { Feed } from './feed.ts';
import type { LineFault } from './line-framer.ts';
import { createLineFramer } from './line-framer.ts';
import type { ServedApi } from './serve-api.ts';
import type { Hello, Reply, Request } from './wire.ts';
import { maxFeeds, maxReplyBytes, maxRequestBytes, maxRequestsUnderWay, requestSchema } from './wire.ts';

export interface ConnectionDependencies {
  /** Owned by the connection from now on. */
  readonly socket: Socket;
  readonly served: ServedApi;
  readonly hello: Hello;
}

/** How much may wait in the socket's own buffer before the engine stops producing for this caller. */
const maxUnsentBytes = 1024 * 1024;

/** Serves one caller until it leaves, breaks the protocol, or `close` is called. */
export class Connection {
  readonly #socket: Socket;
  readonly #served: ServedApi;
  readonly #hello: Hello;
  readonly #framer = createLineFramer(maxRequestBytes);
  readonly #feeds = new Map<number, Feed>();
  /** Feeds whose last message the caller has not taken yet, with what lets them go on. */
  readonly #untaken = new Map<number, () => void>();
  #underWay = 0;
  #closing = false;

  constructor({ socket, served, hello }: ConnectionDependencies) {
    this.#socket = socket;
    this.#served = served;
    this.#hello = hello;
  }

  /** Says hello, and answers from now on. */
  start(): void {
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#socket.on('drain', () => this.#regulate());
    // A caller that vanished is no error of the engine's; `close` follows.
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => {
      this.#closing = true;
      this.#stopFeeds();
    });
    this.#send(this.#hello);
  }

  /** Says why, sends what is still to be sent, and closes. Nothing of the caller is read any more. */
  close(error: ApiError): void {
    if (this.#closing) return;
    this.#send({ say: 'goodbye', error });
    this.#closing = true;
    this.#stopFeeds();
    this.#socket.end();
    // A caller that reads nothing must not keep the engine from ending.
    this.#socket.setTimeout(closeGraceMs, () => this.#socket.destroy());
    this.#socket.resume();
  }

  #read(chunk: Buffer): void {
    if (this.#closing) return;
    const { lines, fault } = this.#framer.push(chunk);
    for (const line of lines) {
      if (!this.#closing) this.#handle(line);
    }
    if (fault !== null) this.close(faultError(fault));
  }

  #handle(line: string): void {
    const request = decodeRequest(line);
    if (!request.ok) {
      this.close(request.error);
      return;
    }
    switch (request.value.ask) {
      case 'call':
        void this.#call(request.value);
        break;
      case 'follow':
        this.#follow(request.value);
        break;
      case 'next':
        this.#letGoOn(request.value.id);
        break;
      case 'stop':
        this.#feeds.get(request.value.id)?.stop();
        this.#feeds.delete(request.value.id);
        this.#letGoOn(request.value.id);
    }
  }

  async #call({ id, name, input }: Extract<Request, { ask: 'call' }>): Promise<void> {
    this.#underWay += 1;
    this.#regulate();
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
    this.#socket.write(encodeReply(reply));
    this.#regulate();
  }

  /** Reads on only while the caller takes its answers and does not ask for more than is worked on at once. */
  #regulate(): void {
    if (this.#underWay >= maxRequestsUnderWay || this.#socket.writableLength > maxUnsentBytes) this.#socket.pause();
    else this.#socket.resume();
  }

  #stopFeeds(): void {
    for (const feed of this.#feeds.values()) feed.stop();
    this.#feeds.clear();
    for (const id of this.#untaken.keys()) this.#letGoOn(id);
  }
}

/** How long a caller may take to read the last words. */
const closeGraceMs = 1_000;

function decodeRequest(line: string) {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return refuse('invalidInput', 'A request was not JSON.', 'Send one JSON value per line.');
  }
  const parsed: z.ZodSafeParseResult<Request> = requestSchema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data } as const;
  return { ok: false, error: invalidInput('A request', parsed.error) } as const;
}

/** One line. A reply that is too long is replaced by a refusal with the same id. */
function encodeReply(reply: Reply): string {
  const line = `${JSON.stringify(reply)}\n`;
  // A UTF-16 code unit takes three bytes at most.
  if (line.length * 3 <= maxReplyBytes || Buffer.byteLength(line) <= maxReplyBytes || !('id' in reply)) return line;
  const refusal = refuse(
    'refused',
    `The answer is larger than ${maxReplyBytes / 1024 / 1024} MiB, the most that goes over the socket.`,
    'Ask for less at once: a smaller page, or one stage or task instead of the whole run.',
  );
  const say = reply.say === 'message' ? 'ended' : 'refusal';
  return `${JSON.stringify({ say, id: reply.id, error: refusal.error } satisfies Reply)}\n`;
}

function faultError(fault: LineFault): ApiError {
  if (fault === 'notText') {
    return { type: 'invalidInput', message: 'A request was not UTF-8 text.', remedy: 'Send one JSON value per line.' };
  }
  return {
    type: 'invalidInput',
    message: `A request was longer than ${maxRequestBytes / 1024 / 1024} MiB.`,
    remedy: 'Send less at once, or put long text into a file and name the file.',
  };
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
