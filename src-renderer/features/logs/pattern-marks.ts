import type { TextRange } from './line-pieces.ts';
import type { MarkReply, MarkRequest } from './mark-terms.ts';
import { readyRound } from './mark-terms.ts';

/** How long a screenful of lines may take, in ms. */
const limitMs = 300;
/** Lines whose marks are remembered. */
const maxRemembered = 2_000;
const none: readonly TextRange[] = [];

/** What is needed of the thread that matches. */
export interface MarkThread {
  postMessage(request: MarkRequest): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<MarkReply>) => void) | null;
}

/**
 * Where visible lines match a pattern. Answers come a moment later, from a thread; a pattern that does not come to an
 * end marks nothing any more, the lines it was found in are still known from the engine.
 */
export class PatternMarks {
  readonly #start: () => MarkThread;
  readonly #changed: () => void;
  readonly #known = new Map<string, readonly TextRange[]>();
  readonly #missing = new Set<string>();
  #thread: MarkThread | null = null;
  /** Whether the thread has said that it is there: until then it is being loaded, which is no fault of the pattern. */
  #isReady = false;
  #wanted: RegExp | null = null;
  #asked: readonly string[] | null = null;
  #round = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** @param options.changed called when there is more to mark */
  constructor(options: { readonly start: () => MarkThread; readonly changed: () => void }) {
    this.#start = options.start;
    this.#changed = options.changed;
  }

  /** What to mark from now on; null for nothing. */
  use(wanted: RegExp | null): void {
    if (this.#asked !== null) this.#endThread();
    this.#wanted = wanted;
    this.#known.clear();
    this.#missing.clear();
  }

  /** Marks of one line, as far as they are known; the same answer every time. */
  in(text: string): readonly TextRange[] {
    const known = this.#known.get(text);
    if (known !== undefined || this.#wanted === null) return known ?? none;
    this.#missing.add(text);
    this.#ask();
    return none;
  }

  /** Ends the thread. */
  close(): void {
    this.use(null);
    this.#endThread();
  }

  #ask(): void {
    if (this.#asked !== null || this.#wanted === null || this.#missing.size === 0) return;
    this.#asked = [];
    // All lines of a frame are asked for together.
    queueMicrotask(() => this.#send());
  }

  #send(): void {
    const wanted = this.#wanted;
    if (wanted === null) return;
    const texts = [...this.#missing];
    this.#missing.clear();
    this.#asked = texts;
    this.#round += 1;
    this.#thread ??= this.#startThread();
    this.#thread.postMessage({ round: this.#round, source: wanted.source, flags: wanted.flags, texts });
    if (this.#isReady) this.#startTimer();
  }

  #startTimer(): void {
    this.#timer = setTimeout(() => this.use(null), limitMs);
  }

  #startThread(): MarkThread {
    const thread = this.#start();
    thread.onmessage = ({ data }) => this.#receive(data);
    return thread;
  }

  #receive({ round, ranges }: MarkReply): void {
    if (round === readyRound) {
      this.#isReady = true;
      if (this.#asked !== null) this.#startTimer();
      return;
    }
    if (round !== this.#round || this.#asked === null) return;
    this.#stopTimer();
    for (const [index, text] of this.#asked.entries()) this.#known.set(text, ranges[index] ?? none);
    for (const oldest of [...this.#known.keys()].slice(0, -maxRemembered)) this.#known.delete(oldest);
    this.#asked = null;
    this.#changed();
    this.#ask();
  }

  #endThread(): void {
    this.#stopTimer();
    this.#round += 1;
    this.#asked = null;
    this.#thread?.terminate();
    this.#thread = null;
    this.#isReady = false;
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
