import type { RowKind, Rows } from '../contract/evolve.ts';
import { forEachRowKind } from '../contract/evolve.ts';
import { isAttemptEnded, isRunEnded, isTaskEnded } from '../contract/states.ts';

/** The most rows of one kind. */
const maxRows = 1_024;
/** The most text, in UTF-16 code units, of a row that may stay in memory; with `maxRows` it bounds the cache. */
const maxText = 8_192;

type RowsById = Map<string, Rows[RowKind]>;

/** Keeps the writer's rows that will be asked for again, so that most units of work read nothing. */
export class RowCache {
  /** By kind and id, each in the order of their last change. Keys are not joined: a joined one has to be hashed anew. */
  readonly #rows: Record<RowKind, RowsById> = forEachRowKind(() => new Map());
  #changes = 0;

  get<K extends RowKind>(kind: K, id: string): Rows[K] | undefined {
    return this.#rows[kind].get(id) as Rows[K] | undefined;
  }

  /** Takes a row in; or forgets it, when it is gone, large, or has ended: then nobody will ask for it again. */
  put<K extends RowKind>(kind: K, id: string, row: Rows[K] | null): void {
    this.#changes += 1;
    if (this.#changes === maxRows) this.#renew();
    const rows = this.#rows[kind];
    const known = rows.get(id);
    rows.delete(id);
    if (row === null || hasEnded(kind, row) || isLarge(kind, row, known)) return;
    rows.set(id, row);
    if (rows.size > maxRows) forgetOldest(rows);
  }

  clear(): void {
    for (const rows of Object.values(this.#rows)) rows.clear();
  }

  /** Puts copies in the place of the maps, which nearly every change passes through: see `Turnover` in the core. */
  #renew(): void {
    this.#changes = 0;
    for (const kind of Object.keys(this.#rows) as RowKind[]) this.#rows[kind] = new Map(this.#rows[kind]);
  }
}

function forgetOldest(rows: RowsById): void {
  for (const id of rows.keys()) {
    rows.delete(id);
    return;
  }
}

function hasEnded(kind: RowKind, row: Rows[RowKind]): boolean {
  switch (kind) {
    case 'run':
      return isRunEnded((row as Rows['run']).state);
    case 'task':
      return isTaskEnded((row as Rows['task']).state);
    case 'attempt':
      return isAttemptEnded((row as Rows['attempt']).state);
    case 'permission':
      return (row as Rows['permission']).state !== 'open';
    default:
      return false;
  }
}

/**
 * Only specifications, inputs, outputs and what a permission is about can be large, and an attempt with outputs has ended.
 * @param known the row before, if it was kept: a task's specification never changes, and need not be measured again.
 */
function isLarge(kind: RowKind, row: Rows[RowKind], known: Rows[RowKind] | undefined): boolean {
  const measured = kind === 'run' || kind === 'permission' || (kind === 'task' && known === undefined);
  return measured && measureText(kind === 'task' ? (row as Rows['task']).spec : row, 0) > maxText;
}

/** Adds up the text in a value, and stops counting when it is too much. */
function measureText(value: unknown, before: number): number {
  if (typeof value === 'string') return before + value.length;
  if (typeof value !== 'object' || value === null) return before + 1;
  let sum = before;
  for (const key in value) {
    sum = measureText((value as Readonly<Record<string, unknown>>)[key], sum + key.length);
    if (sum > maxText) return sum;
  }
  return sum;
}
