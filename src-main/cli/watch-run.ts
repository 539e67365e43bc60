import type { SubscriptionMessage } from '../contract/api.ts';
import type { ApiError } from '../contract/errors.ts';
import type { Event } from '../contract/event.ts';
import type { RunId } from '../contract/ids.ts';
import type { Run } from '../contract/run.ts';
import { isRunEnded } from '../contract/states.ts';
import type { Feed } from '../transport/feed.ts';
import type { CliContext, CommonOptions, Reached, Signal } from './cli-context.ts';
import { expectOk, RefusedError } from './refused.ts';
import type { RunProgress } from './run-progress.ts';
import { foldProgress, noProgress } from './run-progress.ts';

/** Where a run's progress is shown. */
export interface RunView {
  /** Something happened: `progress` is after the event. */
  event(progress: RunProgress, event: Event): void;
  /** Something to say besides the events. */
  say(sentence: string): void;
  /** Nothing more is shown in place. */
  end(): void;
}

export interface WatchDependencies {
  readonly context: CliContext;
  readonly options: CommonOptions;
  readonly reached: Reached;
  readonly runId: RunId;
  readonly view: RunView;
}

/** How watching ended. */
export interface WatchEnd {
  /** The run as it was last seen; null when nothing of it was seen. */
  readonly run: Run | null;
  /** The engine that was followed last: another one when the first was lost. The caller closes it. */
  readonly reached: Reached;
  /** The signal that came, null when none did. */
  readonly signal: Signal | null;
  /** Whether the person does not want to wait for the run's end. */
  readonly leave: 'no' | 'park' | 'atOnce';
}

/**
 * Follows a run to its end. Ctrl-C cancels it, a second one stops at once; other signals stop watching and leave the
 * run to be continued. When the engine in another process ends, this process goes on in its place.
 */
export async function watchRun(dependencies: WatchDependencies): Promise<WatchEnd> {
  const watch = new RunWatch(dependencies);
  const stopListening = dependencies.context.onSignal((signal) => watch.signal(signal));
  try {
    return await watch.toEnd();
  } finally {
    stopListening();
    dependencies.view.end();
  }
}

class RunWatch {
  readonly #parts: WatchDependencies;
  #reached: Reached;
  #progress = noProgress;
  #signal: Signal | null = null;
  #leave: WatchEnd['leave'] = 'no';
  /** Resolves the wait of now: null when the run ended or the person leaves, the error when the feed was lost. */
  #settle: (error: ApiError | null) => void = () => {};

  constructor(parts: WatchDependencies) {
    this.#parts = parts;
    this.#reached = parts.reached;
  }

  async toEnd(): Promise<WatchEnd> {
    while (this.#leave === 'no' && !this.#isEnded()) {
      const lost = await this.#follow();
      if (lost !== null && !this.#isEnded()) await this.#findAnother(lost);
    }
    return { run: this.#progress.run, reached: this.#reached, signal: this.#signal, leave: this.#leave };
  }

  signal(signal: Signal): void {
    const isFirst = this.#signal === null;
    this.#signal = signal;
    if (signal === 'SIGINT' && isFirst) {
      this.#parts.view.say('Cancelling the run. Ctrl-C again stops at once.');
      void this.#cancel();
      return;
    }
    this.#leave = signal === 'SIGINT' ? 'atOnce' : 'park';
    this.#settle(null);
  }

  async #cancel(): Promise<void> {
    const { runId, view } = this.#parts;
    const result = await this.#reached.client.cancelRun({ runId, reason: 'Ctrl-C in the terminal' });
    // A run that has just ended cannot be cancelled, and its end is shown anyway.
    if (!result.ok && result.error.type !== 'refused') view.say(result.error.message);
  }

  async #follow(): Promise<ApiError | null> {
    const { runId } = this.#parts;
    const { promise, resolve } = Promise.withResolvers<ApiError | null>();
    this.#settle = resolve;
    const followed = await this.#reached.follow(
      { topic: 'events', afterSeq: this.#progress.lastSeq, runId },
      { deliver: (message) => this.#take(message), ended: resolve },
    );
    if (!followed.ok) return followed.error;
    const feed: Feed = followed.value;
    const error = await promise;
    feed.stop();
    return error;
  }

  #take(message: SubscriptionMessage): void {
    if (message.topic !== 'events') return;
    for (const event of message.events) {
      this.#progress = foldProgress(this.#progress, event);
      this.#parts.view.event(this.#progress, event);
    }
    if (this.#isEnded()) this.#settle(null);
  }

  #isEnded(): boolean {
    const state = this.#progress.run?.state;
    return state !== undefined && isRunEnded(state);
  }

  /** @throws RefusedError when it was this process's own engine that failed. */
  async #findAnother(lost: ApiError): Promise<void> {
    const { context, options, view } = this.#parts;
    if (this.#reached.role !== 'guest') throw new RefusedError(lost);
    view.say(`The engine of process ${this.#reached.pid} ended; this terminal goes on with the run.`);
    this.#reached = await context.reach('work', options);
    expectOk(await this.#reached.client.getRun({ runId: this.#parts.runId }));
    if (this.#signal !== null) void this.#cancel();
  }
}
