import { Worker } from 'node:worker_threads';
import type { ApiOutput } from '../../contract/api.ts';
import type { ApiError } from '../../contract/errors.ts';
import { refuse } from '../../contract/errors.ts';
import type { Result } from '../../contract/result.ts';
import { ok } from '../../contract/result.ts';
import { entryPath } from '../entry-path.ts';
import type { SearchReply, SearchRequest } from './search-worker.ts';

type Answer = Result<ApiOutput<'searchLog'> | null, ApiError>;
interface Waiting {
  readonly request: SearchRequest;
  readonly answer: (answer: Answer) => void;
}

export interface LogSearcherOptions {
  /** How long one search may take; a pattern can be made so that it would take years. */
  readonly limitMs?: number;
  /** After so long without a search the thread is ended; the next search starts another. */
  readonly idleMs?: number;
}

/** Searches that wait for their turn; a window has one under way, so more are a flood. */
const maxWaiting = 32;
const defaultLimitMs = 10_000;
const defaultIdleMs = 10_000;

/**
 * Looks through logs in a thread of its own, one search after the other. The thread is there only while it is needed;
 * one that takes too long is ended by force, which is the only way out of a pattern that never comes to an end.
 */
export class LogSearcher {
  readonly #limitMs: number;
  readonly #idleMs: number;
  readonly #waiting: Waiting[] = [];
  #worker: Worker | null = null;
  #current: Waiting | null = null;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor({ limitMs = defaultLimitMs, idleMs = defaultIdleMs }: LogSearcherOptions = {}) {
    this.#limitMs = limitMs;
    this.#idleMs = idleMs;
  }

  /** @returns null when there is no such file. */
  search(request: SearchRequest): Promise<Answer> {
    if (this.#closed) return Promise.resolve(closedAnswer());
    if (this.#waiting.length >= maxWaiting) return Promise.resolve(busyAnswer());
    return new Promise((answer) => {
      this.#waiting.push({ request, answer });
      this.#next();
    });
  }

  /** Refuses what is under way or waits, and resolves when the thread has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { answer } of this.#waiting.splice(0)) answer(closedAnswer());
    this.#finish(closedAnswer());
    await this.#endWorker();
  }

  #next(): void {
    if (this.#current !== null || this.#closed) return;
    const next = this.#waiting.shift();
    if (next === undefined) {
      this.#startTimer(this.#idleMs, () => void this.#endWorker());
      return;
    }
    this.#current = next;
    const worker = this.#worker ?? this.#startWorker();
    worker.ref();
    this.#startTimer(this.#limitMs, () => {
      void this.#endWorker();
      this.#finish(tooLongAnswer(next.request, this.#limitMs));
      this.#next();
    });
    worker.postMessage(next.request);
  }

  #startWorker(): Worker {
    const worker = new Worker(entryPath('log-search-worker'));
    worker.on('message', (reply: SearchReply) => {
      // A thread that was given up may still have answered.
      if (this.#worker !== worker) return;
      worker.unref();
      this.#finish(answerOf(reply));
      this.#next();
    });
    worker.on('error', (error) => {
      if (this.#worker !== worker) return;
      this.#worker = null;
      this.#finish(failedAnswer(error.message));
      this.#next();
    });
    this.#worker = worker;
    return worker;
  }

  async #endWorker(): Promise<void> {
    this.#stopTimer();
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  #finish(answer: Answer): void {
    const current = this.#current;
    this.#current = null;
    this.#stopTimer();
    current?.answer(answer);
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

function answerOf(reply: SearchReply): Answer {
  switch (reply.kind) {
    case 'found':
      return ok(reply.found);
    case 'noFile':
      return ok(null);
    case 'noPattern':
      return refuse('invalidInput', `The pattern cannot be used: ${reply.reason}.`, 'Correct it, or search for text.', {
        field: 'find.pattern',
      });
    case 'failed':
      return failedAnswer(reply.reason);
  }
}

function tooLongAnswer({ find }: SearchRequest, limitMs: number): Answer {
  const seconds = `${limitMs / 1_000} s`;
  if (find.kind !== 'pattern') {
    return refuse(
      'refused',
      `The log was not looked through within ${seconds}: it is too large.`,
      'Search the file itself: its path is at the top of the log.',
    );
  }
  return refuse(
    'refused',
    `The search took longer than ${seconds} and was given up: the pattern has too many ways to match, or the log is large.`,
    'Use a simpler pattern, without a repetition inside of a repetition, or search for text.',
    { field: 'find.pattern' },
  );
}

function failedAnswer(reason: string): Answer {
  return refuse('unavailable', `The log could not be searched: ${reason}.`, 'Try again; read the log instead.');
}

function busyAnswer(): Answer {
  return refuse('unavailable', `${maxWaiting} searches wait already.`, 'Try again when they have ended.');
}

function closedAnswer(): Answer {
  return refuse('unavailable', 'The engine is closing, and searches no more.', 'Start it again.');
}
