import type { Query, QueryClient } from '@tanstack/react-query';
import type { Noun } from '../../src-main/contract/nouns.ts';
import { nouns as allNouns } from '../../src-main/contract/nouns.ts';
import { entryNouns } from './entry-nouns.ts';
import type { Link } from './link.ts';
import type { Timer } from './timer.ts';

/** The shortest time between two looks at the same thing, in ms: four a second. */
export const refreshEveryMs = 250;

export interface RefresherDependencies {
  readonly link: Link;
  readonly queryClient: QueryClient;
  readonly timer: Timer;
}

/**
 * Has queries ask again when rows they show have changed: one `changes` subscription for the whole window, and never
 * two questions for the same thing at once. A query that is being answered while rows change is asked once more after.
 */
export class Refresher {
  readonly #dependencies: RefresherDependencies;
  readonly #changed = new Set<Noun>();
  /** Hashes of queries that were under way when their rows changed. */
  readonly #owed = new Set<string>();
  #isWaiting = false;
  #stopTimer = () => {};

  constructor(dependencies: RefresherDependencies) {
    this.#dependencies = dependencies;
  }

  /** @returns stops it. */
  start(): () => void {
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
    for (const { queryHash, state } of due) {
      if (state.fetchStatus === 'fetching') this.#owed.add(queryHash);
      else hashes.add(queryHash);
    }
    // What is on screen is asked now, the rest when it is shown again. A failure is the query's own, which shows it.
    void queryClient.invalidateQueries({ predicate: ({ queryHash }) => hashes.has(queryHash) });
  }
}

function isAbout(query: Query, changed: ReadonlySet<Noun>): boolean {
  const [name] = query.queryKey;
  if (typeof name !== 'string' || !Object.hasOwn(entryNouns, name)) return false;
  return entryNouns[name as keyof typeof entryNouns].some((noun) => changed.has(noun));
}
