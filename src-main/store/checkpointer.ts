import { statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
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

  /** Starts the thread. @param options.entry another thread, for tests. */
  constructor(options: { readonly writer: HoldableWriter; readonly logger: Logger; readonly entry?: URL }) {
    this.#writer = options.writer;
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
    if (this.#state !== 'closing' && message !== 'ready' && message.mode === 'passive') {
      if (message.walBytes > restartBytes) {
        this.#start('restart');
        return;
      }
    }
    this.#writer.resume();
    if (this.#state === 'closing') return;
    this.#worker.unref();
    if (message === 'ready') this.#writer.connection.pragma('wal_autocheckpoint = 0');
    else if (message.mode === 'restart') this.#tellBusy(message);
    this.#rest();
  }

  /** Waits before the next checkpoint, which starts at once if there was a commit meanwhile. */
  #rest(): void {
    this.#state = 'pausing';
    this.#pause = setTimeout(() => {
      this.#state = 'idle';
      if (this.#dirty) this.#start('passive');
    }, intervalMs);
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
