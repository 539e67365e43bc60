import type { Statements } from './connection.ts';

/**
 * What is counted: rows by state, and per agent its live leases and how its attempts ended. `place` holds the two ends
 * of the queue, and `forgettingTasks` a one for each task that is being removed in several steps.
 */
export type CounterScope =
  | 'runs'
  | 'tasks'
  | 'agents'
  | 'permissions'
  | 'leases'
  | 'attemptsCompleted'
  | 'attemptsFailed'
  | 'place'
  | 'forgettingTasks';

/** Reads a counter; 0 when nothing was ever counted under the key. */
export interface CounterReads {
  value(scope: CounterScope, key: string): number;
}

type Values = Map<string, number>;

const scopeSql = 'SELECT key, value FROM counters WHERE scope = ?';
const valueSql = 'SELECT value FROM counters WHERE scope = ? AND key = ?';
const addSql =
  'INSERT INTO counters (scope, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = value + excluded.value';

/** The counters as they are stored. */
export function storedCounters(statements: Statements): CounterReads {
  return { value: (scope, key) => statements.number(valueSql, scope, key) };
}

/**
 * The writer's counters. Changes are kept in memory and written once at the end of their transaction: a hundred units
 * that each end a task then write the counter of ended tasks once. Those of the unit at work are kept apart until it
 * has succeeded.
 */
export class CounterBook implements CounterReads {
  readonly #statements: Statements;
  readonly #stored = new Map<CounterScope, Values>();
  #ofBatch = new Map<CounterScope, Values>();
  #ofUnit = new Map<CounterScope, Values>();

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  /** Stored and pending changes together. */
  value(scope: CounterScope, key: string): number {
    const pending = (this.#ofBatch.get(scope)?.get(key) ?? 0) + (this.#ofUnit.get(scope)?.get(key) ?? 0);
    return pending + (this.#storedOf(scope).get(key) ?? 0);
  }

  add(scope: CounterScope, key: string, delta: number): void {
    addTo(this.#ofUnit, scope, key, delta);
  }

  /** The unit succeeded: its changes belong to the batch. */
  keepUnit(): void {
    for (const [scope, values] of this.#ofUnit) {
      for (const [key, delta] of values) addTo(this.#ofBatch, scope, key, delta);
    }
    this.#ofUnit = new Map();
  }

  /** The unit was rolled back. */
  dropUnit(): void {
    this.#ofUnit = new Map();
  }

  /** Writes the changes of all units that succeeded, before their commit. */
  flush(): void {
    for (const [scope, values] of this.#ofBatch) {
      for (const [key, delta] of values) {
        if (delta === 0) continue;
        // Read before the write, or a scope seen for the first time would count the change twice.
        const stored = this.#storedOf(scope);
        this.#statements.run(addSql, scope, key, delta);
        stored.set(key, (stored.get(key) ?? 0) + delta);
      }
    }
    this.#ofBatch = new Map();
  }

  /** Forgets everything in memory: the transaction failed, or another process has written. */
  reset(): void {
    this.#stored.clear();
    this.#ofBatch = new Map();
    this.#ofUnit = new Map();
  }

  #storedOf(scope: CounterScope): Values {
    const known = this.#stored.get(scope);
    if (known !== undefined) return known;
    const read = this.#statements.rows(scopeSql, scope);
    const values = new Map(read.map(([key, value]) => [String(key), Number(value)]));
    this.#stored.set(scope, values);
    return values;
  }
}

function addTo(deltas: Map<CounterScope, Values>, scope: CounterScope, key: string, delta: number): void {
  const values = deltas.get(scope) ?? new Map<string, number>();
  values.set(key, (values.get(key) ?? 0) + delta);
  deltas.set(scope, values);
}
