import { useCallback, useMemo, useRef, useState } from 'react';

/** Which rows of a table are chosen, by their keys. */
export interface Selection {
  readonly keys: ReadonlySet<string>;
  /** Chooses a row, or no longer; `range`: all from the one chosen last to this one. */
  readonly toggle: (key: string, range?: boolean) => void;
  /** Chooses these and no others. */
  readonly set: (keys: readonly string[]) => void;
  readonly clear: () => void;
}

/** The rows from one key to another, in the order of the table. */
export function keysBetween(order: readonly string[], from: string, to: string): readonly string[] {
  const [first, last] = [order.indexOf(from), order.indexOf(to)].sort((a, b) => a - b);
  return first === undefined || last === undefined || first < 0 ? [to] : order.slice(first, last + 1);
}

/** @param order the keys of the rows that are loaded, in the order of the table. */
export function useSelection(order: readonly string[]): Selection {
  const [keys, setKeys] = useState<ReadonlySet<string>>(() => new Set());
  const last = useRef<string | null>(null);
  const latestOrder = useRef(order);
  latestOrder.current = order;

  const toggle = useCallback((key: string, range = false) => {
    const from = last.current;
    last.current = key;
    setKeys((before) => {
      const next = new Set(before);
      if (range && from !== null) {
        for (const between of keysBetween(latestOrder.current, from, key)) next.add(between);
      } else if (!next.delete(key)) {
        next.add(key);
      }
      return next;
    });
  }, []);
  const set = useCallback((chosen: readonly string[]) => setKeys(new Set(chosen)), []);
  const clear = useCallback(() => setKeys(new Set()), []);
  return useMemo(() => ({ keys, toggle, set, clear }), [keys, toggle, set, clear]);
}
