import type { Database, Statement } from 'better-sqlite3';
import { isDamage } from './sqlite-trouble.ts';

/** An open SQLite connection. Only this room knows its type. */
export type Connection = Database;

/** What SQLite stores and better-sqlite3 binds. */
export type SqlValue = string | number | null;

/** Statements that are composed from what a person chose are many; a hundred of them are in use at a time. */
const maxPrepared = 1_000;

type DamageListener = (error: unknown) => void;
const damageListeners = new WeakMap<Connection, DamageListener>();

/** From now on tells what SQLite says when a statement of this connection meets a damaged part of the file. */
export function onDamage(connection: Connection, listener: DamageListener): void {
  damageListeners.set(connection, listener);
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

  #noticed(error: unknown): unknown {
    if (isDamage(error)) damageListeners.get(this.#connection)?.(error);
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
