import type { ApiError } from '../../contract/errors.ts';
import type { Result } from '../../contract/result.ts';
import { ok } from '../../contract/result.ts';
import type { SqlValue, Statements } from '../connection.ts';
import type { Fragment, Selection } from '../read-page.ts';
import { readPage } from '../read-page.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

interface OrderedQuery {
  readonly limit: number;
  readonly after?: string | undefined;
  readonly sort?: { readonly by: string; readonly direction: 'ascending' | 'descending' } | undefined;
  readonly now: number;
}

/** A place behind all values of a column, for rows that have none. */
export function lastPlace(ascending: boolean): number {
  return ascending ? Number.MAX_SAFE_INTEGER : -1;
}

/**
 * A page in any order. By creation its `after` is an id, as it is for pages on the main thread: one may go on with what
 * the other began.
 * @param orderOf the terms before the id; none: by creation.
 */
export function readOrdered(
  statements: Statements,
  query: OrderedQuery,
  what: {
    readonly selection: Selection;
    readonly columns: string;
    readonly orderOf: (by: string, ascending: boolean, now: number) => readonly Fragment[];
  },
): Result<{ readonly rows: SqlValue[][]; readonly next: string | null }, ApiError> {
  const { by, direction } = query.sort ?? { by: 'created', direction: 'descending' };
  const ascending = direction === 'ascending';
  const length = what.orderOf(by, ascending, query.now).length;
  const page = { ...what.selection, columns: what.columns, ascending, limit: query.limit };
  if (length === 0) {
    const { rows, last } = readPage(statements, {
      ...page,
      after: query.after === undefined ? undefined : [query.after],
    });
    return ok({ rows, next: last === null ? null : String(last[0]) });
  }
  const sort = `${by} ${direction}`;
  const start = decodeCursor(query.after, { sort, now: query.now, length: length + 1 });
  if (!start.ok) return start;
  const { now, after } = start.value;
  const { rows, last } = readPage(statements, { ...page, order: what.orderOf(by, ascending, now), after });
  return ok({ rows, next: last === null ? null : encodeCursor(sort, now, last) });
}
