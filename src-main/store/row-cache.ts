import type { RowKind, Rows } from '../contract/evolve.ts';
import { isAttemptEnded, isRunEnded, isTaskEnded } from '../contract/states.ts';

const maxRows = 1_024;
/** The most text, in UTF-16 code units, of a row that may stay in memory; with `maxRows` it bounds the cache. */
const maxText = 8_192;

/** Keeps the writer's rows that will be asked for again, so that most units of work read nothing. */
export class RowCache {
  /** In the order of their last change. */
  readonly #rows = new Map<string, Rows[RowKind]>();

  get<K extends RowKind>(kind: K, id: string): Rows[K] | undefined {
    return this.#rows.get(`${kind} ${id}`) as Rows[K] | undefined;
  }

  /** Takes a row in, or forgets it when it is gone, has ended or is large. */
  put<K extends RowKind>(kind: K, id: string, row: Rows[K] | null): void {
    const key = `${kind} ${id}`;
    const known = this.#rows.get(key);
    this.#rows.delete(key);
    if (row === null || hasEnded(kind, row) || isLarge(kind, row, known)) return;
    this.#rows.set(key, row);
    if (this.#rows.size > maxRows) this.#forgetOldest();
  }

  forget(kind: RowKind, id: string): void {
    this.#rows.delete(`${kind} ${id}`);
  }

  clear(): void {
    this.#rows.clear();
  }

  #forgetOldest(): void {
    for (const key of this.#rows.keys()) {
      this.#rows.delete(key);
      return;
    }
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
    default:
      return false;
  }
}

/** @param known the row before, if it was kept: a task's specification never changes, and need not be measured again. */
function isLarge(kind: RowKind, row: Rows[RowKind], known: Rows[RowKind] | undefined): boolean {
  if (kind === 'task' && known !== undefined) return false;
  return measureText(row, 0) > maxText;
}

/** Adds up the text in a value, and stops counting when it is too much. */
function measureText(value: unknown, before: number): number {
  if (typeof value === 'string') return before + value.length;
  if (typeof value !== 'object' || value === null) return before + 1;
  let sum = before;
  for (const [key, part] of Object.entries(value)) {
    sum = measureText(part, sum + key.length);
    if (sum > maxText) return sum;
  }
  return sum;
}
