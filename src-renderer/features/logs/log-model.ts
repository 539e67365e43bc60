import type { SubscriptionMessage } from '../../../src-main/contract/api.ts';
import type { ApiError } from '../../../src-main/contract/errors.ts';
import type { LogLine } from '../../../src-main/contract/log.ts';
import type { FollowListener } from '../../api/link.ts';
import type { SearchLog } from './log-search.ts';
import { LogSearch, nextFound } from './log-search.ts';
import type { LogSelection } from './log-selection.ts';
import type { ReadLog, Wish } from './page-cache.ts';
import { firstOfPage, PageCache } from './page-cache.ts';
import type { RowMap, RowPlace } from './row-map.ts';
import { createRowMap } from './row-map.ts';
import type { ScrollScale } from './scroll-scale.ts';
import { createScrollScale, moveByPx } from './scroll-scale.ts';

/** One log of a view. */
export interface LogSource {
  readonly attemptId: string;
  /** What the row above its lines says, where several logs are shown. */
  readonly title: string;
  /** Whether the attempt has ended; when this turns true the log is asked once more. */
  readonly complete?: boolean | undefined;
}

/** What is known of a source's log. */
export interface SourceState extends LogSource {
  readonly totalLines: number;
  readonly isComplete: boolean;
  /** Where it is on disk; empty while the attempt has printed nothing. */
  readonly path: string;
  /** False until the engine has answered once. */
  readonly isKnown: boolean;
}

/** What a log view needs of the engine, and of the time. */
export interface LogModelDependencies {
  readonly read: ReadLog;
  readonly search: SearchLog;
  /** Follows the growth of one log. @returns stops it */
  readonly follow: (attemptId: string, listener: FollowListener) => () => void;
  /** Calls back before the next frame is drawn. @returns stops it */
  readonly onFrame: (callback: () => void) => () => void;
}

/** Rows that are drawn above and below what is visible. */
const overscanRows = 4;
/** Lines that the first question asks for: what a window shows of a finished log, and little to wait for else. */
const firstLines = 64;
/** Lines that are asked for at the end of a log that grows: more than fit into a window. */
const endLines = 512;
/** Height of a row, px; log-view.module.css has the same. */
export const rowPx = 18;

/**
 * What one log view shows and where it stands. It lives outside of React: lines come by the thousand, and the view is
 * told at most once per frame that something is different.
 */
export class LogModel {
  readonly #deps: LogModelDependencies;
  readonly #cache: PageCache;
  readonly #listeners = new Set<() => void>();
  readonly #stops = new Map<string, () => void>();
  readonly search: LogSearch;
  #sources: readonly SourceState[] = [];
  #map: RowMap = createRowMap([], false);
  #version = 0;
  #stopFrame: (() => void) | null = null;
  #isStarted = false;
  #viewportPx = 0;
  #heights: ReadonlyMap<number, number> | null = null;
  /** What is at the upper edge, px as if all rows stood below each other. */
  #top = 0;
  /** The same as the view drew it, where lines are wrapped: at the end it shows more than asked for. */
  #drawnTop = 0;
  #isFollowing = false;
  /** Rows that there were when the end was left. */
  #seenRows = 0;
  #current: RowPlace | null = null;
  #selection: LogSelection | null = null;
  #error: ApiError | null = null;

  constructor(deps: LogModelDependencies) {
    this.#deps = deps;
    const changed = () => this.#changed();
    this.#cache = new PageCache({ read: deps.read, changed, failed: (error) => this.#fail(error) });
    this.search = new LogSearch({ search: deps.search, sources: () => this.#sources, changed });
  }

  // ------------------------------------------------------------------------------------------------ for the view

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Another number whenever something is different. */
  readonly version = (): number => this.#version;

  get sources(): readonly SourceState[] {
    return this.#sources;
  }

  get rows(): number {
    return this.#map.rows;
  }

  get top(): number {
    return this.#top;
  }

  get isFollowing(): boolean {
    return this.#isFollowing;
  }

  /** Rows that came since the end was left. */
  get newRows(): number {
    return this.#isFollowing ? 0 : Math.max(0, this.rows - this.#seenRows);
  }

  /** Whether more lines can come. */
  get isLive(): boolean {
    return this.#sources.some(({ isKnown, isComplete }) => isKnown && !isComplete);
  }

  /** Whether the last row is visible. */
  get isAtEnd(): boolean {
    return this.#top >= this.scale.maxTop - 1;
  }

  /** The line that a search, or a jump, has led to. */
  get current(): RowPlace | null {
    return this.#current;
  }

  get selection(): LogSelection | null {
    return this.#selection;
  }

  /** Why lines are missing; null while all is well. */
  get error(): ApiError | null {
    return this.#error;
  }

  get scale(): ScrollScale {
    // With wrapped lines any row may be the last that is at the top; the view aligns the end itself.
    const viewportPx = this.#heights === null ? this.#viewportPx : Math.min(this.#viewportPx, rowPx);
    return createScrollScale({ rows: this.rows, rowPx, viewportPx });
  }

  /** Rows to draw, as a half-open range. */
  get window(): { readonly from: number; readonly to: number } {
    const first = Math.floor(this.#top / rowPx);
    const count = Math.ceil(this.#viewportPx / rowPx) + 1;
    const back = this.#heights !== null && this.isAtEnd ? count : overscanRows;
    return { from: Math.max(0, first - back), to: Math.min(this.rows, first + count + overscanRows) };
  }

  place(row: number): RowPlace | null {
    return this.#map.place(row);
  }

  rowOf(place: RowPlace): number {
    return this.#map.rowOf(place);
  }

  /** @returns undefined while it is on its way. */
  line({ source, line }: RowPlace): LogLine | undefined {
    const attemptId = this.#sources[source]?.attemptId;
    return attemptId === undefined ? undefined : this.#cache.line(attemptId, line);
  }

  // ----------------------------------------------------------------------------------------------------- sources

  /** Begins to ask and to follow. @returns ends it */
  start(): () => void {
    this.#isStarted = true;
    for (const { attemptId } of this.#sources) void this.#open(attemptId);
    return () => {
      this.#isStarted = false;
      this.#stopFrame?.();
      this.#stopFrame = null;
      this.search.stop();
      for (const stop of this.#stops.values()) stop();
      this.#stops.clear();
      this.#cache.clear();
    };
  }

  /** Shows these logs, in this order. Those that were shown already stay as they are. */
  setSources(sources: readonly LogSource[]): void {
    const before = new Map(this.#sources.map((source) => [source.attemptId, source]));
    this.#sources = sources.map((source) => ({
      ...(before.get(source.attemptId) ?? { totalLines: 0, isComplete: false, path: '', isKnown: false }),
      ...source,
    }));
    const wanted = new Set(sources.map(({ attemptId }) => attemptId));
    for (const [attemptId, stop] of this.#stops) {
      if (wanted.has(attemptId)) continue;
      stop();
      this.#stops.delete(attemptId);
    }
    this.#remap();
    for (const { attemptId, complete } of sources) {
      const old = before.get(attemptId);
      if (this.#isStarted && (old === undefined || (complete === true && !old.isComplete))) void this.#open(attemptId);
    }
    this.#changed();
  }

  /** Asks again how far all logs have got, after a failure or a lost connection. */
  refresh(): void {
    this.#error = null;
    for (const { attemptId } of this.#sources) void this.#open(attemptId);
  }

  async #open(attemptId: string): Promise<void> {
    const answer = await this.#deps.read(attemptId, 1, firstLines);
    if (!this.#isStarted || !this.#sources.some((source) => source.attemptId === attemptId)) return;
    if (!answer.ok) {
      this.#fail(answer.error);
      return;
    }
    const { lines, totalLines, complete, path } = answer.value;
    this.#error = null;
    this.#cache.grown(attemptId, totalLines);
    this.#cache.put(attemptId, 1, lines, totalLines);
    const isFirst = this.#sources.every(({ isKnown }) => !isKnown);
    this.#update(attemptId, { totalLines, isComplete: complete, path, isKnown: true });
    // Only what comes from now on is new.
    this.#seenRows = this.rows;
    // A log that still grows is opened at its end, since what happens now is what one comes for.
    if (isFirst && !complete) this.follow(true);
    if (!complete && !this.#stops.has(attemptId)) {
      const deliver = (message: SubscriptionMessage) => this.#grown(message);
      const ended = (error: ApiError) => this.#fail(error);
      this.#stops.set(attemptId, this.#deps.follow(attemptId, { deliver, ended }));
    }
  }

  async #grown(message: SubscriptionMessage): Promise<void> {
    if (message.topic !== 'log') return;
    const { attemptId, complete } = message;
    const totalLines = Math.max(message.totalLines, await this.#readEnd(attemptId, message.totalLines));
    if (!this.#isStarted) return;
    this.#update(attemptId, { totalLines, isComplete: complete });
    this.search.grown();
    // The next message comes after this one was drawn, so that a flood never gets ahead of the eye.
    return new Promise((resolve) => this.#deps.onFrame(resolve));
  }

  /**
   * Brings the end of a log that is followed before it is shown, so that there is never a frame without its lines.
   *
   * @returns the last line that was brought; 0 when the end is not shown
   */
  async #readEnd(attemptId: string, totalLines: number): Promise<number> {
    this.#cache.grown(attemptId, totalLines);
    if (!this.#isFollowing || this.#sources.at(-1)?.attemptId !== attemptId) return 0;
    const drawn = Math.ceil(this.#viewportPx / rowPx) + 2 * overscanRows;
    const from = firstOfPage(Math.max(1, totalLines - drawn));
    const answer = await this.#deps.read(attemptId, from, endLines);
    if (!answer.ok || answer.value.lines.length === 0) return 0;
    const last = from - 1 + answer.value.lines.length;
    this.#cache.put(attemptId, from, answer.value.lines, Math.max(totalLines, last));
    return last;
  }

  #update(attemptId: string, change: Partial<SourceState>): void {
    this.#sources = this.#sources.map((source) => {
      if (source.attemptId !== attemptId) return source;
      const totalLines = Math.max(source.totalLines, change.totalLines ?? 0);
      return { ...source, ...change, totalLines, path: change.path ?? source.path };
    });
    this.#remap();
    this.#changed();
  }

  /** What is at the upper edge stays there, also when a log above it has grown. */
  #remap(): void {
    const row = Math.floor(this.#top / rowPx);
    const place = this.#map.place(row);
    const counts = this.#sources.map(({ totalLines }) => totalLines);
    this.#map = createRowMap(counts, this.#sources.length > 1);
    if (place !== null) this.#top += (this.#map.rowOf(place) - row) * rowPx;
    this.#settle();
  }

  // -------------------------------------------------------------------------------------------------- moving about

  /** The view's height. */
  resize(viewportPx: number): void {
    if (viewportPx === this.#viewportPx) return;
    this.#viewportPx = viewportPx;
    this.#settle();
    this.#changed();
  }

  /** Heights of the rows that are drawn, where lines are wrapped; null where all are the same. */
  setHeights(heights: ReadonlyMap<number, number> | null): void {
    const isOther = (heights === null) !== (this.#heights === null);
    this.#heights = heights;
    if (!isOther) return;
    this.#settle();
    this.#changed();
  }

  /** Moves by this much; a person who moves away from the end does not follow it any more. */
  moveBy(px: number): void {
    const { rows } = this;
    const heights = this.#heights;
    const heightOf = (row: number) => heights?.get(row) ?? rowPx;
    this.moveTo(heights === null ? this.#top + px : moveByPx(this.#drawnTop, px, { rows, rowPx, heightOf }));
  }

  /** Moves to a place, px as if all rows stood below each other. */
  moveTo(top: number): void {
    const { maxTop } = this.scale;
    const next = Math.min(Math.max(top, 0), maxTop);
    if (next < this.#top) this.#isFollowing = false;
    else if (next >= maxTop - 1) this.#isFollowing = true;
    if (next === this.#top) return;
    this.#top = next;
    this.#settle();
    this.#changed();
  }

  /**
   * The view has drawn wrapped lines, whose heights only it knows.
   * @param top what really is at the upper edge, px as if all rows stood below each other
   * @param isEnd whether the last line is at the lower edge
   */
  drawn(top: number, isEnd: boolean): void {
    this.#drawnTop = top;
    if (!isEnd || this.#isFollowing) return;
    this.#isFollowing = true;
    this.#settle();
    this.#changed();
  }

  /** Stays at the end, or stops to. */
  follow(isOn: boolean): void {
    this.#isFollowing = isOn;
    this.#settle();
    this.#changed();
  }

  /** Brings a line into view, in the middle when it is not there yet, and marks it. */
  goTo(place: RowPlace): void {
    const row = this.#map.rowOf(place);
    this.#current = this.#map.place(row);
    const visible = Math.floor(this.#viewportPx / rowPx);
    const first = Math.ceil(this.#top / rowPx);
    this.#isFollowing = false;
    if (row < first || row >= first + visible - 1 || this.#heights !== null) {
      this.#top = Math.min(Math.max(0, (row - Math.floor(visible / 3)) * rowPx), this.scale.maxTop);
    }
    this.#settle();
    this.#changed();
  }

  /** Goes to the match after, or before, the line one is at. @returns false when there is none */
  goToMatch(direction: 'next' | 'previous' | 'first'): boolean {
    const { found } = this.search.state;
    if (found === null) return false;
    const here = this.#map.place(Math.ceil(this.#top / rowPx));
    const start = this.#current ?? (here === null ? null : { ...here, line: here.line - 1 });
    const from = direction === 'first' ? null : start;
    const next = nextFound(found, from ?? { source: 0, line: 0 }, direction === 'previous' ? 'previous' : 'next');
    if (next === null) return false;
    this.goTo(next);
    return true;
  }

  /** Marks no line any more, so that the next match is looked for from what is visible. */
  clearCurrent(): void {
    this.#current = null;
    this.#changed();
  }

  select(selection: LogSelection | null): void {
    this.#selection = selection;
    this.#changed();
  }

  // ------------------------------------------------------------------------------------------------------ inside

  #settle(): void {
    const { maxTop } = this.scale;
    if (this.#isFollowing) this.#top = maxTop;
    this.#top = Math.min(Math.max(this.#top, 0), maxTop);
    if (this.#isFollowing || this.isAtEnd) this.#seenRows = this.rows;
    this.#want();
  }

  /** Asks for what is drawn, the newest first where the end is shown. */
  #want(): void {
    if (!this.#isStarted || this.rows === 0) return;
    const { from, to } = this.window;
    const [first, last] = [this.#map.place(from), this.#map.place(to - 1)];
    if (first === null || last === null) return;
    const wishes: Wish[] = [];
    for (let source = first.source; source <= last.source; source += 1) {
      const state = this.#sources[source];
      if (state === undefined || state.totalLines === 0) continue;
      const start = source === first.source ? Math.max(first.line, 1) : 1;
      const end = source === last.source ? last.line : state.totalLines;
      if (end >= start) wishes.push({ attemptId: state.attemptId, from: start, to: end });
    }
    this.#cache.want(wishes);
  }

  #fail(error: ApiError): void {
    this.#error = error;
    this.#changed();
  }

  #changed(): void {
    if (!this.#isStarted || this.#stopFrame !== null) return;
    this.#stopFrame = this.#deps.onFrame(() => {
      this.#stopFrame = null;
      this.#version += 1;
      for (const listener of this.#listeners) listener();
    });
  }
}
