import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { StoreFailure } from '../../core/ports.ts';
import type { ForgetStep, PrunePlace, PruneRule, PruneStep, StoreHistory } from '../../core/ports-history.ts';
import type { Connection } from '../connection.ts';
import { Statements } from '../connection.ts';
import { describeTrouble, isBusy } from '../sqlite-trouble.ts';
import { forgetMarked, forgetOldRuns, forgetOldTasks } from './find-old.ts';
import { forgetOwner } from './forget-owner.ts';
import type { Owner, Removed } from './forgotten.ts';
import { noteLogsRemoved, nothingRemoved } from './forgotten.ts';
import { ownersInFolders } from './owners-in-folders.ts';
import { sweepEvents } from './sweep-events.ts';

/** About how many rows and events a step removes: 2 ms of the main thread, in one of a hundred steps 5 ms. */
const usualBudget = 100;
const quarantinedSql = 'SELECT id FROM quarantined_rows';
/** Pause before the lock is tried again, in ms. */
const busyPauseMs = 10;
/** How often it is tried. */
const maxTries = 1_000;

/**
 * Removes what nobody needs any more, in steps that each take a turn of the event loop of their own. It has a
 * connection of its own without checks of references, because each of those would look through a whole table for rows
 * that have no index by what they refer to, and such an index would make every task dearer. It removes a row's
 * dependants before the row; the doctor checks references. What the writer keeps in memory is read anew after a step,
 * as after any other process's change.
 */
export class HistoryPruner implements StoreHistory {
  readonly #open: () => Connection;
  readonly #file: string;
  readonly #committed: () => void;
  readonly #budget: number;
  #connection: Connection | null = null;
  #statements: Statements | null = null;
  #tail: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  /**
   * @param options.open a connection that may write.
   * @param options.committed called after each commit.
   */
  constructor(options: {
    readonly open: () => Connection;
    readonly file: string;
    readonly committed: () => void;
    readonly budget?: number;
  }) {
    this.#open = options.open;
    this.#file = options.file;
    this.#committed = options.committed;
    this.#budget = options.budget ?? usualBudget;
  }

  /** See `StoreHistory.forget`. */
  forget(owner: Owner): Promise<ForgetStep> {
    return this.#step((statements) => {
      const removed = nothingRemoved();
      const outcome = forgetOwner(statements, owner, this.#budget, removed);
      return { outcome, removed };
    });
  }

  /** See `StoreHistory.forgetOld`. */
  forgetOld(place: PrunePlace, rule: PruneRule): Promise<PruneStep> {
    return this.#step((statements) => {
      const removed = nothingRemoved();
      const step = { statements, rule, budget: this.#budget, removed };
      switch (place.phase) {
        case 'marked':
          return { next: forgetMarked(step, place.skipped), removed, condensable: [] };
        case 'runs':
          return { next: forgetOldRuns(step, place), removed, condensable: [] };
        case 'tasks':
          return { next: forgetOldTasks(step, place), removed, condensable: [] };
        case 'events':
          return this.#sweep(statements, place.after, rule, removed);
      }
    });
  }

  /** See `StoreHistory.ownersInFolders`. */
  ownersInFolders(after: string) {
    return this.#step((statements) => ownersInFolders(statements, after));
  }

  /** See `StoreHistory.quarantinedIds`. */
  quarantinedIds(): Promise<ReadonlySet<string>> {
    return this.#step((statements) => new Set(statements.rows(quarantinedSql).map(([id]) => String(id))));
  }

  /** See `StoreHistory.noteLogsRemoved`. */
  noteLogsRemoved(endedAt: number): Promise<void> {
    return this.#step((statements) => noteLogsRemoved(statements, endedAt));
  }

  /** Takes no further step; resolves when the last one is done. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#tail;
    this.#connection?.close();
  }

  #sweep(statements: Statements, after: number, rule: PruneRule, removed: Removed): PruneStep {
    if (rule.dryRun) return { next: null, removed, condensable: [] };
    const { next, condensable } = sweepEvents(statements, after, rule, this.#budget, removed);
    return { next: next === null ? null : { phase: 'events', after: next }, removed, condensable };
  }

  #step<T>(work: (statements: Statements) => T): Promise<T> {
    const done = this.#tail.then(() => this.#transaction(work));
    this.#tail = done.catch(() => null);
    return done;
  }

  async #transaction<T>(work: (statements: Statements) => T): Promise<T> {
    await nextTurn();
    if (this.#isClosed) throw closedFailure();
    try {
      const statements = this.#prepared();
      await begin(statements);
      const value = work(statements);
      statements.run('COMMIT');
      this.#committed();
      return value;
    } catch (error) {
      if (this.#connection?.inTransaction === true) this.#statements?.run('ROLLBACK');
      throw error instanceof StoreFailure ? error : new StoreFailure(describeTrouble(error, this.#file), error);
    }
  }

  #prepared(): Statements {
    this.#connection ??= this.#open();
    this.#statements ??= new Statements(this.#connection);
    return this.#statements;
  }
}

/** Another connection may hold the lock for a moment: tried again, without holding up the thread. */
async function begin(statements: Statements): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      statements.run('BEGIN IMMEDIATE');
      return;
    } catch (error) {
      if (!isBusy(error) || tries >= maxTries) throw error;
      await pause(busyPauseMs);
    }
  }
}

function closedFailure(): StoreFailure {
  return new StoreFailure({
    type: 'unavailable',
    message: 'The database is closed; nothing can be removed any more.',
    remedy: 'Start Signalbox again.',
  });
}
