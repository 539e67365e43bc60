import type { ApiError } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';
import { systemClock } from '../engine/system-clock.ts';
import type { CloseOptions } from '../open-orchestrator.ts';
import type { Feed, FeedTimer } from '../transport/feed.ts';
import type { ServedApi } from '../transport/serve-api.ts';
import { serveRemote } from '../transport/serve-remote.ts';
import type { ReachDependencies, ReachedEngine } from './reach-engine.ts';
import { reachEngine } from './reach-engine.ts';
import { reachFromThisProcess } from './this-process.ts';

/** Who is asked now: the engine of this process, one of another process, or nobody while one is looked for. */
export type EngineState =
  | { readonly role: 'host' | 'guest'; readonly pid: number }
  | { readonly role: 'lost'; readonly pid: null };

/** An engine that outlives the process it lives in: when that ends, this process becomes its host. */
export interface SteadyEngine {
  /** While no engine can be reached, calls wait at most two seconds for one; then they, and feeds, get `unavailable`. */
  readonly served: ServedApi;
  readonly state: () => EngineState;
  /** Tells of every change of the state. @returns stops telling. */
  onState(listener: (state: EngineState) => void): () => void;
  /** Ends the engine when it lives in this process; one of another process is only let go of. */
  close(options: CloseOptions): Promise<void>;
}

export interface SteadyEngineOptions {
  /** Absolute, from `prepareDataFolder`. */
  readonly dataFolder: string;
  /** Told the warnings of an engine in this process. */
  readonly show?: ReachDependencies['show'];
  /** Told once in every search, when another process has to be waited for. */
  readonly waiting?: ReachDependencies['waiting'];
  /** What tests replace. */
  readonly parts?: Partial<Omit<ReachDependencies, 'dataFolder' | 'givenUp'>> & { readonly after?: FeedTimer['after'] };
}

/** How long calls and feeds wait for an engine to be found. */
const patienceMs = 2_000;
/** After a search that failed, this long passes before the next. */
const searchAgainMs = 500;
/** How often an engine of another process is asked for a sign of life: one that hangs is lost within two seconds. */
const pingEveryMs = 400;
/** How long it may take to say hello. Nobody who closes waits longer for a process that hangs. */
const connectMs = 2_000;

/** Reaches the engine of a data folder as a guest, or becomes its host. @returns what is in the way of both. */
export async function openSteadyEngine(options: SteadyEngineOptions): Promise<Result<SteadyEngine, ApiError>> {
  const { dataFolder, show = () => {}, waiting = () => {}, parts = {} } = options;
  const { after = systemClock.after, ...replaced } = parts;
  const steady = new Steady({ ...reachFromThisProcess({ dataFolder, show, waiting }), ...replaced }, after);
  const refusal = await steady.reach();
  return refusal === null ? ok(steady) : err(refusal);
}

class Steady implements SteadyEngine {
  readonly #dependencies: ReachDependencies;
  readonly #after: FeedTimer['after'];
  readonly #listeners = new Set<(state: EngineState) => void>();
  /** Who wait for an engine. */
  readonly #waiting = new Set<() => void>();
  #reached: ReachedEngine | null = null;
  #door: ServedApi | null = null;
  /** Why there is no engine: how the last one was lost, or why the last search failed. */
  #refusal: ApiError | null = null;
  /** The search that goes on. */
  #search: Promise<unknown> = Promise.resolve();
  #stopPause = () => {};
  #closed = false;

  readonly served: ServedApi = {
    call: async (name, input) => {
      const door = this.#door ?? (await this.#waitForDoor());
      return door === null ? err(this.#unavailable()) : door.call(name, input);
    },
    follow: (subscription, listener) =>
      this.#door === null ? ok(this.#followLater(subscription, listener)) : this.#door.follow(subscription, listener),
  };

  constructor(dependencies: ReachDependencies, after: FeedTimer['after']) {
    this.#dependencies = {
      ...dependencies,
      connect: (options) => dependencies.connect({ ...options, connectMs, pingEveryMs }),
      givenUp: () => this.#closed,
    };
    this.#after = after;
  }

  readonly state = (): EngineState => {
    const reached = this.#reached;
    if (reached === null) return { role: 'lost', pid: null };
    return { role: reached.role === 'guest' ? 'guest' : 'host', pid: reached.pid };
  };

  onState(listener: (state: EngineState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(options: CloseOptions): Promise<void> {
    this.#closed = true;
    this.#stopPause();
    this.#wake();
    await this.#search;
    const reached = this.#reached;
    if (reached === null) return;
    if (reached.role !== 'guest') await reached.engine.close(options);
    else reached.client.close();
  }

  /** Looks for an engine once. @returns why there is none; null when there is. */
  async reach(): Promise<ApiError | null> {
    const found = await reachEngine('work', this.#dependencies);
    if (!found.ok) return found.error;
    const reached = found.value;
    this.#reached = reached;
    if (reached.role === 'guest') {
      this.#door = serveRemote(reached.client);
      void reached.client.lost.then((error) => this.#lose(error));
    } else {
      this.#door = reached.engine.served;
    }
    this.#refusal = null;
    this.#tell();
    this.#wake();
    return null;
  }

  /** @param error why the connection is gone. */
  #lose(error: ApiError | null): void {
    if (this.#closed) return;
    this.#refusal = { ...notYet, message: error?.message ?? notYet.message };
    this.#reached = null;
    this.#door = null;
    this.#tell();
    this.#startSearch();
  }

  #startSearch(): void {
    this.#search = this.reach().then(
      (refusal) => this.#searchAgain(refusal),
      (error: unknown) => this.#searchAgain(unexpected(error)),
    );
  }

  /** @param refusal why the last search failed; null when it did not. */
  #searchAgain(refusal: ApiError | null): void {
    if (refusal === null || this.#closed) return;
    this.#refusal = refusal;
    this.#stopPause = this.#after(searchAgainMs, () => this.#startSearch());
  }

  #tell(): void {
    for (const listener of this.#listeners) listener(this.state());
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }

  /** @returns null when no engine was found in time. */
  #waitForDoor(): Promise<ServedApi | null> {
    if (this.#closed) return Promise.resolve(null);
    return new Promise((resolve) => {
      const wake = () => {
        stopTimer();
        this.#waiting.delete(wake);
        resolve(this.#door);
      };
      const stopTimer = this.#after(patienceMs, wake);
      this.#waiting.add(wake);
    });
  }

  /** A feed of the engine that is looked for. */
  #followLater(subscription: unknown, listener: Parameters<ServedApi['follow']>[1]): Feed {
    let feed: Feed | null = null;
    let stopped = false;
    void this.#waitForDoor().then((door) => {
      if (stopped) return;
      const followed = door?.follow(subscription, listener) ?? err(this.#unavailable());
      if (followed.ok) feed = followed.value;
      else listener.ended(followed.error);
    });
    return {
      stop() {
        stopped = true;
        feed?.stop();
      },
    };
  }

  #unavailable(): ApiError {
    const { message, remedy } = this.#refusal ?? notYet;
    return { type: 'unavailable', message, remedy };
  }
}

const notYet: ApiError = {
  type: 'unavailable',
  message: 'The engine has ended, and no other one answers yet.',
  remedy: 'Try again in a moment. Stored work is not lost.',
};

function unexpected(error: unknown): ApiError {
  return {
    type: 'internal',
    message: `No engine could be started: ${error instanceof Error ? error.message : String(error)}.`,
    remedy: 'Look into engine.log in the data folder. Stored work is not lost.',
  };
}
