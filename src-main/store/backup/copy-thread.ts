import { Worker } from 'node:worker_threads';
import type { ApiError } from '../../contract/errors.ts';
import type { Result } from '../../contract/result.ts';
import { err } from '../../contract/result.ts';
import { workerEntry } from '../worker-entry.ts';
import type { Condition, LookOptions } from './condition.ts';
import type { CopyOptions } from './copy-database.ts';

/** What the thread is told to do. */
export type CopyTask = ({ readonly kind: 'copy' } & CopyOptions) | ({ readonly kind: 'look' } & LookOptions);

/** What a thread works on; it ends by itself. */
export interface Underway<Answer> {
  /** Never rejects. */
  readonly answer: Promise<Answer>;
  /** Gives it up. A look at a database cannot be broken off inside of SQLite; it is only waited for no more. */
  stop(): void;
}

/** After so long a copy is given up, in ms: a disk that slow is broken. */
const copyLimitMs = 30 * 60_000;
/** After so long a look is not waited for any more, in ms. */
const lookLimitMs = 10 * 60_000;

/** Copies a database in a thread of its own, see `copyDatabase`. @param entry another thread, for tests. */
export function startCopy(options: CopyOptions, entry?: URL): Underway<Result<number, ApiError>> {
  const failed = (reason: string) => err(failure('copied', options.from, reason));
  const { answer, worker } = run({ kind: 'copy', ...options }, failed, entry);
  const timer = setTimeout(() => worker.postMessage('stop'), copyLimitMs);
  timer.unref();
  return { answer: answer.finally(() => clearTimeout(timer)), stop: () => worker.postMessage('stop') };
}

/**
 * Looks at a whole database in a thread of its own.
 * @returns its condition; `refused` with `unavailable` when it was not waited for to the end.
 */
export function startLook(options: LookOptions, limitMs = lookLimitMs, entry?: URL): Underway<Condition> {
  const failed = (reason: string): Condition => ({ state: 'refused', error: failure('checked', options.file, reason) });
  const { answer, worker } = run({ kind: 'look', ...options }, failed, entry);
  let giveUp = () => {};
  const givenUp = new Promise<Condition>((resolve) => {
    giveUp = () => {
      worker.unref();
      resolve(failed('it took too long'));
    };
  });
  const timer = setTimeout(giveUp, limitMs);
  return { answer: Promise.race([answer, givenUp]).finally(() => clearTimeout(timer)), stop: giveUp };
}

function run<Answer>(
  task: CopyTask,
  failed: (reason: string) => Answer,
  entry = workerEntry('backup-worker'),
): { readonly answer: Promise<Answer>; readonly worker: Worker } {
  const worker = new Worker(entry, { workerData: task });
  const answer = new Promise<Answer>((resolve) => {
    let last: Answer | null = null;
    worker.once('message', (message: Answer) => {
      last = message;
    });
    worker.once('error', (error) => {
      last ??= failed(error instanceof Error ? error.message : String(error));
    });
    worker.once('exit', () => resolve(last ?? failed('its thread ended without a result')));
  });
  return { answer, worker };
}

function failure(what: 'copied' | 'checked', file: string, reason: string): ApiError {
  return {
    type: 'unavailable',
    message: `The database ${file} could not be ${what}: ${reason}.`,
    remedy: 'Look into engine.log in the data folder, and run "signalbox doctor".',
  };
}
