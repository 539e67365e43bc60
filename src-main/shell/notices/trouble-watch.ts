import type { Health } from '../../contract/api-engine.ts';
import type { News } from './notice.ts';

type HealthReason = Health['reasons'][number];

/** What a look at the health of the engine leads to. */
export interface TroubleNews {
  readonly news: readonly News[];
  /** Keys of what is over. */
  readonly over: readonly string[];
}

/** A part that is not well is told when it still is not after this long; what stops work is told at once. */
export const lastingMs = 60_000;
/** What was told is over when it was not seen for this long: what comes and goes is told once. */
export const overMs = 10 * 60_000;

const prefix = 'trouble:';
const mostOfKey = 200;

/**
 * Texts of health that are told by an event of their own (an attempt that is stuck, a dead letter), or are what a person
 * did (freezing everything).
 */
const toldOtherwise = [/^An attempt of agent /, /^There (is|are) \d+ dead letter/, /^Everything is frozen/];

/** Says when a reason for not being healthy is news. Numbers in its text do not make it another one. */
export class TroubleWatch {
  /** Since when each reason is seen, and when it was seen last: clock.monotonic(). */
  readonly #seen = new Map<string, { since: number; last: number }>();
  readonly #isOfOurs: (message: string) => boolean;

  /** @param isOfOurs whether a text is what the application itself has reported of a part of the desktop. */
  constructor(isOfOurs: (message: string) => boolean) {
    this.#isOfOurs = isOfOurs;
  }

  /**
   * @param told keys of what was told and is not over.
   * @param now clock.monotonic()
   */
  look(health: Health, told: readonly string[], now: number): TroubleNews {
    // What an earlier start has told is watched as if it had been there until now.
    for (const key of told) {
      if (key.startsWith(prefix) && !this.#seen.has(key)) this.#seen.set(key, { since: now, last: now });
    }
    const news: News[] = [];
    for (const reason of health.reasons) {
      if (toldOtherwise.some((text) => text.test(reason.message)) || this.#isOfOurs(reason.message)) continue;
      const key = keyOf(reason);
      const seen = this.#seen.get(key) ?? { since: now, last: now };
      seen.last = now;
      this.#seen.set(key, seen);
      if (reason.state === 'unhealthy' || now - seen.since >= lastingMs) news.push(newsOf(key, reason));
    }
    const over = [...this.#seen].filter(([, { last }]) => now - last >= overMs).map(([key]) => key);
    for (const key of over) this.#seen.delete(key);
    for (const [key, { last }] of this.#seen) {
      // It was gone before it lasted: it begins anew.
      if (last < now && !told.includes(key)) this.#seen.delete(key);
    }
    return { news, over };
  }
}

function keyOf({ message }: HealthReason): string {
  return prefix + message.replace(/\d+(\.\d+)?/g, '#').slice(0, mostOfKey);
}

function newsOf(key: string, { state, message, remedy }: HealthReason): News {
  return {
    reason: 'trouble',
    key,
    seq: null,
    noun: 'trouble',
    thing: null,
    title: `Signalbox is ${state}`,
    body: `${message} ${remedy}`,
    route: '/settings/doctor',
  };
}
