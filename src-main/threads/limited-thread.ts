import type { Worker } from 'node:worker_threads';

/** What a thread is for, and what is answered where it cannot answer itself. */
export interface LimitedThreadOptions<Request, Reply, Answer> {
  readonly start: () => Worker;
  readonly read: (reply: Reply) => Answer;
  /** The longest that one request may take, in ms. */
  readonly limitMs: number;
  /** After so long without a request the thread is ended, in ms; the next request starts another. */
  readonly idleMs: number;
  /** How many requests may wait for their turn; more are a flood. */
  readonly maxWaiting: number;
  readonly closing: () => Answer;
  readonly busy: () => Answer;
  readonly tooLong: (request: Request) => Answer;
  /** The thread died over a request. @param error null: it ended without one. */
  readonly died: (error: Error | null) => Answer;
}

interface Waiting<Request, Answer> {
  readonly request: Request;
  readonly settle: (answer: Answer) => void;
}

/**
 * Puts requests to a thread of its own, one after the other. The thread is there only while it is needed; one that
 * takes too long is ended by force, which is the only way out of work that never comes to an end. It must load no
 * native module: to terminate a thread that loads one aborts the whole process.
 */
export class LimitedThread<Request, Reply, Answer> {
  readonly #options: LimitedThreadOptions<Request, Reply, Answer>;
  readonly #waiting: Waiting<Request, Answer>[] = [];
  #worker: Worker | null = null;
  #current: Waiting<Request, Answer> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(options: LimitedThreadOptions<Request, Reply, Answer>) {
    this.#options = options;
  }

  /** Never rejects. */
  ask(request: Request): Promise<Answer> {
    if (this.#closed) return Promise.resolve(this.#options.closing());
    if (this.#waiting.length >= this.#options.maxWaiting) return Promise.resolve(this.#options.busy());
    return new Promise((settle) => {
      this.#waiting.push({ request, settle });
      this.#next();
    });
  }

  /** Gives up what is under way or waits, and resolves when the thread has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { settle } of this.#waiting.splice(0)) settle(this.#options.closing());
    this.#settle(this.#options.closing());
    await this.#endWorker();
  }

  #next(): void {
    if (this.#current !== null || this.#closed) return;
    const next = this.#waiting.shift();
    if (next === undefined) {
      this.#startTimer(this.#options.idleMs, () => void this.#endWorker());
      return;
    }
    this.#current = next;
    const worker = this.#worker ?? this.#startWorker();
    // Somebody waits for the answer: until it is here it keeps the process alive.
    worker.ref();
    this.#startTimer(this.#options.limitMs, () => this.#giveUp(this.#options.tooLong(next.request)));
    worker.postMessage(next.request);
  }

  #startWorker(): Worker {
    const worker = this.#options.start();
    worker.on('message', (reply: Reply) => {
      // A thread that was given up may still have answered.
      if (this.#worker !== worker) return;
      worker.unref();
      this.#settle(this.#options.read(reply));
      this.#next();
    });
    const died = (error: Error | null) => {
      if (this.#worker === worker) this.#giveUp(this.#options.died(error));
    };
    worker.on('error', died);
    worker.on('exit', () => died(null));
    this.#worker = worker;
    return worker;
  }

  /** The thread is of no use any more; the next request gets another. */
  #giveUp(answer: Answer): void {
    void this.#endWorker();
    this.#settle(answer);
    this.#next();
  }

  async #endWorker(): Promise<void> {
    this.#stopTimer();
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  #settle(answer: Answer): void {
    const current = this.#current;
    this.#current = null;
    this.#stopTimer();
    current?.settle(answer);
  }

  #startTimer(ms: number, then: () => void): void {
    this.#stopTimer();
    this.#timer = setTimeout(then, ms);
    this.#timer.unref();
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
