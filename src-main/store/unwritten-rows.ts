import type { RowKind, Rows } from '../contract/evolve.ts';
import { forEachRowKind } from '../contract/evolve.ts';

/** A row that has changed, and what of it was written last. */
export interface UnwrittenRow<K extends RowKind = RowKind> {
  readonly kind: K;
  readonly id: string;
  /** As it was before its first change here; null: there was none. */
  stored: Rows[K] | null;
  row: Rows[K] | null;
}

type RowsById = Map<string, UnwrittenRow>;

/** Rows are written in this order, so that a row exists before another refers to it. */
export const writeOrder: readonly RowKind[] = [
  'run',
  'task',
  'attempt',
  'approval',
  'permission',
  'permissionRule',
  'agent',
  'breaker',
  'schedule',
  'firing',
  'engine',
];

/** Rows that were changed and are not written yet, each once however often it changed. */
export class UnwrittenRows {
  readonly #rows: Record<RowKind, RowsById> = forEachRowKind(() => new Map());
  #isEmpty = true;

  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  get<K extends RowKind>(kind: K, id: string): UnwrittenRow<K> | undefined {
    return this.#rows[kind].get(id) as UnwrittenRow<K> | undefined;
  }

  /** Takes in a row that is not known here yet. */
  add(row: UnwrittenRow): void {
    this.#rows[row.kind].set(row.id, row);
    this.#isEmpty = false;
  }

  /** Puts later changes on top of these. */
  take(later: UnwrittenRows): void {
    later.forEach((changed) => {
      const known = this.get(changed.kind, changed.id);
      if (known === undefined) this.add(changed);
      else known.row = changed.row;
    });
  }

  /** Calls back with all of them. */
  forEach(call: (row: UnwrittenRow) => void): void {
    if (this.#isEmpty) return;
    for (const kind of writeOrder) for (const row of this.#rows[kind].values()) call(row);
  }

  /** Those of a kind that are not as they are stored. */
  ofKind<K extends RowKind>(kind: K): readonly UnwrittenRow<K>[] {
    if (this.#rows[kind].size === 0) return [];
    return [...this.#rows[kind].values()].filter(({ stored, row }) => stored !== row) as unknown as UnwrittenRow<K>[];
  }

  clear(): void {
    if (this.#isEmpty) return;
    // New maps, because a map that is cleared keeps what was in it alive: see `Turnover` in the core.
    for (const kind of writeOrder) if (this.#rows[kind].size > 0) this.#rows[kind] = new Map();
    this.#isEmpty = true;
  }
}
