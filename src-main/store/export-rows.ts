import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';
import type { Connection } from './connection.ts';
import { loadSqlite } from './load-sqlite.ts';
import { describeTrouble } from './sqlite-trouble.ts';

/** What was written, and what could not be read. */
export interface Exported {
  readonly rows: number;
  readonly skipped: readonly { readonly table: string; readonly reason: string }[];
}

type Row = Readonly<Record<string, unknown>>;

/** Rows that are read at a time: the log of a database that is written meanwhile can start over in between. */
const lotSize = 500;

/**
 * Writes every row of every table as one line of JSON, as it is stored: a line about the file, then
 * `{"table": …, "row": {column: value}}`, then a line with what was written and what was skipped. Only reads, also a
 * database in use, and a damaged one as far as that goes: of a table with a damaged part, what comes before and after.
 * @param file a database of Signalbox of any version.
 * @param write called with a line, without its end.
 */
export async function exportRows(
  file: string,
  write: (line: string) => void,
  now: number,
): Promise<Result<Exported, ApiError>> {
  const sqlite = await loadSqlite();
  if (!sqlite.ok) return sqlite;
  let connection: Connection | null = null;
  try {
    connection = new sqlite.value(file, { readonly: true, fileMustExist: true, timeout: 5_000 });
    connection.unsafeMode(true);
    // Reads on where the description of the tables itself has a fault.
    connection.pragma('writable_schema = ON');
    const schema = Number(connection.pragma('user_version', { simple: true }));
    const tables = tablesOf(connection);
    if (tables.length === 0) return refuse('refused', `Nothing is stored in ${file}.`, 'Name another file.');
    write(JSON.stringify({ export: 'signalbox', format: 1, schema, file, at: new Date(now).toISOString() }));
    const exported: Writing = { rows: 0, skipped: [] };
    for (const table of tables) writeTable(connection, table, write, exported);
    write(JSON.stringify({ end: true, ...exported }));
    return ok(exported);
  } catch (error) {
    return err(describeTrouble(error, file));
  } finally {
    connection?.close();
  }
}

interface Writing {
  rows: number;
  readonly skipped: { table: string; reason: string }[];
}

interface Table {
  readonly name: string;
  readonly hasRowid: boolean;
}

function tablesOf(connection: Connection): readonly Table[] {
  const rows = connection
    .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .all() as { name: string; sql: string }[];
  return rows.map(({ name, sql }) => ({ name, hasRowid: !/WITHOUT\s+ROWID/i.test(sql) }));
}

function writeTable(
  connection: Connection,
  { name, hasRowid }: Table,
  write: (line: string) => void,
  exported: Writing,
): void {
  const put = (row: Row) => {
    write(JSON.stringify({ table: name, row }));
    exported.rows += 1;
  };
  try {
    if (hasRowid) writeByRowid(connection, name, put, exported);
    else for (const row of connection.prepare(`SELECT * FROM "${name}"`).iterate()) put(row as Row);
  } catch (error) {
    skip(exported, name, `all or the rest of it: ${reasonOf(error)}`);
  }
}

/** Forward until the end or a damaged part, then back from the end until that part. */
function writeByRowid(connection: Connection, name: string, put: (row: Row) => void, exported: Writing): void {
  const forward = connection.prepare(
    `SELECT rowid AS place, * FROM "${name}" WHERE rowid > ? ORDER BY rowid LIMIT ${lotSize}`,
  );
  const back = connection.prepare(
    `SELECT rowid AS place, * FROM "${name}" WHERE rowid > ? AND rowid < ? ORDER BY rowid DESC LIMIT 1`,
  );
  let first = Number.MIN_SAFE_INTEGER;
  const putRow = ({ place, ...row }: Record<string, unknown>) => {
    put(row);
    return Number(place);
  };
  try {
    for (let lot = readLot(forward, first); lot.length > 0; lot = readLot(forward, first)) {
      for (const row of lot) first = putRow(row);
    }
    return;
  } catch (error) {
    skip(exported, name, `a part behind row ${Math.max(0, first)}: ${reasonOf(error)}`);
  }
  let last = Number.MAX_SAFE_INTEGER;
  for (;;) {
    let row: Record<string, unknown> | undefined;
    try {
      row = back.get(first, last) as Record<string, unknown> | undefined;
    } catch {
      return;
    }
    if (row === undefined) return;
    last = putRow(row);
  }
}

/** A lot, or of a lot with a damaged row in it those before that row. */
function readLot(statement: ReturnType<Connection['prepare']>, after: number): Record<string, unknown>[] {
  const rows: Record<string, unknown>[] = [];
  try {
    for (const row of statement.iterate(after)) rows.push(row as Record<string, unknown>);
  } catch (error) {
    if (rows.length === 0) throw error;
  }
  return rows;
}

function skip(exported: Writing, table: string, reason: string): void {
  exported.skipped.push({ table, reason });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
