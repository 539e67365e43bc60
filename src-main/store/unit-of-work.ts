import type { ApiError } from '../contract/errors.ts';
import type { Event } from '../contract/event.ts';
import type { Logger, Stop, StoreUnit } from '../core/ports.ts';
import { StoreFailure } from '../core/ports.ts';
import type { Connection } from './connection.ts';
import { GuardedStatements, Statements } from './connection.ts';
import { CounterBook } from './counters.ts';
import { EventRecorder } from './record-events.ts';
import { describeTrouble, isBusy, isStoreTrouble } from './sqlite-trouble.ts';
import type { UnitDoor } from './store-unit.ts';
import { createUnit } from './store-unit.ts';

/** How long one transaction may collect work before it commits and lets other things happen, in milliseconds. */
const defaultBatchMs = 8;
/** How long the lock is waited for before the callers are told, in milliseconds. */
const defaultBusyLimitMs = 30_000;
const longestPauseMs = 20;

interface Queued {
  readonly work: (unit: StoreUnit) => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** A unit that succeeded and waits for the commit. */
interface Finished {
  readonly queued: Queued;
  readonly value: unknown;
}

/**
 * The one place where transactions begin and end. Units of work queue up; those of one turn of the event loop share
 * a transaction, because the flush at its end is what costs; one that fails is taken back alone.
 */
export class UnitOfWork {
  readonly #connection: Connection;
  readonly #file: string;
  readonly #logger: Logger;
  readonly #statements: Statements;
  readonly #counters: CounterBook;
  readonly #recorder: EventRecorder;
  readonly #door: UnitDoor;
  readonly #listeners = new Set<(events: readonly Event[]) => void>();
  readonly #committed: () => void;
  readonly #busyLimitMs: number;
  readonly #batchMs: number;
  #queue: Queued[] = [];
  #scheduled: NodeJS.Immediate | NodeJS.Timeout | null = null;
  #closing: (() => void) | null = null;
  #closed = false;
  #held = false;
  /** What `PRAGMA data_version` said when the memory was last known to be true; null: read anew. */
  #dataVersion: number | null = null;
  #busySince: number | null = null;
  #trouble: ApiError | null = null;

  /**
   * @param options.committed called after each commit, before its callers know.
   * @param options.busyLimitMs how long the lock is waited for before the callers are told; half a minute.
   * @param options.batchMs how long one transaction may collect work.
   */
  constructor(options: {
    readonly connection: Connection;
    readonly file: string;
    readonly logger: Logger;
    readonly leaseMs: number;
    readonly committed: () => void;
    readonly busyLimitMs?: number;
    readonly batchMs?: number;
  }) {
    this.#connection = options.connection;
    this.#file = options.file;
    this.#logger = options.logger;
    this.#committed = options.committed;
    this.#busyLimitMs = options.busyLimitMs ?? defaultBusyLimitMs;
    this.#batchMs = options.batchMs ?? defaultBatchMs;
    this.#statements = new Statements(options.connection);
    this.#counters = new CounterBook(this.#statements);
    this.#recorder = new EventRecorder({
      statements: this.#statements,
      counters: this.#counters,
      leaseMs: options.leaseMs,
    });
    this.#door = createUnit({
      statements: this.#statements,
      settled: new GuardedStatements(options.connection, () => this.#recorder.settle()),
      counters: this.#counters,
      recorder: this.#recorder,
    });
  }

  /** Why the last transaction could not be stored; null when it could. */
  get trouble(): ApiError | null {
    return this.#trouble;
  }

  /** See `Store.write`. */
  write<T>(work: (unit: StoreUnit) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#closed) {
        reject(this.#closedFailure());
        return;
      }
      this.#queue.push({ work, resolve: resolve as (value: unknown) => void, reject });
      this.#schedule();
    });
  }

  /** See `Store.onCommit`. */
  onCommit(listener: (events: readonly Event[]) => void): Stop {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes no more work; resolves when what was queued is committed or has failed. */
  close(): Promise<void> {
    this.#closed = true;
    return new Promise((resolve) => {
      this.#closing = resolve;
      this.#schedule();
    });
  }

  /** Begins no transaction until {@link resume}: units queue up meanwhile. */
  hold(): void {
    this.#held = true;
  }

  /** Goes on after {@link hold}; does nothing when it does not hold. */
  resume(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#schedule();
  }

  #schedule(): void {
    this.#scheduled ??= setImmediate(() => this.#run());
  }

  /** One transaction; then the next one, in another turn, as long as there is work. */
  #run(): void {
    this.#scheduled = null;
    if (this.#held) return;
    if (this.#queue.length > 0 && !this.#runBatch()) return;
    if (this.#queue.length > 0) this.#schedule();
    else this.#closing?.();
  }

  /** @returns false when another process holds the lock: it will be tried again. */
  #runBatch(): boolean {
    try {
      this.#statements.run('BEGIN IMMEDIATE');
    } catch (error) {
      return this.#postpone(error);
    }
    this.#busySince = null;
    const finished: Finished[] = [];
    const events: Event[] = [];
    try {
      this.#refresh(finished);
      this.#runUnits(finished, events);
      this.#recorder.flush();
      this.#counters.flush();
      this.#statements.run('COMMIT');
      this.#trouble = null;
    } catch (error) {
      this.#abandon(finished, error);
      return true;
    }
    this.#committed();
    this.#publish(events);
    for (const { queued, value } of finished) queued.resolve(value);
    return true;
  }

  /** Tries again a little later, without blocking; after half a minute those who wait are told. */
  #postpone(error: unknown): boolean {
    const now = performance.now();
    this.#busySince ??= now;
    if (isBusy(error) && now - this.#busySince < this.#busyLimitMs) {
      // Spread, so that several processes do not come back at the same moment for ever.
      this.#scheduled = setTimeout(() => this.#run(), Math.random() * longestPauseMs);
      return false;
    }
    this.#busySince = null;
    const failure = this.#failure(error);
    this.#logger.error(failure.message, { cause: String(error) });
    for (const queued of this.#queue.splice(0)) queued.reject(failure);
    return true;
  }

  /**
   * What is kept in memory is true as long as nobody else has written; SQLite counts that for us.
   * @throws when the database cannot be read: then all that wait are told, not tried again for ever.
   */
  #refresh(finished: Finished[]): void {
    try {
      const version = this.#statements.number('PRAGMA data_version');
      if (version === this.#dataVersion) return;
      this.#recorder.reset();
      this.#dataVersion = version;
    } catch (error) {
      for (const queued of this.#queue.splice(0)) finished.push({ queued, value: null });
      throw error;
    }
  }

  #runUnits(finished: Finished[], events: Event[]): void {
    const deadline = performance.now() + this.#batchMs;
    let next = 0;
    try {
      while (next < this.#queue.length && (next === 0 || performance.now() < deadline)) {
        const queued = this.#queue[next] as Queued;
        next += 1;
        this.#runUnit(queued, finished, events);
      }
    } finally {
      this.#queue = next < this.#queue.length ? this.#queue.slice(next) : [];
    }
  }

  /** @throws only when the whole transaction is lost. */
  #runUnit(queued: Queued, finished: Finished[], events: Event[]): void {
    const own: Event[] = [];
    try {
      this.#door.open(own);
      const value = queued.work(this.#door.unit);
      refusePromise(value);
      this.#door.close();
      this.#recorder.keepUnit();
      for (const event of own) events.push(event);
      finished.push({ queued, value });
    } catch (error) {
      this.#undoUnit(queued, error);
    }
  }

  #undoUnit(queued: Queued, error: unknown): void {
    const trouble = isStoreTrouble(error);
    const reason = trouble ? new StoreFailure(describeTrouble(error, this.#file), error) : error;
    try {
      this.#door.close();
    } catch {
      // The same error, or one that came before it: the unit is rolled back either way.
    }
    queued.reject(reason);
    // SQLite itself rolls back the whole transaction when the disk is full or fails.
    if (!this.#connection.inTransaction) throw error;
    this.#recorder.dropUnit();
  }

  /** The transaction is lost with all its units: nothing is published, memory is read anew, everyone is told. */
  #abandon(finished: readonly Finished[], error: unknown): void {
    this.#dataVersion = null;
    if (this.#connection.inTransaction) this.#statements.run('ROLLBACK');
    const failure = this.#failure(error);
    this.#logger.error(failure.message, { cause: String(error), units: finished.length });
    for (const { queued } of finished) queued.reject(failure);
  }

  #failure(error: unknown): StoreFailure {
    const failure = new StoreFailure(describeTrouble(error, this.#file), error);
    this.#trouble = failure.apiError;
    return failure;
  }

  #publish(events: readonly Event[]): void {
    if (events.length === 0) return;
    for (const listener of this.#listeners) {
      try {
        listener(events);
      } catch (error) {
        this.#logger.error('A listener to committed events failed.', { cause: String(error) });
      }
    }
  }

  #closedFailure(): StoreFailure {
    return new StoreFailure({
      type: 'unavailable',
      message: 'The database is closed; nothing can be stored any more.',
      remedy: 'Start Signalbox again.',
    });
  }
}

/** The types refuse an async unit of work; what comes around them is refused here, before it could commit half. */
function refusePromise(value: unknown): void {
  if (typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function') {
    throw new TypeError('A unit of work must be synchronous: what it awaits would happen after the commit.');
  }
}
