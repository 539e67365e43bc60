import type { EngineRow } from '../contract/evolve.ts';
import type { Statements } from './connection.ts';

const loadSql = "SELECT frozen_at_ms, frozen_reason FROM engine WHERE id = 'engine'";
const saveSql = `
INSERT INTO engine (id, frozen_at_ms, frozen_reason) VALUES ('engine', ?, ?)
ON CONFLICT DO UPDATE SET frozen_at_ms = excluded.frozen_at_ms, frozen_reason = excluded.frozen_reason`;

/** The engine's row; null before its first start. */
export function loadEngine(statements: Statements): EngineRow | null {
  const columns = statements.row(loadSql);
  if (columns === undefined) return null;
  const [frozenAt = null, frozenReason = null] = columns;
  return {
    frozenAt: frozenAt === null ? null : Number(frozenAt),
    frozenReason: frozenReason === null ? null : String(frozenReason),
  };
}

/** Writes the engine's row. */
export function saveEngine(statements: Statements, row: EngineRow): void {
  statements.run(saveSql, row.frozenAt, row.frozenReason);
}
