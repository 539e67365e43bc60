import type { News, NewsNoun } from './notice.ts';
import type { Tally } from './notice-text.ts';

/** More pieces of news than this are only counted: the oldest first. */
const mostKept = 200;

/** News of one reason that wait to be told together. */
export class Pile {
  readonly #kept = new Map<string, News>();
  readonly #counted = new Map<NewsNoun, number>();
  #firstCounted: number | null = null;

  get size(): number {
    let counted = 0;
    for (const count of this.#counted.values()) counted += count;
    return this.#kept.size + counted;
  }

  /** The number of the first event in it; null when nothing in it is of an event. */
  get firstSeq(): number | null {
    if (this.#firstCounted !== null) return this.#firstCounted;
    for (const { seq } of this.#kept.values()) if (seq !== null) return seq;
    return null;
  }

  /** The one piece of news that is all there is; null when there are more, or none. */
  get only(): News | null {
    const [news] = this.#kept.values();
    return this.size === 1 ? (news ?? null) : null;
  }

  get keys(): readonly string[] {
    return [...this.#kept.keys()];
  }

  get tally(): Tally {
    const tally = new Map(this.#counted);
    for (const { noun } of this.#kept.values()) tally.set(noun, (tally.get(noun) ?? 0) + 1);
    return tally;
  }

  /** What is in it already is not added again. */
  add(news: News): void {
    if (this.#kept.has(news.key)) return;
    this.#kept.set(news.key, news);
    const [oldest] = this.#kept.values();
    if (this.#kept.size <= mostKept || oldest === undefined) return;
    this.#kept.delete(oldest.key);
    this.#counted.set(oldest.noun, (this.#counted.get(oldest.noun) ?? 0) + 1);
    this.#firstCounted ??= oldest.seq;
  }

  /** @returns whether it was there. */
  takeBack(key: string): boolean {
    return this.#kept.delete(key);
  }

  clear(): void {
    this.#kept.clear();
    this.#counted.clear();
    this.#firstCounted = null;
  }
}
