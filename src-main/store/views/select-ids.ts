import type { Statements } from '../connection.ts';
import type { Selection } from '../read-page.ts';
import { readPage } from '../read-page.ts';

/**
 * The next ids of a selection, oldest first, up to the newest row there was when the first of them were asked for: what
 * is made meanwhile does not belong to the selection.
 */
export function selectIds(
  statements: Statements,
  query: {
    readonly selection: Selection;
    readonly table: 'runs' | 'tasks';
    readonly alias: 'r' | 't';
    readonly after: string | null;
    readonly upTo: string | null;
    readonly limit: number;
  },
): { readonly ids: readonly string[]; readonly upTo: string } {
  const { selection, table, alias, after, limit } = query;
  const upTo = query.upTo ?? String(statements.row(`SELECT max(id) FROM ${table}`)?.[0] ?? '');
  const bound = { sql: `${alias}.id <= ?`, values: [upTo] };
  const { rows } = readPage(statements, {
    ...selection,
    demands: [...selection.demands, bound],
    columns: `${alias}.id`,
    ascending: true,
    after: after === null ? undefined : [after],
    limit,
  });
  return { ids: rows.map(([id]) => String(id)), upTo };
}
