import { Worker } from 'node:worker_threads';
import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';
import { entryUrl } from '../threads/entry-url.ts';
import { LimitedThread } from '../threads/limited-thread.ts';
import type { ParseRequest } from './parse-worker.ts';
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
  readonly #thread: LimitedThread<ParseRequest, ParsedWorkflow, Checked>;

  constructor(options: TextCheckerOptions = {}) {
    const { limitMs = defaultLimitMs, idleMs = defaultIdleMs, entry = parseEntry() } = options;
    const maxOldGenerationSizeMb = options.maxHeapMegabytes ?? defaultHeapMegabytes;
    const tooLong = `${failed} within ${limitMs / 1_000} s; make it shorter, or write what its aliases repeat out in full`;
    this.#thread = new LimitedThread<ParseRequest, ParsedWorkflow, Checked>({
      start: () => new Worker(entry, { resourceLimits: { maxOldGenerationSizeMb } }),
      read: ok,
      limitMs,
      idleMs,
      maxWaiting,
      closing: () => err(closing),
      busy: () => err(tooMany),
      tooLong: () => err(tooLong),
      died: (error) => err(`${failed}: ${error === null ? 'what checks it has ended' : reasonOf(error)}`),
    });
  }

  /** @param agentTypes as `parseWorkflow` takes them. Never rejects. */
  check(text: string, agentTypes: readonly string[] | null): Promise<Checked> {
    // What is too large is refused by its size alone.
    if (text.length <= smallText || text.length > maxFileBytes) {
      return Promise.resolve(ok(parseWorkflow(text, agentTypes)));
    }
    return this.#thread.ask({ text, agentTypes });
  }

  /** Gives up what is under way or waits, and resolves when the thread has ended. */
  close(): Promise<void> {
    return this.#thread.close();
  }
}

function reasonOf(error: Error): string {
  const isFull = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return isFull ? 'it would take too much memory; make it shorter' : error.message;
}

/** Where the thread starts. @param from URL of this module; given in tests. */
export function parseEntry(from: string = import.meta.url): URL {
  return entryUrl('./parse-worker.ts', 'workflow-parse-worker', from);
}
