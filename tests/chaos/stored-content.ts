import { createHash } from 'node:crypto';
import { lookAt } from './properties/stored-history.ts';

/** What each table of a database holds, as a hash of its rows: two databases with the same hashes say the same. */
export function contentOf(dataFolder: string): Readonly<Record<string, string>> {
  return lookAt(dataFolder, (statements) => {
    const tables = statements.rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
    return Object.fromEntries(
      tables.map(([name]) => {
        const hash = createHash('sha256');
        const rows = statements.rows(`SELECT * FROM "${name}"`).map((row) => JSON.stringify(row));
        for (const row of rows.toSorted()) hash.update(row);
        return [String(name), hash.digest('hex')];
      }),
    );
  });
}

/** The tables in which two databases differ. */
export function differences(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((table) => a[table] !== b[table]);
}
