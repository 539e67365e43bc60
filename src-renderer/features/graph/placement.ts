/** What a layout has to know of a stage. */
export interface Placeable {
  readonly name: string;
  readonly needs: readonly string[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Blocks by name (their upper left corners), and the tracks between them with the points they pass. Pixels. */
export interface Placement {
  readonly blocks: ReadonlyMap<string, Point>;
  readonly tracks: readonly Track[];
}

export interface Track {
  readonly from: string;
  readonly to: string;
  /** Points between the two blocks; none when it leads to the next column. */
  readonly via: readonly Point[];
}

/** The size of a block, and the space between columns and between the blocks of one, in pixels. */
export const block = { width: 188, height: 58 } as const;
export const gap = { columns: 44, blocks: 18 } as const;
