import type { Fragment } from '../read-page.ts';

/** A pattern of LIKE for rows that contain a text as it stands; LIKE ignores the case of the letters a to z. */
function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

/**
 * Demands that one of some columns contains a text.
 * @param columns expressions that are text or null.
 * @param json expressions that are JSON text: there a quote or a line break is written as JSON writes it.
 */
export function contains(text: string, columns: readonly string[], json: readonly string[] = []): Fragment {
  const like = (column: string) => `${column} LIKE ? ESCAPE '\\'`;
  const pattern = containing(text);
  const jsonPattern = containing(JSON.stringify(text).slice(1, -1));
  return {
    sql: `(${[...columns, ...json].map(like).join(' OR ')})`,
    values: [...columns.map(() => pattern), ...json.map(() => jsonPattern)],
  };
}
