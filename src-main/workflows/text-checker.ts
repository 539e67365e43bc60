import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';
import type { ParseReply, ParseRequest } from './parse-worker.ts';
import type { ParsedWorkflow } from './parse-workflow.ts';
import { parseWorkflow } from './parse-workflow.ts';
import { maxFileBytes } from './yaml-file.ts';

export interface TextCheckerOptions {
  /** The longest that the check of one text may take. */
  readonly limitMs?: number;
  /** After so long without a text the thread is ended; the next text starts another. */
  readonly idleMs?: number;
  /** The most memory that the check of one text may take, in MiB. */
  readonly maxHeapMegabytes?: number;
  /** Another thread, for tests. */
  readonly entry?: URL;
}

/** What was found out about a text, or the sentence why that could not be done. */
export type Checked = Result<ParsedWorkflow, string>;

interface Waiting {
  readonly request: ParseRequest;
  readonly settle: (checked: Checked) => void;
}

/**
 * Texts up to this length are checked where they are, in UTF-16 code units. The worst of this length takes about ten
 * milliseconds; a sound text, twenty of them together.
 */
const smallText = 1_000;
/** A window has one text under check, and a folder is read one file after the other: more are a flood. */
const maxWaiting = 64;
/** A sound file of the largest size takes a few hundred; more is a text that was made to fill the memory. */
const defaultHeapMegabytes = 512;
const defaultLimitMs = 10_000;
const defaultIdleMs = 10_000;

const failed = 'The text could not be checked';
const tooMany = `${failed}: ${maxWaiting} others wait already; try again in a moment`;
const closing = `${failed}: the engine is closing`;

/**
 * Checks the texts of workflow files in a thread of its own, one after the other: a hostile text of a megabyte takes
 * seconds, and the engine has to go on meanwhile. One that takes too long, or too much memory, is ended by force.
 */
export class TextChecker {
  readonly #limitMs: number;
  readonly #idleMs: number;
  readonly #maxHeapMegabytes: number;
  readonly #entry: URL;
  readonly #waiting: Waiting[] = [];
  #worker: Worker | null = null;
  #current: Waiting | null = null;
  #timer: NodeJS.Timeout | null = null;
  #lastId = 0;
  #closed = false;

  constructor(options: TextCheckerOptions = {}) {
    this.#limitMs = options.limitMs ?? defaultLimitMs;
    this.#idleMs = options.idleMs ?? defaultIdleMs;
    this.#maxHeapMegabytes = options.maxHeapMegabytes ?? defaultHeapMegabytes;
    this.#entry = options.entry ?? parseEntry();
  }

  /** @param agentTypes as `parseWorkflow` takes them. Never rejects. */
  check(text: string, agentTypes: readonly string[] | null): Promise<Checked> {
    // What is too large is refused by its size alone.
    if (text.length <= smallText || text.length > maxFileBytes) {
      return Promise.resolve(ok(parseWorkflow(text, agentTypes)));
    }
    if (this.#closed) return Promise.resolve(err(closing));
    if (this.#waiting.length >= maxWaiting) return Promise.resolve(err(tooMany));
    this.#lastId += 1;
    const request = { id: this.#lastId, text, agentTypes };
    return new Promise((settle) => {
      this.#waiting.push({ request, settle });
      this.#next();
    });
  }

  /** Gives up what is under way or waits, and resolves when the thread has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { settle } of this.#waiting.splice(0)) settle(err(closing));
    this.#settle(err(closing));
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
    // Somebody waits for the answer: until it is here it keeps the process alive.
    worker.ref();
    this.#startTimer(this.#limitMs, () => {
      const seconds = this.#limitMs / 1_000;
      this.#fail(`${failed} within ${seconds} s; make it shorter, or write what its aliases repeat out in full`);
    });
    worker.postMessage(next.request);
  }

  #startWorker(): Worker {
    const worker = new Worker(this.#entry, { resourceLimits: { maxOldGenerationSizeMb: this.#maxHeapMegabytes } });
    worker.on('message', ({ id, parsed }: ParseReply) => {
      // A thread that was given up may still have answered.
      if (this.#worker !== worker || this.#current?.request.id !== id) return;
      worker.unref();
      this.#settle(ok(parsed));
      this.#next();
    });
    worker.on('error', (error) => this.#died(worker, reasonOf(error)));
    worker.on('exit', () => this.#died(worker, 'what checks it has ended'));
    this.#worker = worker;
    return worker;
  }

  #died(worker: Worker, reason: string): void {
    if (this.#worker === worker) this.#fail(`${failed}: ${reason}`);
  }

  /** The thread is of no use any more; the next text gets another. */
  #fail(sentence: string): void {
    void this.#endWorker();
    this.#settle(err(sentence));
    this.#next();
  }

  async #endWorker(): Promise<void> {
    this.#stopTimer();
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  #settle(checked: Checked): void {
    const current = this.#current;
    this.#current = null;
    this.#stopTimer();
    current?.settle(checked);
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

function reasonOf(error: Error): string {
  const isFull = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return isFull ? 'it would take too much memory; make it shorter' : error.message;
}

/**
 * Where the thread starts: its source when this file runs from source, otherwise its bundle, which is next to the one
 * that contains this code or one folder above (shared chunks).
 * @param from URL of this module; given in tests.
 */
export function parseEntry(from: string = import.meta.url): URL {
  if (from.endsWith('.ts')) return new URL('./parse-worker.ts', from);
  const beside = new URL('./workflow-parse-worker.js', from);
  return existsSync(beside) ? beside : new URL('../workflow-parse-worker.js', from);
}
