import type { Query, QueryClient } from '@tanstack/react-query';
import type { Noun } from '../../src-main/contract/nouns.ts';
import { nouns as allNouns } from '../../src-main/contract/nouns.ts';
import { AnswerTimes } from './answer-times.ts';
import type { ReadName } from './entry-nouns.ts';
import { entryNouns } from './entry-nouns.ts';
import type { Link } from './link.ts';
import type { Timer } from './timer.ts';

/** The shortest time between two looks at the same thing, in ms: four a second. */
const refreshEveryMs = 250;
/** The same for what the engine has to gather from many rows. */
const gatherEveryMs = 1_000;
const gathered: ReadonlySet<unknown> = new Set<ReadName>(['getOverview', 'getMetrics']);
/** After an answer that took long, this many times as long passes until the next question: long lists ask less. */
const restFactor = 4;
/** But no longer than this, in ms. */
const longestRestMs = 5_000;

export interface RefresherDependencies {
  readonly link: Link;
  readonly queryClient: QueryClient;
  readonly timer: Timer;
}

/**
 * Has queries ask again when rows they show have changed: one `changes` subscription for the whole window, and never
 * two questions for the same thing at once. A query that is being answered while rows change is asked once more after,
 * and one that is slow is asked less often, so that the window and the engine have time for other things.
 */
export class Refresher {
  readonly #dependencies: RefresherDependencies;
  readonly #changed = new Set<Noun>();
  /** Hashes of queries whose rows have changed, but which were under way, or were asked too short a time ago. */
  readonly #owed = new Set<string>();
  readonly #times: AnswerTimes;
  #isWaiting = false;
  #stopTimer = () => {};

  constructor(dependencies: RefresherDependencies) {
    this.#dependencies = dependencies;
    this.#times = new AnswerTimes(dependencies.queryClient, dependencies.timer);
  }

  /** @returns stops it. */
  start(): () => void {
    const stopTimes = this.#times.start();
    const stop = this.#dependencies.link.follow(
      { topic: 'changes' },
      {
        deliver: (message) => {
          if (message.topic === 'changes') this.note(message.nouns);
        },
        // Without news, everything may have changed.
        ended: () => this.note(allNouns),
      },
    );
    return () => {
      stop();
      stopTimes();
      this.#stopTimer();
    };
  }

  /** Rows of these kinds have changed. */
  note(changed: readonly Noun[]): void {
    for (const noun of changed) this.#changed.add(noun);
    this.#schedule();
  }

  /** Anything may have changed: the connection was lost and is back. */
  noteAll(): void {
    this.note(allNouns);
  }

  #schedule(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    // The first change shows at once; those that follow within the time wait for its end together.
    this.#flush();
    this.#stopTimer = this.#dependencies.timer.after(refreshEveryMs, () => {
      this.#isWaiting = false;
      if (this.#changed.size > 0 || this.#owed.size > 0) this.#schedule();
    });
  }

  #flush(): void {
    const { queryClient } = this.#dependencies;
    const isDue = (query: Query) => this.#owed.has(query.queryHash) || isAbout(query, this.#changed);
    const due = queryClient.getQueryCache().findAll({ predicate: isDue });
    this.#changed.clear();
    this.#owed.clear();
    const hashes = new Set<string>();
    for (const query of due) {
      const { queryHash, state } = query;
      if (state.fetchStatus === 'fetching' || this.#isResting(query)) this.#owed.add(queryHash);
      else hashes.add(queryHash);
    }
    // What is on screen is asked now, the rest when it is shown again. A failure is the query's own, which shows it.
    void queryClient.invalidateQueries({ predicate: ({ queryHash }) => hashes.has(queryHash) });
  }

  /** Only what is on screen: the rest is not asked now, so it need not wait. */
  #isResting(query: Query): boolean {
    const last = this.#times.of(query.queryHash);
    if (last === undefined || !query.isActive()) return false;
    const leastMs = gathered.has(query.queryKey[0]) ? gatherEveryMs : 0;
    const restMs = Math.max(leastMs, Math.min(restFactor * last.tookMs, longestRestMs));
    return this.#dependencies.timer.now() < last.answeredAt + restMs;
  }
}

function isAbout(query: Query, changed: ReadonlySet<Noun>): boolean {
  const [name] = query.queryKey;
  if (typeof name !== 'string' || !Object.hasOwn(entryNouns, name)) return false;
  return entryNouns[name as keyof typeof entryNouns].some((noun) => changed.has(noun));
}
