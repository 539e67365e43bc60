import type {
  ApiInput,
  ApiName,
  ApiOutput,
  SubscriptionInput,
  SubscriptionMessage,
} from '../../src-main/contract/api.ts';
import type { ApiError } from '../../src-main/contract/errors.ts';
import type { SignalboxHost } from '../../src-main/contract/host.ts';
import type { Result } from '../../src-main/contract/result.ts';
import { err } from '../../src-main/contract/result.ts';
import { answerWithinMs } from './answer-limits.ts';
import type { FollowedFeed } from './followed-feed.ts';
import { createFollowedFeed } from './followed-feed.ts';
import type { FollowListener, Link, LinkReport, LinkState } from './link.ts';
import { answerLost, pingEveryMs, pongWithinMs } from './link.ts';
import type { Timer } from './timer.ts';

export interface IpcLinkDependencies {
  readonly host: SignalboxHost;
  readonly timer: Timer;
}

/** A feed, and the number under which the host knows it; null while it is being asked for or waits for the engine. */
interface Followed {
  readonly feed: FollowedFeed;
  number: number | null;
  isStopped: boolean;
}

/** The link of the desktop window: the preload carries calls and messages. */
export class IpcLink implements Link {
  readonly #host: SignalboxHost;
  readonly #timer: Timer;
  readonly #followed = new Set<Followed>();
  #report: (report: LinkReport) => void = () => {};
  #state: LinkState = 'connecting';
  #isClosed = false;
  #stopTimer = () => {};

  constructor({ host, timer }: IpcLinkDependencies) {
    this.#host = host;
    this.#timer = timer;
  }

  start(report: (report: LinkReport) => void): () => void {
    this.#report = report;
    report({ state: 'connecting', reason: null });
    void this.#look();
    return () => {
      this.#isClosed = true;
      this.#stopTimer();
      for (const followed of this.#followed) this.#stop(followed);
    };
  }

  call<N extends ApiName>(name: N, input: ApiInput<N>): Promise<Result<ApiOutput<N>, ApiError>> {
    return this.#within(this.#host.call(name, input), answerWithinMs(name)) as Promise<Result<ApiOutput<N>, ApiError>>;
  }

  follow(subscription: SubscriptionInput, listener: FollowListener): () => void {
    const followed: Followed = { feed: createFollowedFeed(subscription, listener), number: null, isStopped: false };
    this.#followed.add(followed);
    if (this.#state !== 'lost') void this.#ask(followed);
    return () => this.#stop(followed);
  }

  #within(asked: Promise<unknown>, withinMs: number): Promise<Result<unknown, ApiError>> {
    return new Promise((resolve) => {
      const stopTimer = this.#timer.after(withinMs, () => resolve(err(answerLost)));
      void asked.then((answer) => {
        stopTimer();
        resolve(answer as Result<unknown, ApiError>);
      });
    });
  }

  /** Looks whether the engine answers, and looks again after a while. */
  async #look(): Promise<void> {
    const answer = await this.#within(this.#host.ping(), pongWithinMs);
    if (this.#isClosed) return;
    const isThere = answer.ok || answer.error.type !== 'unavailable';
    this.#turn(isThere ? 'connected' : 'lost', answer.ok || isThere ? null : answer.error.message);
    this.#stopTimer = this.#timer.after(pingEveryMs, () => void this.#look());
  }

  #turn(state: LinkState, reason: string | null): void {
    const before = this.#state;
    if (before === state) return;
    this.#state = state;
    this.#report({ state, reason });
    if (state !== 'connected') return;
    // Feeds that ended with the engine go on where they were; those that lived through it have their number still.
    for (const followed of this.#followed) {
      if (followed.number === null && before === 'lost') void this.#ask(followed);
    }
  }

  async #ask(followed: Followed): Promise<void> {
    const { feed } = followed;
    const answer = (await this.#host.subscribe(
      feed.subscription(),
      (message) => feed.take(message as SubscriptionMessage),
      (error) => this.#ended(followed, error as ApiError),
    )) as Result<number, ApiError>;
    if (!answer.ok) {
      this.#ended(followed, answer.error);
      return;
    }
    followed.number = answer.value;
    if (followed.isStopped) this.#host.unsubscribe(answer.value);
  }

  #ended(followed: Followed, error: ApiError): void {
    followed.number = null;
    if (followed.isStopped) return;
    if (error.type === 'unavailable') {
      // The engine went away: the next look finds out, and the feed goes on when it is back.
      if (this.#state === 'connected') this.#turn('lost', error.message);
      return;
    }
    this.#followed.delete(followed);
    followed.feed.listener.ended(error);
  }

  #stop(followed: Followed): void {
    followed.isStopped = true;
    this.#followed.delete(followed);
    if (followed.number !== null) this.#host.unsubscribe(followed.number);
    followed.number = null;
  }
}
