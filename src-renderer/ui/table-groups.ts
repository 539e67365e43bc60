import type { ReactNode } from 'react';

/** A group that a row belongs to. */
export interface RowGroup {
  readonly key: string;
  readonly title: ReactNode;
}

/** Stands above the first row of a group. */
export class GroupHeading {
  readonly group: RowGroup;

  constructor(group: RowGroup) {
    this.group = group;
  }
}

/** What a table shows line by line. */
export type TableItem<Row> = Row | GroupHeading;

/** Rows with a heading above each that begins another group; rows of a group stand together already. */
export function withHeadings<Row>(
  rows: readonly Row[],
  groupOf: (row: Row) => RowGroup | null,
): readonly TableItem<Row>[] {
  let before: string | null = null;
  return rows.flatMap((row): readonly TableItem<Row>[] => {
    const group = groupOf(row);
    const isNew = group !== null && group.key !== before;
    before = group?.key ?? null;
    return isNew ? [new GroupHeading(group), row] : [row];
  });
}

/** The next item in a direction that is a row; where there is none, the item itself. */
export function nextRow<Row>(items: readonly TableItem<Row>[], from: number, by: 1 | -1): number {
  for (let index = from + by; index >= 0 && index < items.length; index += by) {
    if (!(items[index] instanceof GroupHeading)) return index;
  }
  return from;
}
