import type { ApiOutput } from '../../../src-main/contract/api.ts';
import type { ApiError } from '../../../src-main/contract/errors.ts';
import type { LogLine } from '../../../src-main/contract/log.ts';
import type { Result } from '../../../src-main/contract/result.ts';

/** Reads lines of an attempt's log. */
export type ReadLog = (
  attemptId: string,
  from: number,
  limit: number,
) => Promise<Result<ApiOutput<'readLog'>, ApiError>>;

/** Lines of one page. So many lines of the greatest length still fit into one answer of the engine. */
const pageLines = 64;
/** Pages that one question covers at most. */
const pagesAtOnce = 8;
/** Pages that are kept: about twenty thousand lines … */
const maxPages = 320;
/** … but no more than this many UTF-16 code units, since lines can be long. */
const maxLength = 8_000_000;

interface Page {
  readonly lines: readonly LogLine[];
  readonly length: number;
  /** Whether the engine has to be asked again: the log has grown since, or its last line was not finished. */
  isStale: boolean;
}

/** What somebody looks at. */
export interface Wish {
  readonly attemptId: string;
  readonly from: number;
  readonly to: number;
}

/**
 * The lines of logs that were looked at last. Everything else stays where it is: a window holds the same amount
 * whether a log has a thousand lines or ten million.
 */
export class PageCache {
  readonly #read: ReadLog;
  readonly #changed: () => void;
  readonly #failed: (error: ApiError) => void;
  /** By `attemptId/page`, the one used last at the end. */
  readonly #pages = new Map<string, Page>();
  readonly #totals = new Map<string, number>();
  #length = 0;
  #wishes: readonly Wish[] = [];
  /** Pages that were read for these wishes: each is read once, also where there is no room for all of them. */
  readonly #tried = new Set<string>();
  #isReading = false;

  /** @param options.changed called when lines have come */
  constructor(options: {
    readonly read: ReadLog;
    readonly changed: () => void;
    readonly failed: (error: ApiError) => void;
  }) {
    this.#read = options.read;
    this.#changed = options.changed;
    this.#failed = options.failed;
  }

  /** Pages that are kept. */
  get size(): number {
    return this.#pages.size;
  }

  /** @returns undefined while it is not here; {@link want} brings it. */
  line(attemptId: string, number: number): LogLine | undefined {
    const index = pageOf(number);
    return this.#pages.get(keyOf(attemptId, index))?.lines[number - 1 - index * pageLines];
  }

  /** Takes lines that were read anyway. @param from number of the first of them: the first of a page */
  put(attemptId: string, from: number, lines: readonly LogLine[], total: number): void {
    this.#totals.set(attemptId, total);
    for (let start = 0; start < lines.length; start += pageLines) {
      const part = lines.slice(start, start + pageLines);
      const isLast = from - 1 + start + part.length >= total;
      // A page that the answer had no room for is not whole, so it is asked for again when it is looked at.
      if (part.length < pageLines && !isLast) continue;
      const key = keyOf(attemptId, pageOf(from + start));
      this.#tried.add(key);
      this.#store(key, part);
    }
  }

  /** A log has more lines than before, or its last line goes on. */
  grown(attemptId: string, total: number): void {
    const before = this.#totals.get(attemptId) ?? 0;
    this.#totals.set(attemptId, total);
    const last = this.#pages.get(keyOf(attemptId, pageOf(Math.max(before, 1))));
    if (last !== undefined) last.isStale = true;
  }

  /** What is looked at now, in place of what was before: it is read, in this order, with some lines around it. */
  want(wishes: readonly Wish[]): void {
    this.#wishes = wishes;
    this.#tried.clear();
    for (const wish of wishes) this.#touch(wish);
    void this.#readNext();
  }

  /** Forgets everything. */
  clear(): void {
    this.#wishes = [];
    this.#pages.clear();
    this.#totals.clear();
    this.#length = 0;
  }

  async #readNext(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      for (let next = this.#missing(); next !== null; next = this.#missing()) {
        const { attemptId, page, count } = next;
        const from = page * pageLines + 1;
        this.#tried.add(keyOf(attemptId, page));
        const answer = await this.#read(attemptId, from, count * pageLines);
        if (!answer.ok) {
          this.#wishes = [];
          this.#failed(answer.error);
          return;
        }
        const { lines, totalLines } = answer.value;
        const known = this.#totals.get(attemptId) ?? 0;
        this.put(attemptId, from, lines, Math.max(totalLines, known));
        if (lines.length === 0) this.#wishes = [];
        this.#changed();
      }
    } finally {
      this.#isReading = false;
    }
  }

  /** The first pages that are wanted and not here, as many as stand side by side. */
  #missing(): { readonly attemptId: string; readonly page: number; readonly count: number } | null {
    for (const { attemptId, from, to } of this.#wishes) {
      const total = this.#totals.get(attemptId) ?? 0;
      const last = pageOf(Math.min(to, total));
      for (let page = pageOf(Math.max(from, 1)); page <= last && total > 0; page += 1) {
        if (!this.#lacks(attemptId, page)) continue;
        let count = 1;
        while (count < pagesAtOnce && page + count <= last && this.#lacks(attemptId, page + count)) count += 1;
        return { attemptId, page, count };
      }
    }
    return null;
  }

  #lacks(attemptId: string, page: number): boolean {
    const key = keyOf(attemptId, page);
    return !this.#tried.has(key) && (this.#pages.get(key)?.isStale ?? true);
  }

  #touch({ attemptId, from, to }: Wish): void {
    for (let index = pageOf(Math.max(from, 1)); index <= pageOf(Math.max(to, 1)); index += 1) {
      const key = keyOf(attemptId, index);
      const page = this.#pages.get(key);
      if (page === undefined) continue;
      this.#pages.delete(key);
      this.#pages.set(key, page);
    }
  }

  #store(key: string, lines: readonly LogLine[]): void {
    this.#drop(key);
    const length = lines.reduce((sum, line) => sum + line.text.length, 0);
    this.#pages.set(key, { lines, length, isStale: false });
    this.#length += length;
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= maxPages && this.#length <= maxLength) break;
      if (oldest !== key) this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    this.#length -= this.#pages.get(key)?.length ?? 0;
    this.#pages.delete(key);
  }
}

/** The first line of the page that a line is on. */
export function firstOfPage(line: number): number {
  return pageOf(line) * pageLines + 1;
}

function pageOf(line: number): number {
  return Math.floor((line - 1) / pageLines);
}

function keyOf(attemptId: string, page: number): string {
  return `${attemptId}/${page}`;
}
