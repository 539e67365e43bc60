/** A row of a log view: a line of a source, from 1, or the source's heading, which is line 0. */
export interface RowPlace {
  /** Index of the source. */
  readonly source: number;
  readonly line: number;
}

/** Which row shows what, when several logs stand one after the other. */
export interface RowMap {
  /** Rows of all sources, headings included. */
  readonly rows: number;
  /** What stands in a row; rows outside are taken for the first and the last one. Null when there are none. */
  place(row: number): RowPlace | null;
  /** The row of a line; a line that is not there is taken for the nearest one. */
  rowOf(place: RowPlace): number;
}

/**
 * @param counts lines of each source
 * @param withHeadings whether each source has a row with its title above it
 */
export function createRowMap(counts: readonly number[], withHeadings: boolean): RowMap {
  const extra = withHeadings ? 1 : 0;
  const starts: number[] = [];
  let rows = 0;
  for (const count of counts) {
    starts.push(rows);
    rows += count + extra;
  }

  function sourceAt(row: number): number {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= row) low = middle;
      else high = middle;
    }
    // Sources without rows share their start with the next one that has some.
    while (low > 0 && (counts[low] ?? 0) + extra === 0) low -= 1;
    return low;
  }

  return {
    rows,
    place(row) {
      if (rows === 0) return null;
      const inside = Math.min(Math.max(Math.trunc(row), 0), rows - 1);
      const source = sourceAt(inside);
      return { source, line: inside - (starts[source] ?? 0) + 1 - extra };
    },
    rowOf({ source, line }) {
      const inside = Math.min(Math.max(line, 1 - extra), Math.max(counts[source] ?? 0, 1 - extra));
      return Math.min(Math.max((starts[source] ?? 0) + inside - 1 + extra, 0), Math.max(rows - 1, 0));
    },
  };
}
