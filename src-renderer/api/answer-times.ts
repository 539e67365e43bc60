import type { QueryClient } from '@tanstack/react-query';
import type { Timer } from './timer.ts';

/** How the last question of a query went. */
export interface AnswerTime {
  /** Wall clock, ms. */
  readonly answeredAt: number;
  readonly tookMs: number;
}

/** Watches how long the queries of a window take to be answered. */
export class AnswerTimes {
  readonly #queryClient: QueryClient;
  readonly #timer: Timer;
  readonly #askedAt = new Map<string, number>();
  readonly #last = new Map<string, AnswerTime>();

  constructor(queryClient: QueryClient, timer: Timer) {
    this.#queryClient = queryClient;
    this.#timer = timer;
  }

  /** @returns stops it. */
  start(): () => void {
    return this.#queryClient.getQueryCache().subscribe((notice) => {
      const { queryHash } = notice.query;
      if (notice.type === 'removed') this.#forget(queryHash);
      else if (notice.type === 'updated') this.#note(queryHash, notice.action.type);
    });
  }

  /** @param hash of a query. @returns undefined before its first answer. */
  of(hash: string): AnswerTime | undefined {
    return this.#last.get(hash);
  }

  #note(hash: string, what: string): void {
    const now = this.#timer.now();
    const askedAt = this.#askedAt.get(hash);
    if (what === 'fetch') this.#askedAt.set(hash, now);
    else if ((what === 'success' || what === 'error') && askedAt !== undefined) {
      this.#askedAt.delete(hash);
      this.#last.set(hash, { answeredAt: now, tookMs: now - askedAt });
    }
  }

  #forget(hash: string): void {
    this.#askedAt.delete(hash);
    this.#last.delete(hash);
  }
}
