import type { Connection } from '../connection.ts';
import { Statements } from '../connection.ts';

/** What a check saw: how much it looked at, the first thing that is wrong, or what a person should know of. */
export type Verdict =
  | { readonly status: 'ok' | 'broken'; readonly detail: string }
  | { readonly status: 'warning'; readonly detail: string; readonly remedy: string };

/** One check of the doctor. It reads in short transactions, so that the log can start over meanwhile. */
export interface Check {
  readonly name: string;
  look(reader: DiagnoseReader): Verdict;
}

export function healthy(detail: string): Verdict {
  return { status: 'ok', detail };
}

export function faulty(detail: string): Verdict {
  return { status: 'broken', detail };
}

/** Nothing is wrong with what is there, but a person has something to decide. */
export function warning(detail: string, remedy: string): Verdict {
  return { status: 'warning', detail, remedy };
}

/** A read-only connection of the doctor's own. */
export class DiagnoseReader {
  readonly connection: Connection;
  readonly statements: Statements;

  constructor(connection: Connection) {
    this.connection = connection;
    this.statements = new Statements(connection);
  }

  /** Everything that is read inside belongs to one committed state. */
  inOneState<T>(read: () => T): T {
    this.statements.run('BEGIN');
    try {
      return read();
    } finally {
      this.statements.run('COMMIT');
    }
  }

  /**
   * Looks at every id of a table, a few hundred at a time, each lot in one committed state.
   * @returns what is wrong with the first that is wrong, null otherwise; and how many were looked at.
   */
  eachId(
    table: string,
    look: (id: string) => string | null,
  ): { readonly fault: string | null; readonly count: number } {
    let after = '';
    let count = 0;
    for (;;) {
      const lot = this.inOneState(() => {
        const ids = this.statements
          .rows(`SELECT id FROM ${table} WHERE id > ? ORDER BY id LIMIT 200`, after)
          .map(([id]) => String(id));
        const fault = ids.reduce<string | null>((found, id) => found ?? look(id), null);
        return { ids, fault };
      });
      count += lot.ids.length;
      const last = lot.ids.at(-1);
      if (lot.fault !== null || last === undefined) return { fault: lot.fault, count };
      after = last;
    }
  }
}
