import type { Database, Statement } from 'better-sqlite3';
import type { RowKind } from '../contract/evolve.ts';
import { isDamage } from './sqlite-trouble.ts';

/** An open SQLite connection. Only this room knows its type. */
export type Connection = Database;

/** What SQLite stores and better-sqlite3 binds. */
export type SqlValue = string | number | null;

/** Statements that are composed from what a person chose are many; a hundred of them are in use at a time. */
const maxPrepared = 1_000;

/** Who is told what a connection meets. */
export interface TroubleListener {
  /** What SQLite says when a statement meets a damaged part of the file. */
  readonly damaged?: ((error: unknown) => void) | undefined;
  /** A row whose columns make no row of the contract. */
  readonly unreadable?: (row: { readonly kind: RowKind; readonly id: string }) => void;
}

const listeners = new WeakMap<Connection, TroubleListener>();

/** From now on tells what the statements of this connection meet. */
export function onTrouble(connection: Connection, listener: TroubleListener): void {
  listeners.set(connection, listener);
}

/**
 * The prepared statements of one connection: each is prepared at its first use and kept until the connection closes,
 * because preparing costs ten times what a short statement does.
 *
 * SQLite prepares a statement again at every binding when the plan may depend on the bound value: in a LIMIT, in a
 * range, in the order of a join. Statements of the hot paths hide such values from the planner, which has nothing to
 * learn from them, by writing `(SELECT ?)` and `LIMIT ? + 0`: a fifth of the time.
 */
export class Statements {
  readonly #connection: Connection;
  readonly #prepared = new Map<string, Statement<unknown[], unknown>>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Runs a statement that returns no rows. @returns how many rows it changed. */
  run(sql: string, ...values: SqlValue[]): number {
    try {
      return this.#of(sql).run(...values).changes;
    } catch (error) {
      throw this.#noticed(error);
    }
  }

  /** The first row as an array of its columns; undefined when there is none. Its types are the codecs' to check. */
  row(sql: string, ...values: SqlValue[]): SqlValue[] | undefined {
    try {
      return this.#of(sql).get(...values) as SqlValue[] | undefined;
    } catch (error) {
      throw this.#noticed(error);
    }
  }

  /** All rows, each an array of its columns. */
  rows(sql: string, ...values: SqlValue[]): SqlValue[][] {
    try {
      return this.#of(sql).all(...values) as SqlValue[][];
    } catch (error) {
      throw this.#noticed(error);
    }
  }

  /** Rows one after the other, for more of them than should be in memory at once. */
  each(sql: string, ...values: SqlValue[]): Iterable<SqlValue[]> {
    return this.#of(sql).iterate(...values) as Iterable<SqlValue[]>;
  }

  /** The first column of the first row, as a number; 0 when there is no row or it is null. */
  number(sql: string, ...values: SqlValue[]): number {
    return Number(this.row(sql, ...values)?.[0] ?? 0);
  }

  /** A row that was read could not be decoded. */
  tellUnreadable(row: { readonly kind: RowKind; readonly id: string }): void {
    listeners.get(this.#connection)?.unreadable?.(row);
  }

  #noticed(error: unknown): unknown {
    if (isDamage(error)) listeners.get(this.#connection)?.damaged?.(error);
    return error;
  }

  #of(sql: string): Statement<unknown[], unknown> {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const prepared = this.#connection.prepare<unknown[], unknown>(sql);
    if (prepared.reader) prepared.raw(true);
    if (this.#prepared.size >= maxPrepared) this.#prepared.clear();
    this.#prepared.set(sql, prepared);
    return prepared;
  }
}

/** Statements that ask, on a connection where something has to be done before each question. */
export class GuardedStatements extends Statements {
  readonly #before: () => void;

  constructor(connection: Connection, before: () => void) {
    super(connection);
    this.#before = before;
  }

  override row(sql: string, ...values: SqlValue[]): SqlValue[] | undefined {
    this.#before();
    return super.row(sql, ...values);
  }

  override rows(sql: string, ...values: SqlValue[]): SqlValue[][] {
    this.#before();
    return super.rows(sql, ...values);
  }

  override each(sql: string, ...values: SqlValue[]): Iterable<SqlValue[]> {
    this.#before();
    return super.each(sql, ...values);
  }
}
