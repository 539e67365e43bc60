import type { Socket } from 'node:net';
import type { ApiName, ApiOutput, SubscriptionMessage } from '../contract/api.ts';
import { api } from '../contract/api.ts';
import type { ApiError } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';
import type { Hello, Reply, Request } from '../contract/wire.ts';
import { replySchema } from '../contract/wire.ts';
import { maxReplyBytes, maxRequestLength, maxRequestsUnderWay } from '../contract/wire-terms.ts';
import type { Feed, FeedListener } from './feed.ts';
import type { LineFault } from './line-framer.ts';
import { createLineFramer } from './line-framer.ts';
import type { Pulse } from './pulse.ts';
import { startPulse } from './pulse.ts';

export interface ClientSessionDependencies {
  /** Owned by the session from now on. */
  readonly socket: Socket;
  readonly path: string;
  /** How long the engine may take to answer a request. A hung engine must not hang its callers. */
  readonly answerMs: number;
  /** How often the engine is asked for a sign of life; absent: never. One that gives none is given up as lost. */
  readonly pingEveryMs?: number;
}

/** Entries that look through everything, or wait for a process; they get more time. */
const slowEntries: ReadonlySet<string> = new Set<ApiName>([
  'runDoctor',
  'measureDataFolder',
  'startAgent',
  'stopAgent',
  'drainAgent',
  'changeRuns',
  'changeTasks',
  'pruneHistory',
]);
const slowFactor = 20;

/** A request without an answer so far. */
interface Waiting {
  settle(result: Result<unknown, ApiError>): void;
  readonly timer: NodeJS.Timeout;
}

/** The caller's end of a connection: matches answers to requests, and messages to feeds. */
export class ClientSession {
  readonly #socket: Socket;
  readonly #path: string;
  readonly #answerMs: number;
  readonly #pingEveryMs: number | null;
  readonly #framer = createLineFramer(maxReplyBytes);
  readonly #waiting = new Map<number, Waiting>();
  readonly #feeds = new Map<number, FeedListener>();
  readonly #hello = Promise.withResolvers<Hello>();
  readonly #lost = Promise.withResolvers<ApiError | null>();
  #pulse: Pulse | null = null;
  #lastId = 0;
  #greeted = false;
  #gone = false;
  #closedByUs = false;
  /** Why the connection ended or is about to. */
  #goodbye: ApiError | null = null;

  constructor({ socket, path, answerMs, pingEveryMs }: ClientSessionDependencies) {
    this.#socket = socket;
    this.#path = path;
    this.#answerMs = answerMs;
    this.#pingEveryMs = pingEveryMs ?? null;
  }

  /** Resolves when the engine has said who it is; never, when it does not. */
  get hello(): Promise<Hello> {
    return this.#hello.promise;
  }

  /** Resolves when the connection is gone, with what to tell the person; null after `close`. */
  get lost(): Promise<ApiError | null> {
    return this.#lost.promise;
  }

  start(): void {
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#socket.on('error', (error: NodeJS.ErrnoException) => {
      if (!this.#greeted) this.#goodbye ??= notReachable(this.#path, error.code ?? error.message);
    });
    this.#socket.on('close', () => this.#end());
  }

  close(): void {
    this.#closedByUs = true;
    this.#pulse?.stop();
    this.#feeds.clear();
    this.#socket.destroy();
  }

  async call<N extends ApiName>(name: N, input: unknown): Promise<Result<ApiOutput<N>, ApiError>> {
    const answer = await this.#ask({ ask: 'call', id: this.#newId(), name, input });
    if (!answer.ok) return answer;
    const parsed = api[name].output.safeParse(answer.value);
    return parsed.success ? ok(parsed.data as ApiOutput<N>) : err(notUnderstood);
  }

  async follow(subscription: unknown, listener: FeedListener): Promise<Result<Feed, ApiError>> {
    const id = this.#newId();
    // Before the answer: the first message may come in the same breath.
    this.#feeds.set(id, listener);
    const answer = await this.#ask({ ask: 'follow', id, subscription });
    if (!answer.ok) {
      this.#feeds.delete(id);
      return answer;
    }
    const stop = () => {
      if (this.#feeds.delete(id) && !this.#gone) this.#write({ ask: 'stop', id });
    };
    return ok({ stop });
  }

  #ask(request: Request): Promise<Result<unknown, ApiError>> {
    if (this.#gone) return Promise.resolve(err(this.#goodbye ?? connectionLost));
    return new Promise((resolve) => {
      const { id } = request;
      const isSlow = request.ask === 'call' && slowEntries.has(request.name);
      const answerMs = this.#answerMs * (isSlow ? slowFactor : 1);
      const timer = setTimeout(() => this.#settle(id, err(engineSilent(answerMs))), answerMs);
      this.#waiting.set(id, { settle: resolve, timer });
      if (!this.#write(request)) this.#settle(id, err(tooLong));
    });
  }

  /** @returns false when the request is too long to be sent. */
  #write(request: Request): boolean {
    const line = `${JSON.stringify(request)}\n`;
    if (Buffer.byteLength(line) > maxRequestLength) return false;
    this.#socket.write(line);
    return true;
  }

  #settle(id: number, result: Result<unknown, ApiError>): void {
    const request = this.#waiting.get(id);
    if (request === undefined) return;
    this.#waiting.delete(id);
    clearTimeout(request.timer);
    request.settle(result);
  }

  #read(chunk: Buffer): void {
    this.#pulse?.heard();
    const { lines, fault } = this.#framer.push(chunk);
    const replies = lines.map(decodeReply);
    for (const reply of replies) {
      if (reply !== null) this.#handle(reply);
    }
    if (isBroken(replies, fault)) {
      this.#goodbye ??= notUnderstood;
      this.#socket.destroy();
    }
  }

  #handle(reply: Reply): void {
    switch (reply.say) {
      case 'hello':
        this.#greeted = true;
        this.#hello.resolve(reply);
        this.#startPulse();
        break;
      case 'answer':
        this.#settle(reply.id, ok(reply.value));
        break;
      case 'refusal':
        this.#settle(reply.id, err(reply.error));
        break;
      case 'message':
        this.#deliver(reply.id, reply.message);
        break;
      case 'ended':
        this.#feeds.get(reply.id)?.ended(reply.error);
        this.#feeds.delete(reply.id);
        // Where the message was too long to be sent, the engine's end of the feed still waits.
        this.#write({ ask: 'stop', id: reply.id });
        break;
      case 'pong':
        // It was heard, which is all that it is asked for.
        break;
      case 'goodbye':
        this.#goodbye = reply.error;
    }
  }

  /** A socket whose other end died is closed by the system; one whose other end hangs stays open for ever. */
  #startPulse(): void {
    if (this.#pingEveryMs === null) return;
    this.#pulse = startPulse({
      everyMs: this.#pingEveryMs,
      ask: () => {
        // An engine that has enough to do reads no further, and cannot know that it is asked.
        if (this.#waiting.size >= maxRequestsUnderWay) this.#pulse?.heard();
        this.#write({ ask: 'ping', id: this.#newId() });
      },
      silent: () => {
        this.#goodbye ??= engineHangs;
        this.#socket.destroy();
      },
    });
  }

  /** Asks for the feed's next message when the listener has taken this one. */
  #deliver(id: number, message: SubscriptionMessage): void {
    const goOn = () => {
      if (this.#feeds.has(id) && !this.#gone) this.#write({ ask: 'next', id });
    };
    const taken = this.#feeds.get(id)?.deliver(message);
    if (taken === undefined) goOn();
    else void taken.then(goOn, goOn);
  }

  #end(): void {
    this.#gone = true;
    this.#pulse?.stop();
    const error = this.#goodbye ?? connectionLost;
    for (const id of this.#waiting.keys()) this.#settle(id, err(error));
    for (const listener of this.#feeds.values()) listener.ended(error);
    this.#feeds.clear();
    this.#lost.resolve(this.#closedByUs ? null : error);
  }

  #newId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}

/** What a caller is told when the engine takes too long. */
export function engineSilent(ms: number): ApiError {
  return {
    type: 'unavailable',
    message: `The engine did not answer within ${Math.round(ms / 1000)} s.`,
    remedy:
      'See with "signalbox doctor" which process it is, end that process, and try again. Stored work is not lost.',
  };
}

function decodeReply(line: string): Reply | null {
  try {
    return replySchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

function isBroken(replies: readonly (Reply | null)[], fault: LineFault | null): boolean {
  return fault !== null || replies.includes(null);
}

function notReachable(path: string, code: string): ApiError {
  return {
    type: 'unavailable',
    message: `No engine answers at ${path} (${code}).`,
    remedy: 'Try again in a moment: it may just be starting or ending.',
  };
}

const connectionLost: ApiError = {
  type: 'unavailable',
  message: 'The connection to the engine was lost: its process ended, or was ended.',
  remedy: 'Try again: the next command starts an engine of its own and goes on with the stored work.',
};

const engineHangs: ApiError = {
  type: 'unavailable',
  message: 'The engine does not answer any more: its process hangs, or was stopped.',
  remedy: 'See with "signalbox doctor" which process it is, and end that process. Stored work is not lost.',
};

const notUnderstood: ApiError = {
  type: 'conflict',
  message: 'The engine answered something that this version of Signalbox does not understand.',
  remedy: 'Use the same version of Signalbox for the engine and for its commands.',
};

const tooLong: ApiError = {
  type: 'invalidInput',
  message: `The request is longer than ${maxRequestLength / 1024 / 1024} MiB.`,
  remedy: 'Send less at once, or put long text into a file and name the file.',
};
