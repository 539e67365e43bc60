import type { SqlValue, Statements } from './connection.ts';

/** Sorts behind every id. */
const beyondLastId = '~';

/** Where rows of one state are found: FROM clause and alias of the table that has the id. */
export interface Source {
  readonly from: string;
  /** A condition that is true of these rows anyway, and tells SQLite that a partial index has them all. */
  readonly known?: string;
  readonly alias: string;
}

/** A piece of SQL with the values it binds. */
export interface Fragment {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** Which rows: those of the states that meet every demand. */
export interface Selection {
  /** Null stands for all states. */
  readonly sourceOf: (state: string | null) => Source;
  readonly states: readonly string[] | undefined;
  readonly demands: readonly Fragment[];
}

export interface PageQuery extends Selection {
  /** Columns to read; the id is the first one. */
  readonly columns: string;
  /** What rows are ordered by before their ids; nothing when not given. A term is never null. */
  readonly order?: readonly Fragment[];
  readonly ascending?: boolean;
  /** The {@link Page.last} of the page before; undefined for the first page. */
  readonly after: readonly SqlValue[] | undefined;
  readonly limit: number;
}

interface Page {
  readonly rows: SqlValue[][];
  /** The place of the last row, as `after` of the next page: its order terms and its id. Null: there is no next page. */
  readonly last: readonly SqlValue[] | null;
}

/**
 * Reads a page by its key. Each state is read through its own index and the results are merged, so that without demands
 * and further order the cost depends on the page and not on how many rows there are.
 */
export function readPage(statements: Statements, query: PageQuery): Page {
  const { order = [], limit } = query;
  const parts = statesOf(query).map((state) => partOf(query, state));
  if (parts.length === 0) return { rows: [], last: null };
  const found = statements.rows(
    `${parts.map(({ sql }) => sql).join(' UNION ALL ')} ORDER BY ${orderBy(query)} LIMIT ? + 0`,
    ...parts.flatMap(({ values }) => values),
    limit + 1,
  );
  const rows = found.slice(0, limit);
  const last = found.length > limit ? (rows.at(-1)?.slice(0, order.length + 1) ?? null) : null;
  return { rows: order.length === 0 ? rows : rows.map((row) => row.slice(order.length)), last };
}

/** How many rows there are in all; looks at each of them. */
export function countRows(statements: Statements, selection: Selection): number {
  let total = 0;
  for (const state of statesOf(selection)) {
    const { from } = selection.sourceOf(state);
    const { sql, values } = conditionsOf(selection, state);
    total += statements.number(`SELECT count(*) FROM ${from} WHERE ${sql}`, ...values);
  }
  return total;
}

function statesOf({ states }: Selection): readonly (string | null)[] {
  return states === undefined ? [null] : [...new Set(states)];
}

function orderBy({ order = [], ascending = false }: PageQuery): string {
  const direction = ascending ? 'ASC' : 'DESC';
  return [...order, null].map((_, index) => `${index + 1} ${direction}`).join(', ');
}

function conditionsOf({ sourceOf, demands }: Selection, state: string | null): Fragment {
  const { alias, known } = sourceOf(state);
  const conditions = demands.map(({ sql }) => sql);
  if (state !== null) conditions.push(`${alias}.state = '${state}'`);
  if (known !== undefined) conditions.push(known);
  return { sql: conditions.join(' AND ') || 'true', values: demands.flatMap(({ values }) => values) };
}

function partOf(query: PageQuery, state: string | null): Fragment {
  const { order = [], columns, limit } = query;
  const { from, alias } = query.sourceOf(state);
  const conditions = conditionsOf(query, state);
  const key = keyCondition(query, alias);
  const terms = order.map(({ sql }) => `${sql}, `).join('');
  return {
    sql:
      `SELECT * FROM (SELECT ${terms}${columns} FROM ${from} WHERE ${conditions.sql} AND ${key.sql} ` +
      `ORDER BY ${orderBy(query)} LIMIT ? + 0)`,
    values: [...order.flatMap(({ values }) => values), ...conditions.values, ...key.values, limit + 1],
  };
}

/** Behind the last row of the page before. */
function keyCondition({ order = [], ascending = false, after }: PageQuery, alias: string): Fragment {
  const compare = ascending ? '>' : '<';
  if (order.length === 0) {
    const first = ascending ? '' : beyondLastId;
    return { sql: `${alias}.id ${compare} (SELECT ?)`, values: [after?.[0] ?? first] };
  }
  if (after === undefined) return { sql: 'true', values: [] };
  const terms = order.map(({ sql }) => `${sql}, `).join('');
  return {
    sql: `(${terms}${alias}.id) ${compare} (${after.map(() => '?').join(', ')})`,
    values: [...order.flatMap(({ values }) => values), ...after],
  };
}
