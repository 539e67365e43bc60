import type { Failure } from '../contract/errors.ts';
import type { RowKind, Rows } from '../contract/evolve.ts';
import type { StoreReads } from './ports.ts';

/**
 * A row that must be there, because another row or a command just made names it.
 * @throws when it is not: a defect, which rolls the unit of work back.
 */
export function mustRow<K extends RowKind>(reads: Pick<StoreReads, 'row'>, kind: K, id: string): Rows[K] {
  const row = reads.row(kind, id);
  if (row === null) throw new Error(`${kind} ${id} has no row`);
  return row;
}

/** Why a row ended badly; rows that did always say so. */
export function mustFailure(row: {
  readonly id?: string;
  readonly name?: string;
  readonly failure: Failure | null;
}): Failure {
  if (row.failure === null) throw new Error(`${row.id ?? row.name} ended badly without a failure`);
  return row.failure;
}
