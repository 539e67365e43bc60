import type { QueryClient } from '@tanstack/react-query';
import type { Event } from '../../src-main/contract/event.ts';
import type { RunWork } from './fold-run-work.ts';
import { foldRunWork } from './fold-run-work.ts';
import { FrameBatch } from './frame-batch.ts';
import type { Link } from './link.ts';

interface OpenFeed {
  users: number;
  readonly stop: () => void;
}

/** The key under which a run's work is kept. */
export function runWorkKey(runId: string): readonly unknown[] {
  return ['getRunWork', { runId }];
}

/** Keeps the work of open runs true by their events: one feed per run, however many components show it. */
export class RunWorkFeeds {
  readonly #link: Link;
  readonly #queryClient: QueryClient;
  readonly #open = new Map<string, OpenFeed>();

  constructor({ link, queryClient }: { readonly link: Link; readonly queryClient: QueryClient }) {
    this.#link = link;
    this.#queryClient = queryClient;
  }

  /** Follows a run from event `lastSeq` on. @returns lets it go; the feed ends with its last user. */
  use(runId: string, lastSeq: number): () => void {
    const feed = this.#open.get(runId) ?? this.#start(runId, lastSeq);
    feed.users += 1;
    return () => {
      feed.users -= 1;
      if (feed.users > 0) return;
      feed.stop();
      if (this.#open.get(runId) === feed) this.#open.delete(runId);
    };
  }

  /** An answer of `getRunWork`, unless events have led beyond it while it was on its way. */
  newest(runId: string, answer: RunWork): RunWork {
    const known = this.#queryClient.getQueryData<RunWork>(runWorkKey(runId));
    return known !== undefined && known.lastSeq > answer.lastSeq && this.#open.has(runId) ? known : answer;
  }

  #start(runId: string, lastSeq: number): OpenFeed {
    const key = runWorkKey(runId);
    const batch = new FrameBatch<Event>((events) =>
      this.#queryClient.setQueryData<RunWork>(key, (work) => work && foldRunWork(work, events)),
    );
    const stopFollowing = this.#link.follow(
      { topic: 'events', afterSeq: lastSeq, runId },
      {
        deliver: (message) => (message.topic === 'events' ? batch.add(message.events) : undefined),
        // The feed cannot go on from where it was: start from what is stored.
        ended: () => {
          this.#open.delete(runId);
          void this.#queryClient.resetQueries({ queryKey: key });
        },
      },
    );
    const feed = {
      users: 0,
      stop: () => {
        stopFollowing();
        batch.clear();
      },
    };
    this.#open.set(runId, feed);
    return feed;
  }
}
