import type { Priority } from '../contract/states.ts';
import { priorities } from '../contract/states.ts';
import type { SqlValue, Statements } from './connection.ts';
import { LotInsert } from './lot-insert.ts';

/** How a field becomes a column: as it is, a boolean as 0 or 1, a priority as its index, anything else as JSON text. */
export type ColumnCodec = 'plain' | 'flag' | 'priority' | 'json';

/** Every stored field of a row with its column, in the order of the columns. The compiler demands all fields. */
export type Columns<R> = { readonly [F in keyof R]-?: readonly [column: string, codec: ColumnCodec] };

interface StoredField {
  readonly field: string;
  readonly column: string;
  readonly codec: ColumnCodec;
}

/**
 * Reads and writes the rows of one table, from one list of its columns. An update writes only the columns whose
 * fields changed: rows are immutable values, so that comparing by identity is enough.
 */
export class RowTable<R extends object> {
  readonly #table: string;
  readonly #fields: readonly StoredField[];
  readonly #key: StoredField;
  readonly #owner: string | null;
  readonly #insert: string;
  readonly #lots: LotInsert<R>;
  /** SQL of the updates that occurred so far, by the columns they set. */
  readonly #updates = new Map<string, string>();

  /**
   * @param options.owner a column in front that is no field of the row: the key of the row it belongs to; its value
   *   is handed to every write.
   * @param options.insertOnly a column in front that is no field of the row, and is handed to its insert only.
   */
  constructor(options: {
    readonly table: string;
    readonly columns: Columns<R>;
    readonly key: keyof R & string;
    readonly owner?: string;
    readonly insertOnly?: string;
  }) {
    this.#table = options.table;
    this.#fields = Object.entries<readonly [string, ColumnCodec]>(options.columns).map(([field, [column, codec]]) => ({
      field,
      column,
      codec,
    }));
    this.#key = this.#fields.find(({ field }) => field === options.key) as StoredField;
    this.#owner = options.owner ?? null;
    const front = options.owner ?? options.insertOnly;
    const names = [...(front === undefined ? [] : [front]), ...this.#fields.map(({ column }) => column)];
    this.#insert = `INSERT INTO ${this.#table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
    this.#lots = new LotInsert(this.#table, names, (values, row) => this.#push(values, row));
  }

  /** How many columns {@link selection} names. */
  get width(): number {
    return this.#fields.length;
  }

  /** The columns for a SELECT, in the order in which {@link decode} expects them. */
  selection(alias = this.#table): string {
    return this.#fields.map(({ column }) => `${alias}.${column}`).join(', ');
  }

  /** @param front the value of the column in front, where there is one. */
  insert(statements: Statements, row: R, front?: SqlValue): void {
    const values: SqlValue[] = front === undefined ? [] : [front];
    this.#push(values, row);
    statements.run(this.#insert, ...values);
  }

  /** Inserts rows of a table that has no column in front. */
  insertAll(statements: Statements, rows: readonly R[]): void {
    this.#lots.run(statements, rows);
  }

  /** Writes what changed; nothing when nothing stored did. */
  update(statements: Statements, before: R, after: R, owner?: string): void {
    let changed = '';
    const values: SqlValue[] = [];
    for (const [index, stored] of this.#fields.entries()) {
      const value = fieldValue(after, stored.field);
      if (value !== fieldValue(before, stored.field)) {
        changed += `${index},`;
        values.push(encode(stored.codec, value));
      }
    }
    if (values.length === 0) return;
    if (owner !== undefined) values.push(owner);
    values.push(encode(this.#key.codec, fieldValue(after, this.#key.field)));
    statements.run(this.#updateSql(changed), ...values);
  }

  /** A row out of the columns of {@link selection}, `offset` columns into the array. */
  decode(columns: readonly SqlValue[], offset = 0): R {
    const row: Record<string, unknown> = {};
    for (let index = 0; index < this.#fields.length; index += 1) {
      const stored = this.#fields[index] as StoredField;
      row[stored.field] = decode(stored.codec, columns[offset + index] ?? null);
    }
    return row as R;
  }

  #push(values: SqlValue[], row: R): void {
    for (const stored of this.#fields) values.push(encode(stored.codec, fieldValue(row, stored.field)));
  }

  #updateSql(changed: string): string {
    const known = this.#updates.get(changed);
    if (known !== undefined) return known;
    const set = this.#fields.filter((_, index) => changed.split(',').includes(String(index)));
    const where = [...(this.#owner === null ? [] : [this.#owner]), this.#key.column];
    const sql =
      `UPDATE ${this.#table} SET ${set.map(({ column }) => `${column} = ?`).join(', ')}` +
      ` WHERE ${where.map((column) => `${column} = ?`).join(' AND ')}`;
    this.#updates.set(changed, sql);
    return sql;
  }
}

function fieldValue(row: object, field: string): unknown {
  return (row as Readonly<Record<string, unknown>>)[field];
}

function encode(codec: ColumnCodec, value: unknown): SqlValue {
  if (value === null || value === undefined) return null;
  switch (codec) {
    case 'plain':
      return value as SqlValue;
    case 'flag':
      return value === true ? 1 : 0;
    case 'priority':
      return priorities.indexOf(value as Priority);
    case 'json':
      return JSON.stringify(value);
  }
}

function decode(codec: ColumnCodec, value: SqlValue): unknown {
  if (value === null) return null;
  switch (codec) {
    case 'plain':
      return value;
    case 'flag':
      return value === 1;
    case 'priority':
      return priorities[value as number];
    case 'json':
      return JSON.parse(value as string);
  }
}
