import { Worker } from 'node:worker_threads';
import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { Logger, StoreViews, ViewName } from '../core/ports.ts';
import type { UnreadableRef } from './quarantine-repair.ts';
import { workerEntry } from './worker-entry.ts';

/** What is asked of the thread, and its answer. */
export interface ViewRequest {
  readonly id: number;
  readonly name: ViewName;
  readonly query: unknown;
}
export interface ViewReply {
  readonly id: number;
  /** A `Result`, made by `ViewAnswers`. */
  readonly result: unknown;
}

/** A row that the thread left out of its answer. */
export interface UnreadableNote {
  readonly unreadable: UnreadableRef;
}

/** How many questions may wait for their turn; a window asks for a few at a time. */
const maxWaiting = 64;
const defaultLimitMs = 10_000;

interface Waiting {
  readonly request: ViewRequest;
  readonly settle: (result: unknown) => void;
}

/** A thread with what is known of it. */
interface Thread {
  readonly worker: Worker;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
  ready: boolean;
  /** Given up: it took too long. It ends as soon as SQLite lets go of it. */
  abandoned: boolean;
}

/**
 * Puts questions to a thread of its own, one after the other. The thread starts at the first question. One that dies,
 * or takes too long for a question, is replaced at the next question; who waited for it is told.
 */
export class QueryThread {
  readonly #file: string;
  readonly #logger: Logger;
  readonly #unreadable: (row: UnreadableRef) => void;
  readonly #entry: URL;
  readonly #limitMs: number;
  readonly #waiting: Waiting[] = [];
  /** Those that were given up and have not ended yet. */
  readonly #abandoned = new Set<Thread>();
  #thread: Thread | null = null;
  #asked: (Waiting & { readonly timer: NodeJS.Timeout }) | null = null;
  #lastId = 0;
  #closed = false;

  /** @param options.limitMs the longest that one question may take; @param options.entry another thread, for tests. */
  constructor(options: {
    readonly file: string;
    readonly logger: Logger;
    /** Told of rows that were left out of an answer, because they cannot be read. */
    readonly unreadable?: (row: UnreadableRef) => void;
    readonly limitMs?: number;
    readonly entry?: URL;
  }) {
    this.#file = options.file;
    this.#logger = options.logger;
    this.#unreadable = options.unreadable ?? (() => {});
    this.#limitMs = options.limitMs ?? defaultLimitMs;
    this.#entry = options.entry ?? workerEntry('query-worker');
  }

  /** The questions, as the core asks them. */
  get views(): StoreViews {
    const ask = (name: ViewName) => (query: unknown) => this.#ask(name, query);
    return {
      listRuns: ask('listRuns'),
      listTasks: ask('listTasks'),
      listEvents: ask('listEvents'),
      countDeadLetters: ask('countDeadLetters'),
      getOverview: ask('getOverview'),
      getMetrics: ask('getMetrics'),
      getTraffic: ask('getTraffic'),
      selectRunIds: ask('selectRunIds'),
      selectTaskIds: ask('selectTaskIds'),
    } as StoreViews;
  }

  /** Answers what waits with a refusal, and ends the thread; resolves when none is left. */
  async close(): Promise<void> {
    this.#closed = true;
    const thread = this.#thread;
    this.#fail(closing);
    if (thread !== null) this.#end(thread);
    await Promise.all([thread?.ended, ...[...this.#abandoned].map(({ ended }) => ended)]);
  }

  #ask(name: ViewName, query: unknown): Promise<unknown> {
    if (this.#closed) return Promise.resolve({ ok: false, error: closing });
    // A thread that SQLite does not let go of takes a processor; two of them would take the whole machine.
    if (this.#waiting.length >= maxWaiting || this.#abandoned.size > 1) {
      return Promise.resolve({ ok: false, error: tooMany });
    }
    this.#lastId += 1;
    const request = { id: this.#lastId, name, query };
    return new Promise((settle) => {
      this.#waiting.push({ request, settle });
      this.#next();
    });
  }

  #next(): void {
    if (this.#asked !== null) return;
    const next = this.#waiting.shift();
    if (next === undefined) {
      this.#thread?.worker.unref();
      return;
    }
    this.#thread ??= this.#start();
    const { worker } = this.#thread;
    // Somebody waits for the answer: until it is here it keeps the process alive.
    worker.ref();
    const timer = setTimeout(() => this.#giveUp(), this.#limitMs);
    this.#asked = { ...next, timer };
    worker.postMessage(next.request);
  }

  #start(): Thread {
    const worker = new Worker(this.#entry, { workerData: { file: this.#file } });
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    const thread: Thread = { worker, ended, ready: false, abandoned: false };
    worker.on('message', (message: ViewReply | UnreadableNote | 'ready') => this.#receive(thread, message));
    worker.on('error', (error) => this.#logger.warn('The query thread failed.', { cause: String(error) }));
    void ended.then(() => this.#gone(thread));
    return thread;
  }

  #receive(thread: Thread, message: ViewReply | UnreadableNote | 'ready'): void {
    if (message !== 'ready' && 'unreadable' in message) this.#unreadable(message.unreadable);
    else if (message === 'ready') {
      thread.ready = true;
      if (thread.abandoned) this.#end(thread);
    } else if (message.id === this.#asked?.request.id) {
      this.#settle(message.result);
    }
  }

  #settle(result: unknown): void {
    const asked = this.#asked;
    if (asked === null) return;
    this.#asked = null;
    clearTimeout(asked.timer);
    asked.settle(result);
    this.#next();
  }

  #giveUp(): void {
    const thread = this.#thread;
    this.#logger.warn('A question to the database took too long.', { name: this.#asked?.request.name });
    this.#thread = null;
    if (thread !== null) {
      thread.abandoned = true;
      this.#abandoned.add(thread);
      thread.worker.unref();
      if (thread.ready) this.#end(thread);
    }
    this.#settle({ ok: false, error: tooSlow });
  }

  /**
   * One that is still starting ends itself once it has started: to terminate a thread while it loads a native module
   * aborts the whole process.
   */
  #end(thread: Thread): void {
    thread.worker.ref();
    if (thread.ready) void thread.worker.terminate();
    else thread.worker.postMessage('close');
  }

  #gone(thread: Thread): void {
    this.#abandoned.delete(thread);
    if (this.#thread !== thread) return;
    this.#thread = null;
    if (this.#closed) return;
    this.#logger.warn('The query thread has ended; the next question starts another one.');
    this.#settle({ ok: false, error: died });
  }

  #fail(error: ApiError): void {
    for (const { settle } of this.#waiting.splice(0)) settle({ ok: false, error });
    this.#settle({ ok: false, error });
  }
}

const { error: closing } = refuse(
  'unavailable',
  'The database is being closed; nothing more can be looked up.',
  'Start Signalbox again.',
);
const { error: tooMany } = refuse(
  'unavailable',
  'Too many questions to the database wait for their turn.',
  'Try again in a moment.',
);
const { error: tooSlow } = refuse(
  'unavailable',
  'Looking through the database took too long, and was stopped.',
  'Narrow it down: choose states, a workflow or a shorter time, or search for less.',
);
const { error: died } = refuse(
  'unavailable',
  'What looks things up in the database ended before it had answered.',
  'Try again; if it happens again, look into engine.log in the data folder.',
);
