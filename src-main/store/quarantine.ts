import { Worker } from 'node:worker_threads';
import type { Logger, Store } from '../core/ports.ts';
import type { RepairOutcome, UnreadableRef } from './quarantine-repair.ts';
import { workerEntry } from './worker-entry.ts';

/** A row that is found unreadable again after so many repairs is left alone: something else spoils it. */
const maxRepairs = 3;

/**
 * Takes care of rows that could not be read: a thread makes them anew of their events, or sets them aside. Whoever
 * asks meanwhile is answered from the events, or without them.
 */
export class Repairs {
  readonly #options: {
    readonly file: string;
    readonly logger: Logger;
    readonly now: () => number;
    readonly write: Store['write'];
    readonly entry?: URL;
  };
  readonly #waiting = new Map<string, UnreadableRef>();
  readonly #repaired = new Map<string, number>();
  #working: Promise<void> | null = null;
  #closed = false;

  /** @param options.entry another thread, for tests. */
  constructor(options: {
    readonly file: string;
    readonly logger: Logger;
    readonly now: () => number;
    readonly write: Store['write'];
    readonly entry?: URL;
  }) {
    this.#options = options;
  }

  /** A row could not be read. Cheap, and may be told again and again. */
  readonly found = (row: UnreadableRef): void => {
    const key = `${row.kind} ${row.id}`;
    const times = this.#repaired.get(key) ?? 0;
    if (this.#closed || this.#waiting.has(key) || times >= maxRepairs) return;
    this.#repaired.set(key, times + 1);
    this.#waiting.set(key, row);
    this.#working ??= this.#work();
  };

  /** Resolves when nothing is being repaired. */
  async settled(): Promise<void> {
    await this.#working;
  }

  /** Repairs nothing more; resolves when what is under way has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#working;
  }

  async #work(): Promise<void> {
    // What one answer found is repaired at once.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.size > 0 && !this.#closed) {
      const rows = [...this.#waiting.values()];
      this.#waiting.clear();
      for (const outcome of await this.#repair(rows)) await this.#tell(outcome);
    }
    this.#working = null;
  }

  async #repair(rows: readonly UnreadableRef[]): Promise<readonly RepairOutcome[]> {
    const { file, logger, now, entry = workerEntry('repair-worker') } = this.#options;
    const worker = new Worker(entry, { workerData: { file, rows, now: now() } });
    let outcomes: readonly RepairOutcome[] | null = null;
    worker.once('message', (message: readonly RepairOutcome[]) => {
      outcomes = message;
    });
    worker.once('error', (cause) =>
      logger.error('Rows that cannot be read could not be repaired.', { rows, cause: String(cause) }),
    );
    await new Promise((resolve) => worker.once('exit', resolve));
    return outcomes ?? [];
  }

  async #tell(outcome: RepairOutcome): Promise<void> {
    const { logger, now, write } = this.#options;
    const { kind, id } = outcome;
    if (outcome.outcome === 'rebuilt')
      logger.warn('A row could not be read, and was made anew of its events.', { kind, id });
    if (outcome.outcome !== 'quarantined') return;
    const { reason, rows } = outcome;
    logger.error('A row and its events could not be read; it was set aside.', { kind, id, reason, rows });
    try {
      await write((unit) => {
        unit.record([{ at: now(), actor: 'engine', kind: 'row.quarantined', row: kind, id, reason }]);
        return null;
      });
    } catch (error) {
      logger.error('That a row was set aside could not be recorded.', { kind, id, error });
    }
  }
}
