import type { Breaker } from '../contract/breaker.ts';
import { breakerSchema } from '../contract/breaker.ts';
import { decodeChecked } from './checked-row.ts';
import type { SqlValue, Statements } from './connection.ts';
import { RowTable } from './row-table.ts';

const table = new RowTable<Breaker>({
  table: 'breakers',
  key: 'id',
  columns: {
    id: ['id', 'plain'],
    state: ['state', 'plain'],
    failuresInRow: ['failures_in_row', 'plain'],
    successesInRow: ['successes_in_row', 'plain'],
    opened: ['opened', 'plain'],
    retryAt: ['retry_at_ms', 'plain'],
    lastFailure: ['last_failure', 'json'],
    stateSince: ['state_since_ms', 'plain'],
  },
});

const selectSql = `SELECT ${table.selection()} FROM breakers`;
const loadSql = `${selectSql} WHERE id = ?`;
const allSql = `${selectSql} ORDER BY id`;

function decodeBreaker(columns: readonly SqlValue[]): Breaker {
  return decodeChecked(breakerSchema, `circuit breaker ${columns[0]}`, table.decode(columns));
}

/** A breaker by its id; null when nothing has failed yet. */
export function loadBreaker(statements: Statements, id: string): Breaker | null {
  const columns = statements.row(loadSql, id);
  return columns === undefined ? null : decodeBreaker(columns);
}

/** All breakers, by id: at most one for each agent and provider. */
export function readBreakers(statements: Statements): readonly Breaker[] {
  return statements.rows(allSql).map(decodeBreaker);
}

/** Stores a new breaker, or writes what changed of it. */
export function saveBreaker(statements: Statements, before: Breaker | null, after: Breaker): void {
  if (before === null) table.insert(statements, after);
  else table.update(statements, before, after);
}
