import { Worker } from 'node:worker_threads';
import type { ApiOutput } from '../../contract/api.ts';
import type { ApiError } from '../../contract/errors.ts';
import { refuse } from '../../contract/errors.ts';
import type { Result } from '../../contract/result.ts';
import { ok } from '../../contract/result.ts';
import { LimitedThread } from '../../threads/limited-thread.ts';
import { entryPath } from '../entry-path.ts';
import type { SearchReply, SearchRequest } from './search-worker.ts';

type Answer = Result<ApiOutput<'searchLog'> | null, ApiError>;

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

/** Looks through logs in a thread of its own, one search after the other. */
export class LogSearcher {
  readonly #thread: LimitedThread<SearchRequest, SearchReply, Answer>;

  constructor({ limitMs = defaultLimitMs, idleMs = defaultIdleMs }: LogSearcherOptions = {}) {
    this.#thread = new LimitedThread({
      start: () => new Worker(entryPath('log-search-worker')),
      read: answerOf,
      limitMs,
      idleMs,
      maxWaiting,
      closing: closedAnswer,
      busy: busyAnswer,
      tooLong: (request) => tooLongAnswer(request, limitMs),
      died: (error) => failedAnswer(error?.message ?? 'what searches it has ended'),
    });
  }

  /** @returns null when there is no such file. */
  search(request: SearchRequest): Promise<Answer> {
    return this.#thread.ask(request);
  }

  /** Refuses what is under way or waits, and resolves when the thread has ended. */
  close(): Promise<void> {
    return this.#thread.close();
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
