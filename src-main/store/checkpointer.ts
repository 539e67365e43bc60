import { statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { PartTrouble } from '../core/parts.ts';
import type { Logger } from '../core/ports.ts';
import type { CheckpointMode, CheckpointReport } from './checkpoint.ts';
import type { Connection } from './connection.ts';
import { workerEntry } from './worker-entry.ts';

/** Least time between two checkpoints, in milliseconds. */
const intervalMs = 50;
/** Above this much of the log, in bytes, it has to start over. */
const restartBytes = 32 * 1024 * 1024;
/** Above this size of the log's file, in bytes, the writer waits for the checkpoint. */
const holdBytes = 40 * 1024 * 1024;
/** Above this much of a log that cannot start over, in bytes, the writer waits: it must not grow without a bound. */
const limitBytes = 56 * 1024 * 1024;
/** After so long, in milliseconds, the writer goes on, the log grows, and this is told. */
const defaultPatienceMs = 3_000;
/** Then the log is tried again this often, in milliseconds, until it starts over. */
const retryMs = 1_000;
/** SQLite's own default: pages after which a commit carries out a checkpoint. */
const automaticPages = 1_000;

/** The writer, as far as checkpoints have to do with it. */
export interface HoldableWriter {
  readonly connection: Connection;
  /** Begins no transaction until `resume`. Holding twice is holding once. */
  hold(): void;
  resume(): void;
}

/**
 * Moves the copying of the log off the main thread, where it would make single commits slow. While nothing is written
 * nothing wakes up. A writer that never rests would keep the log from ever starting over: when the log is long, the
 * writer is held for the few milliseconds in which the rest is copied. Should the thread die, SQLite's automatic
 * checkpoints take over.
 *
 * While another process reads an old state, nothing can make the log start over. The writer is then held for some
 * seconds, which is longer than any of our own readers; after them work goes on, and a person is told which log grows
 * and why, until it has started over.
 */
export class Checkpointer {
  readonly #writer: HoldableWriter;
  readonly #log: string;
  readonly #logger: Logger;
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  #state: 'starting' | 'idle' | 'working' | 'pausing' | 'closing' = 'starting';
  /** Whether there was a commit since the last checkpoint began. */
  #dirty = false;
  #pause: NodeJS.Timeout | null = null;
  #toldBusy = false;
  /** Since when a log above its limit could not start over, by `performance.now()`; null: it is below, or could. */
  #overSince: number | null = null;
  /** Whether the writer goes on although the log grows. */
  #growing = false;
  readonly #patienceMs: number;
  readonly #trouble: (trouble: PartTrouble | null) => void;

  /**
   * Starts the thread.
   * @param options.trouble told why the log grows; null: it has started over.
   * @param options.patienceMs how long the writer waits for a log that cannot start over; three seconds.
   * @param options.entry another thread, for tests.
   */
  constructor(options: {
    readonly writer: HoldableWriter;
    readonly logger: Logger;
    readonly trouble?: ((trouble: PartTrouble | null) => void) | undefined;
    readonly patienceMs?: number;
    readonly entry?: URL;
  }) {
    this.#writer = options.writer;
    this.#patienceMs = options.patienceMs ?? defaultPatienceMs;
    this.#trouble = options.trouble ?? (() => undefined);
    this.#log = `${options.writer.connection.name}-wal`;
    this.#logger = options.logger;
    this.#worker = new Worker(options.entry ?? workerEntry('checkpoint-worker'), {
      workerData: { file: options.writer.connection.name },
    });
    this.#worker.unref();
    this.#worker.on('message', (message: CheckpointReport | 'ready') => this.#receive(message));
    this.#worker.on('error', (error) => this.#logger.warn('The checkpoint thread failed.', { cause: String(error) }));
    this.#ended = new Promise((resolve) => this.#worker.once('exit', () => resolve(this.#takeOver())));
  }

  /** There was a commit. */
  committed(): void {
    this.#dirty = true;
    if (this.#state === 'starting' || this.#state === 'closing') return;
    if (this.#growing) return;
    const full = (statSync(this.#log, { throwIfNoEntry: false })?.size ?? 0) > holdBytes;
    if (full) this.#hold();
    if (this.#state === 'idle' || (full && this.#state === 'pausing')) this.#start('passive');
  }

  /**
   * Ends the thread; resolves when it has ended. One that is still starting ends itself once it has started: to
   * terminate a thread while it loads a native module aborts the whole process.
   */
  async close(): Promise<void> {
    this.#state = 'closing';
    this.#stopPause();
    // Whoever closes waits for it: now it may keep the process alive.
    this.#worker.ref();
    this.#worker.postMessage('close');
    await this.#ended;
  }

  #start(mode: CheckpointMode): void {
    this.#stopPause();
    this.#state = 'working';
    if (mode === 'passive') this.#dirty = false;
    else this.#hold();
    this.#worker.postMessage(mode);
  }

  #hold(): void {
    this.#writer.hold();
    // Held units wait for the thread's answer: until it is here it keeps the process alive.
    this.#worker.ref();
  }

  #receive(message: CheckpointReport | 'ready'): void {
    if (this.#state === 'closing') {
      this.#writer.resume();
      return;
    }
    if (message === 'ready') this.#writer.connection.pragma('wal_autocheckpoint = 0');
    else if (message.mode === 'passive' && message.walBytes > restartBytes) {
      this.#start(this.#growing ? 'truncate' : 'restart');
      return;
    } else if (this.#waitsOn(message)) {
      this.#pauseFor(intervalMs, () => this.#start('restart'));
      return;
    }
    this.#writer.resume();
    this.#worker.unref();
    this.#rest();
  }

  /** Whether the writer stays held after a checkpoint, because the log is above its limit and cannot start over. */
  #waitsOn(report: CheckpointReport): boolean {
    if (report.mode !== 'passive') this.#tellBusy(report);
    if (!report.busy || report.walBytes <= limitBytes) {
      if (!report.busy) this.#endGrowth();
      return false;
    }
    this.#overSince ??= performance.now();
    if (!this.#growing && performance.now() - this.#overSince < this.#patienceMs) return true;
    this.#growing = true;
    this.#trouble(logGrows(report.walBytes));
    return false;
  }

  #endGrowth(): void {
    this.#overSince = null;
    if (this.#growing) this.#trouble(null);
    this.#growing = false;
  }

  /** Waits before the next checkpoint, which starts at once if there was a commit meanwhile, or the log must shrink. */
  #rest(): void {
    this.#pauseFor(this.#growing ? retryMs : intervalMs, () => {
      this.#state = 'idle';
      if (this.#dirty || this.#growing) this.#start('passive');
    });
  }

  #pauseFor(ms: number, then: () => void): void {
    this.#state = 'pausing';
    this.#pause = setTimeout(then, ms);
    this.#pause.unref();
  }

  #stopPause(): void {
    if (this.#pause !== null) clearTimeout(this.#pause);
    this.#pause = null;
  }

  #tellBusy({ busy, walBytes }: CheckpointReport): void {
    if (busy && !this.#toldBusy) {
      this.#logger.warn('The write-ahead log cannot start over: another process writes, or reads an old state.', {
        walBytes,
      });
    }
    this.#toldBusy = busy;
  }

  #takeOver(): void {
    if (this.#state === 'closing') return;
    this.#state = 'closing';
    this.#stopPause();
    this.#writer.connection.pragma(`wal_autocheckpoint = ${automaticPages}`);
    this.#logger.warn('The checkpoint thread has ended; commits carry out the checkpoints themselves from now on.');
    this.#writer.resume();
  }
}

function logGrows(walBytes: number): PartTrouble {
  return {
    message: `Another process reads an old state of the database: its write-ahead log cannot start over, and has grown to ${Math.round(walBytes / 2 ** 20)} MiB.`,
    remedy:
      'End that process: a "signalbox export" or "signalbox doctor" that hangs, or a program that shows or copies databases. Work goes on meanwhile, and the log shrinks by itself afterwards.',
  };
}
