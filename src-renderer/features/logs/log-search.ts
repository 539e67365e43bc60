import type { ApiOutput } from '../../../src-main/contract/api.ts';
import type { ApiError } from '../../../src-main/contract/errors.ts';
import type { LogFind } from '../../../src-main/contract/log-find.ts';
import type { Result } from '../../../src-main/contract/result.ts';
import type { RowPlace } from './row-map.ts';

/** Asks the engine to look through one log. */
export type SearchLog = (attemptId: string, find: LogFind) => Promise<Result<ApiOutput<'searchLog'>, ApiError>>;

/** What a search has found so far. */
export interface Found {
  readonly find: LogFind;
  /** Numbers of matching lines by source, ascending; at most ten thousand of each. */
  readonly lines: readonly (readonly number[])[];
  /** How many lines match in all sources. */
  readonly total: number;
}

export interface LogSearchState {
  /** Null: nothing is looked for. */
  readonly find: LogFind | null;
  /** What was found last, also while the same is looked for again because a log has grown. */
  readonly found: Found | null;
  readonly isSearching: boolean;
  readonly error: ApiError | null;
}

export const noSearch: LogSearchState = { find: null, found: null, isSearching: false, error: null };

/** How long after an answer a log that has grown is looked through again, in ms. */
const againAfterMs = 1_500;

/** Looks through all sources, one after the other, and again when they have grown. The newest question wins. */
export class LogSearch {
  readonly #search: SearchLog;
  readonly #sources: () => readonly { readonly attemptId: string }[];
  readonly #changed: () => void;
  #state: LogSearchState = noSearch;
  #round = 0;
  #again: ReturnType<typeof setTimeout> | null = null;

  constructor(options: {
    readonly search: SearchLog;
    readonly sources: () => readonly { readonly attemptId: string }[];
    readonly changed: () => void;
  }) {
    this.#search = options.search;
    this.#sources = options.sources;
    this.#changed = options.changed;
  }

  get state(): LogSearchState {
    return this.#state;
  }

  /** Looks for something else; null for nothing. Resolves when it was found, or something else is looked for. */
  async start(find: LogFind | null): Promise<void> {
    this.stop();
    if (find === null) {
      this.#set(noSearch);
      return;
    }
    this.#set({ find, found: null, isSearching: true, error: null });
    await this.#run(find);
  }

  /** A log has grown: what was found may not be all. */
  grown(): void {
    const { find, error } = this.#state;
    if (find === null || error !== null || this.#again !== null) return;
    this.#again = setTimeout(() => {
      this.#again = null;
      if (!this.#state.isSearching) void this.#run(find);
    }, againAfterMs);
  }

  /** Asks nothing any more, and forgets answers that are still to come. */
  stop(): void {
    this.#round += 1;
    if (this.#again !== null) clearTimeout(this.#again);
    this.#again = null;
  }

  async #run(find: LogFind): Promise<void> {
    this.#round += 1;
    const round = this.#round;
    this.#set({ ...this.#state, isSearching: true });
    const lines: (readonly number[])[] = [];
    let total = 0;
    for (const { attemptId } of this.#sources()) {
      const answer = await this.#search(attemptId, find);
      if (round !== this.#round) return;
      if (!answer.ok) {
        this.#set({ ...this.#state, found: null, isSearching: false, error: answer.error });
        return;
      }
      lines.push(answer.value.lines);
      total += answer.value.total;
    }
    this.#set({ find, found: { find, lines, total }, isSearching: false, error: null });
  }

  #set(state: LogSearchState): void {
    this.#state = state;
    this.#changed();
  }
}

/** Whether a line is among those found. */
export function isFound(found: Found | null, { source, line }: RowPlace): boolean {
  const lines = found?.lines[source] ?? [];
  return lines[firstFrom(lines, line)] === line;
}

/** The match after a place, or before it, going round at the ends. Null when nothing was found. */
export function nextFound(found: Found, from: RowPlace, direction: 'next' | 'previous'): RowPlace | null {
  const all = found.lines.flatMap((lines, source) => (lines.length > 0 ? [source] : []));
  const [firstSource, lastSource] = [all[0], all.at(-1)];
  if (firstSource === undefined || lastSource === undefined) return null;
  const inSource = found.lines[from.source] ?? [];
  const index = firstFrom(inSource, direction === 'next' ? from.line + 1 : from.line);
  const here = direction === 'next' ? inSource[index] : inSource[index - 1];
  if (here !== undefined) return { source: from.source, line: here };
  if (direction === 'next') {
    const source = all.find((other) => other > from.source) ?? firstSource;
    return { source, line: found.lines[source]?.[0] ?? 1 };
  }
  const source = all.findLast((other) => other < from.source) ?? lastSource;
  return { source, line: found.lines[source]?.at(-1) ?? 1 };
}

/** Which of the matches stands at a place, from 1; 0 when none does. */
export function ordinalOf(found: Found, place: RowPlace): number {
  if (!isFound(found, place)) return 0;
  const before = found.lines.slice(0, place.source).reduce((sum, lines) => sum + lines.length, 0);
  return before + firstFrom(found.lines[place.source] ?? [], place.line) + 1;
}

/** The index of the first number that is not below `line`. */
function firstFrom(lines: readonly number[], line: number): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines[middle] ?? 0) < line) low = middle + 1;
    else high = middle;
  }
  return low;
}
