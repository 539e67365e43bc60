import type { Statement } from 'better-sqlite3';
import Database from 'better-sqlite3';
import type { Finding } from '../../../src-main/contract/api-engine.ts';
import type { Event } from '../../../src-main/contract/event.ts';
import type { Logger, Store, StoreReads } from '../../../src-main/core/ports.ts';
import type { Connection } from '../../../src-main/store/connection.ts';
import { Statements } from '../../../src-main/store/connection.ts';
import { storedCounters } from '../../../src-main/store/counters.ts';
import { diagnoseDatabase } from '../../../src-main/store/diagnose/diagnose-database.ts';
import { migrate } from '../../../src-main/store/migrate.ts';
import { migrations } from '../../../src-main/store/migrations/all-migrations.ts';
import { createReads } from '../../../src-main/store/store-reads.ts';
import { UnitOfWork } from '../../../src-main/store/unit-of-work.ts';
import { createViewAnswers } from '../../../src-main/store/views/answer-view.ts';

/** What the database is to fail with, at which of the next statements that write. */
export interface StoreFault {
  readonly code: 'SQLITE_FULL' | 'SQLITE_IOERR_WRITE' | 'SQLITE_BUSY' | 'SQLITE_NOMEM';
  /** 0: at the next one. */
  readonly after: number;
  /** Whether SQLite rolls the whole transaction back, as it does when the disk is full. */
  readonly rollsBack: boolean;
}

/** Where the process dies: before a commit, which is then lost, or after it, when nobody was told yet. */
export interface CommitCrash {
  readonly commits: number;
  readonly when: 'before' | 'after';
}

/** One life of an engine on the database. */
export interface StoreLife {
  readonly store: Store;
  readonly isDead: boolean;
  /** How many units wait for their commit. */
  readonly pending: number;
  /** Ends it as the death of a process does: what is not committed is lost, and nobody is told anything any more. */
  die(): void;
}

const writes = /^\s*(INSERT|UPDATE|DELETE|REPLACE|BEGIN IMMEDIATE|COMMIT|SAVEPOINT)/i;

/**
 * The store's real code on a database in memory: its units of work, its reads, its checks. There is no thread and no
 * file, so that thousands of histories fit into a minute; what files and threads add is tested with files and threads.
 * Statements are prepared once for all histories, because preparing them anew costs more than a history.
 */
export class MemoryStore {
  fault: StoreFault | null = null;
  crash: CommitCrash | null = null;
  readonly #base: Connection;
  readonly #connection: Connection;
  readonly #unwatched: Connection;
  readonly #reads: StoreReads;
  readonly #view: ReturnType<typeof createViewAnswers>;
  #life: Life | null = null;

  constructor(logger: Logger) {
    this.#base = new Database(':memory:');
    this.#base.pragma('foreign_keys = ON');
    this.#base.pragma('temp_store = MEMORY');
    migrate(this.#base, { sqlite: Database, migrations, backups: '/nowhere', now: () => 0, logger });
    const watch = { before: (sql: string) => this.#beforeWrite(sql), after: (sql: string) => this.#afterWrite(sql) };
    this.#connection = prepareOnce(this.#base, (statement, sql) => watchedStatement(statement, sql, watch));
    const statements = new Statements(this.#connection);
    this.#reads = createReads(statements, storedCounters(statements));
    // Questions have connections of their own, which no fault of the writer concerns.
    this.#unwatched = prepareOnce(this.#base, (statement) => statement);
    this.#view = createViewAnswers(this.#unwatched);
  }

  /** What is committed. */
  get reads(): StoreReads {
    return this.#reads;
  }

  /** Empties every table, for the next history. */
  wipe(): void {
    this.#life?.die();
    this.fault = null;
    this.crash = null;
    if (this.#base.inTransaction) this.#base.exec('ROLLBACK');
    const names = this.#base
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .pluck()
      .all();
    this.#base.pragma('foreign_keys = OFF');
    this.#base.exec(names.map((name) => `DELETE FROM "${name}"`).join(';'));
    this.#base.pragma('foreign_keys = ON');
  }

  /** Changes what is stored past every rule. */
  spoil(sql: string): void {
    this.#base.exec(sql);
  }

  /** Everything that is wrong with what is stored, as the doctor says it. */
  diagnose(): readonly Finding[] {
    return diagnoseDatabase(this.#unwatched).filter(({ status }) => status !== 'ok');
  }

  /** Events with a greater number than this one. */
  eventsAfter(seq: number): readonly Event[] {
    const events: Event[] = [];
    for (;;) {
      const page = this.#reads.listEvents({ afterSeq: events.at(-1)?.seq ?? seq, limit: 1_000 }).events;
      events.push(...page);
      if (page.length < 1_000) return events;
    }
  }

  /**
   * The store as an engine that is just starting sees it; an earlier life is over.
   * @param options.committed told everything that is committed, whether the engine lives to hear of it or not.
   */
  open(options: {
    readonly logger: Logger;
    readonly leaseMs: number;
    readonly committed: (events: readonly Event[]) => void;
  }): StoreLife {
    this.#life?.die();
    this.crash = null;
    const life = new Life({
      connection: this.#connection,
      reads: this.#reads,
      view: this.#view,
      diagnose: () => diagnoseDatabase(this.#unwatched),
      ...options,
    });
    this.#life = life;
    return life;
  }

  close(): void {
    this.#base.close();
  }

  #beforeWrite(sql: string): void {
    if (sql === 'COMMIT' && this.crash?.when === 'before' && this.#dies()) {
      this.#base.exec('ROLLBACK');
      throw new Database.SqliteError('the process died', 'SQLITE_IOERR');
    }
    const { fault } = this;
    if (fault === null || (fault.code === 'SQLITE_BUSY' && !sql.startsWith('BEGIN'))) return;
    if (fault.after > 0) {
      this.fault = { ...fault, after: fault.after - 1 };
      return;
    }
    this.fault = null;
    if (fault.rollsBack && this.#base.inTransaction) this.#base.exec('ROLLBACK');
    throw new Database.SqliteError('injected', fault.code);
  }

  #afterWrite(sql: string): void {
    if (sql === 'COMMIT' && this.crash?.when === 'after') this.#dies();
  }

  /** Counts commits until the one at which the process dies. */
  #dies(): boolean {
    const { crash } = this;
    if (crash === null) return false;
    if (crash.commits > 0) {
      this.crash = { ...crash, commits: crash.commits - 1 };
      return false;
    }
    this.crash = null;
    this.#life?.die();
    return true;
  }
}

/** The same database behind a face that prepares each statement once and for all who ask. */
function prepareOnce(base: Connection, face: (statement: Statement<unknown[], unknown>, sql: string) => unknown) {
  const prepared = new Map<string, unknown>();
  const prepare = (sql: string) => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const statement = face(base.prepare(sql), sql);
    prepared.set(sql, statement);
    return statement;
  };
  const connection = {
    prepare,
    pragma: base.pragma.bind(base),
    name: base.name,
    get inTransaction() {
      return base.inTransaction;
    },
  };
  return connection as unknown as Connection;
}

type Watch = { before(sql: string): void; after(sql: string): void };

/** A statement that tells when it is about to write, and when it has. */
function watchedStatement(statement: Statement<unknown[], unknown>, sql: string, watch: Watch): unknown {
  if (!writes.test(sql)) return statement;
  return {
    reader: statement.reader,
    raw: (on: boolean) => statement.raw(on),
    run: (...values: unknown[]) => {
      watch.before(sql);
      const result = statement.run(...values);
      watch.after(sql);
      return result;
    },
    get: (...values: unknown[]) => {
      watch.before(sql);
      return statement.get(...values);
    },
    all: (...values: unknown[]) => {
      watch.before(sql);
      return statement.all(...values);
    },
  };
}

class Died extends Error {}

class Life implements StoreLife {
  readonly store: Store;
  isDead = false;
  pending = 0;
  readonly #units: UnitOfWork;

  constructor(parts: {
    readonly connection: Connection;
    readonly reads: StoreReads;
    readonly view: ReturnType<typeof createViewAnswers>;
    readonly diagnose: () => readonly Finding[];
    readonly logger: Logger;
    readonly leaseMs: number;
    readonly committed: (events: readonly Event[]) => void;
  }) {
    const { connection, reads, view, diagnose, logger, leaseMs } = parts;
    const file = ':memory:';
    // However slow the machine is, the same history makes the same transactions.
    const batchMs = Number.POSITIVE_INFINITY;
    this.#units = new UnitOfWork({ connection, file, logger, leaseMs, committed: () => {}, batchMs });
    this.#units.onCommit(parts.committed);
    const views = new Proxy({} as Store['views'], {
      get: (_none, name: string) => (query: unknown) => Promise.resolve(view(name as never, query)),
    });
    this.store = {
      reads,
      views,
      history: removesNothing,
      facts: () => ({ path: file, bytes: 0, walBytes: 0, trouble: this.#units.trouble }),
      write: (work) => this.#write(work),
      onCommit: (listener) =>
        this.#units.onCommit((events) => {
          if (!this.isDead) listener(events);
        }),
      diagnose: () => Promise.resolve(diagnose()),
      close: () => Promise.resolve(),
    };
  }

  die(): void {
    this.isDead = true;
    this.pending = 0;
  }

  /** Of a dead process nothing comes back, neither a value nor an error. */
  #write: Store['write'] = (work) =>
    new Promise((resolve, reject) => {
      if (this.isDead) return;
      this.pending += 1;
      const answer = <T>(tell: (value: T) => void) => {
        return (value: T) => {
          if (this.isDead) return;
          this.pending -= 1;
          tell(value);
        };
      };
      this.#units
        .write((unit) => {
          if (this.isDead) throw new Died();
          return work(unit);
        })
        .then(answer(resolve), answer(reject));
    });
}

/** Histories are short: nothing of them is old. */
const nothingRemoved = { runs: 0, tasks: 0, events: 0, attemptIds: [], ownerIds: [] };
const removesNothing: Store['history'] = {
  forget: () => Promise.resolve({ outcome: 'missing', removed: nothingRemoved }),
  forgetOld: () => Promise.resolve({ next: null, removed: nothingRemoved, condensable: [] }),
  ownersInFolders: () => Promise.resolve({ next: null, ids: [] }),
  quarantinedIds: () => Promise.resolve(new Set()),
  noteLogsRemoved: () => Promise.resolve(),
};
