import type { ApiInput, ApiName, ApiOutput, SubscriptionInput } from '../../src-main/contract/api.ts';
import type { ApiError } from '../../src-main/contract/errors.ts';
import type { Result } from '../../src-main/contract/result.ts';
import { err, ok } from '../../src-main/contract/result.ts';
import type { Reply, Request } from '../../src-main/contract/wire.ts';
import { wireProtocol } from '../../src-main/contract/wire-terms.ts';
import { answerWithinMs } from './answer-limits.ts';
import type { FollowedFeed } from './followed-feed.ts';
import { createFollowedFeed } from './followed-feed.ts';
import type { FollowListener, Link, LinkReport } from './link.ts';
import { answerLost, longestRetryMs, notConnected, pingEveryMs, pongWithinMs } from './link.ts';
import type { Timer } from './timer.ts';

/** What a link needs of a WebSocket. */
export interface SocketLike {
  send(text: string): void;
  close(): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: () => void): void;
}

export interface WebSocketLinkDependencies {
  readonly openSocket: () => SocketLike;
  /** Whether the browser's pass is no longer accepted; asked after a connection was refused. */
  readonly isExpired: () => Promise<boolean>;
  readonly timer: Timer;
}

interface Asked {
  settle(result: Result<unknown, ApiError>): void;
  readonly stopTimer: () => void;
}

const silent = 'The engine does not answer.';

/** The link of a page in a browser: the engine's own wire, over a WebSocket of the same origin. */
export class WebSocketLink implements Link {
  readonly #dependencies: WebSocketLinkDependencies;
  readonly #asked = new Map<number, Asked>();
  readonly #feeds = new Map<number, FollowedFeed>();
  #report: (report: LinkReport) => void = () => {};
  #socket: SocketLike | null = null;
  #isGreeted = false;
  #isClosed = false;
  #lastId = 0;
  #failures = 0;
  #goodbye: string | null = null;
  /** Runs out when a sign of life is overdue, or starts the next question for one. */
  #stopHeartbeat = () => {};
  #stopRetry = () => {};
  /** Calls made before the first connection, which wait for it. */
  #early: (() => void)[] = [];

  constructor(dependencies: WebSocketLinkDependencies) {
    this.#dependencies = dependencies;
  }

  start(report: (report: LinkReport) => void): () => void {
    this.#report = report;
    report({ state: 'connecting', reason: null });
    this.#open();
    return () => {
      this.#isClosed = true;
      this.#stopRetry();
      this.#drop(null);
    };
  }

  async call<N extends ApiName>(name: N, input: ApiInput<N>): Promise<Result<ApiOutput<N>, ApiError>> {
    const answer = await this.#ask((id) => ({ ask: 'call', id, name, input }), answerWithinMs(name));
    return answer as Result<ApiOutput<N>, ApiError>;
  }

  follow(subscription: SubscriptionInput, listener: FollowListener): () => void {
    const feed = createFollowedFeed(subscription, listener);
    // The feed's number changes with every connection; the feed itself is what is stopped.
    const id = this.#newId();
    this.#feeds.set(id, feed);
    if (this.#isGreeted) this.#askFor(id, feed);
    return () => {
      for (const [key, other] of this.#feeds) {
        if (other !== feed) continue;
        this.#feeds.delete(key);
        this.#send({ ask: 'stop', id: key });
      }
    };
  }

  #open(): void {
    const { openSocket, timer } = this.#dependencies;
    this.#isGreeted = false;
    this.#goodbye = null;
    const socket = openSocket();
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      if (this.#socket === socket) this.#read(data);
    });
    socket.addEventListener('close', () => {
      if (this.#socket === socket) this.#lose();
    });
    this.#stopHeartbeat = timer.after(pongWithinMs, () => this.#lose(silent));
  }

  #read(data: unknown): void {
    if (typeof data !== 'string') return;
    const reply = JSON.parse(data) as Reply;
    switch (reply.say) {
      case 'hello':
        this.#greet(reply);
        break;
      case 'pong':
        this.#stopHeartbeat();
        this.#stopHeartbeat = this.#dependencies.timer.after(pingEveryMs, () => this.#ping());
        break;
      case 'answer':
        this.#settle(reply.id, ok(reply.value));
        break;
      case 'refusal':
        this.#settle(reply.id, err(reply.error));
        break;
      case 'message':
        this.#deliver(reply);
        break;
      case 'ended':
        this.#endFeed(reply.id, reply.error);
        break;
      case 'goodbye':
        this.#goodbye = reply.error.message;
    }
  }

  #greet(hello: Extract<Reply, { say: 'hello' }>): void {
    if (hello.protocol !== wireProtocol) {
      this.#lose(`The engine is of another version (${hello.version}) than this page. Reload the page.`);
      return;
    }
    this.#isGreeted = true;
    this.#failures = 0;
    this.#stopHeartbeat();
    this.#ping();
    this.#report({ state: 'connected', reason: null });
    const feeds = [...this.#feeds.values()];
    this.#feeds.clear();
    for (const feed of feeds) {
      const id = this.#newId();
      this.#feeds.set(id, feed);
      this.#askFor(id, feed);
    }
    this.#releaseEarly();
  }

  #ping(): void {
    this.#stopHeartbeat = this.#dependencies.timer.after(pongWithinMs, () => this.#lose(silent));
    this.#send({ ask: 'ping', id: this.#newId() });
  }

  #askFor(id: number, feed: FollowedFeed): void {
    void this.#ask(() => ({ ask: 'follow', id, subscription: feed.subscription() }), null, id).then((answer) => {
      if (!answer.ok && answer.error !== answerLost) this.#endFeed(id, answer.error);
    });
  }

  #deliver({ id, message }: Extract<Reply, { say: 'message' }>): void {
    const feed = this.#feeds.get(id);
    if (feed === undefined) return;
    const goOn = () => {
      if (this.#feeds.has(id)) this.#send({ ask: 'next', id });
    };
    void feed.take(message).then(goOn, goOn);
  }

  #endFeed(id: number, error: ApiError): void {
    const feed = this.#feeds.get(id);
    if (!this.#feeds.delete(id)) return;
    this.#send({ ask: 'stop', id });
    feed?.listener.ended(error);
  }

  async #ask(
    request: (id: number) => Request,
    withinMs: number | null,
    id = this.#newId(),
  ): Promise<Result<unknown, ApiError>> {
    if (!this.#isGreeted && this.#failures === 0 && !this.#isClosed) await this.#untilFirstTry();
    if (!this.#isGreeted) return err(notConnected);
    return new Promise((resolve) => {
      const stopTimer =
        withinMs === null
          ? () => {}
          : this.#dependencies.timer.after(withinMs, () => this.#settle(id, err(answerLost)));
      this.#asked.set(id, { settle: resolve, stopTimer });
      this.#send(request(id));
    });
  }

  #untilFirstTry(): Promise<void> {
    return new Promise((resolve) => this.#early.push(resolve));
  }

  #releaseEarly(): void {
    const early = this.#early;
    this.#early = [];
    for (const release of early) release();
  }

  #settle(id: number, result: Result<unknown, ApiError>): void {
    const asked = this.#asked.get(id);
    if (asked === undefined) return;
    this.#asked.delete(id);
    asked.stopTimer();
    asked.settle(result);
  }

  #send(request: Request): void {
    if (this.#isGreeted) this.#socket?.send(JSON.stringify(request));
  }

  /** The connection is gone: says so, and tries again after a while. */
  #lose(reason: string = silent): void {
    const why = this.#goodbye ?? reason;
    const wasGreeted = this.#isGreeted;
    this.#drop(why);
    this.#failures += 1;
    this.#releaseEarly();
    this.#retryLater();
    if (!wasGreeted) {
      // A refused upgrade does not tell its reason to a page, so the page asks for it.
      void this.#dependencies.isExpired().then((isExpired) => {
        if (!isExpired || this.#isGreeted || this.#isClosed) return;
        this.#stopRetry();
        this.#drop(null);
        this.#report({ state: 'expired', reason: 'This browser’s pass to the engine is no longer good.' });
      });
    }
  }

  #retryLater(): void {
    const waitMs = Math.min(longestRetryMs, 125 * 2 ** Math.min(this.#failures, 4));
    this.#stopRetry = this.#dependencies.timer.after(waitMs, () => this.#open());
  }

  /** Lets the connection go. @param reason what to report; null: nothing. */
  #drop(reason: string | null): void {
    const socket = this.#socket;
    this.#socket = null;
    this.#isGreeted = false;
    this.#stopHeartbeat();
    socket?.close();
    if (reason !== null) this.#report({ state: 'lost', reason });
    for (const id of [...this.#asked.keys()]) this.#settle(id, err(answerLost));
  }

  #newId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}
