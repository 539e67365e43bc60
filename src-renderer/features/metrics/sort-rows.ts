import type { Sort } from '../../ui/data-table.tsx';

/** What a column of a small table sorts by; null: not measured, which comes last either way. */
export type SortValue = string | number | null;

/** Rows in another order; equal ones stay as they were. */
export function sortRows<Row>(
  rows: readonly Row[],
  direction: Sort['direction'],
  keyOf: (row: Row) => SortValue,
): readonly Row[] {
  const sign = direction === 'ascending' ? 1 : -1;
  return [...rows].sort((a, b) => {
    const [one, other] = [keyOf(a), keyOf(b)];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    return sign * compare(one, other);
  });
}

function compare(one: string | number, other: string | number): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  return String(one).localeCompare(String(other));
}
