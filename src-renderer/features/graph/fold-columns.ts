import type { Placement, Point, Track } from './placement.ts';
import { block, gap } from './placement.ts';
import { curvedPath, steppedPath } from './track-path.ts';

/** A drawing in pixels: blocks by name with their upper left corners, and tracks as SVG paths. */
export interface Drawing {
  readonly blocks: ReadonlyMap<string, Point>;
  readonly tracks: readonly { readonly from: string; readonly to: string; readonly path: string }[];
  readonly width: number;
  readonly height: number;
}

/** What there is to draw on, in pixels. */
export interface Room {
  readonly width: number;
  readonly height: number;
}

/** Space between two rows, in which tracks run back to the left. */
const rowGap = 46;
/** How far a track runs on beside a block before it turns. */
const turn = 18;
/** More rows than this look like text, not like a way. */
const mostRows = 6;
/** More tracks than this from one row into the next would be a tangle. */
const mostCrossing = 3;
/** How much larger a row more has to make everything. */
const worthwhile = 1.15;

const pitch = block.width + gap.columns;

/**
 * Folds a long row of columns into rows, one below the other, when that lets everything be larger: seven stages in a
 * line would be too small to be read. Graphs that are not nearly lines stay in one row.
 */
export function foldColumns(placement: Placement, room: Room): Drawing {
  const columns = [...new Set([...placement.blocks.values()].map(({ x }) => x))].sort((a, b) => a - b);
  let best = drawRows(placement, columns, columns.length);
  for (let rows = 2; rows <= Math.min(mostRows, columns.length); rows += 1) {
    const perRow = Math.ceil(columns.length / rows);
    if (Math.ceil(columns.length / perRow) !== rows || !isFoldable(placement, columns, perRow)) continue;
    const folded = drawRows(placement, columns, perRow);
    if (scaleOf(folded, room) > scaleOf(best, room) * worthwhile) best = folded;
  }
  return best;
}

/** Space around a drawing that is shown as a whole, in pixels of the screen. */
const margin = 14;

/** How large a drawing can be shown as a whole; never larger than it is. */
function scaleOf({ width, height }: Drawing, room: Room): number {
  return Math.min(1, (room.width - 2 * margin) / width, (room.height - 2 * margin) / height);
}

/** Where a drawing lies, and how large it is shown. */
export interface Sight extends Point {
  readonly zoom: number;
}

/** Where a drawing lies when it is shown as a whole, in the middle of its room. */
export function fitInto(drawing: Drawing, room: Room): Sight {
  const zoom = scaleOf(drawing, room);
  return { x: (room.width - drawing.width * zoom) / 2, y: (room.height - drawing.height * zoom) / 2, zoom };
}

/** Smaller than this nothing can be read; a part is shown then, so large. */
const leastZoom = 0.45;
const partZoom = 0.75;

/**
 * What is seen first: the whole drawing, or, where that could not be read, the part around a stage.
 * @param name the stage to be seen; null: the beginning.
 */
export function openAt(drawing: Drawing, room: Room, name: string | null): Sight {
  const whole = fitInto(drawing, room);
  if (whole.zoom >= leastZoom) return whole;
  const corner = (name === null ? undefined : drawing.blocks.get(name)) ?? { x: 0, y: 0 };
  const along = (size: number, space: number, middle: number) =>
    size * partZoom < space - 2 * margin
      ? (space - size * partZoom) / 2
      : Math.max(space - margin - size * partZoom, Math.min(margin, space / 2 - middle * partZoom));
  return {
    x: along(drawing.width, room.width, corner.x + block.width / 2),
    y: along(drawing.height, room.height, corner.y + block.height / 2),
    zoom: partZoom,
  };
}

function isFoldable({ blocks, tracks }: Placement, columns: readonly number[], perRow: number): boolean {
  for (let cut = perRow; cut < columns.length; cut += perRow) {
    const x = columns[cut] ?? 0;
    const isLeft = (name: string) => (blocks.get(name)?.x ?? 0) < x;
    if (tracks.filter(({ from, to }) => isLeft(from) && !isLeft(to)).length > mostCrossing) return false;
  }
  return true;
}

/** A row of columns: which part of the placement it takes, and where that goes. */
interface Row {
  readonly left: number;
  readonly top: number;
  readonly y: number;
  readonly height: number;
}

function drawRows(placement: Placement, columns: readonly number[], perRow: number): Drawing {
  const rows: Row[] = [];
  const rowOf = (x: number) => Math.floor(columns.findLastIndex((column) => column <= x) / Math.max(1, perRow));
  let y = 0;
  for (let first = 0; first < columns.length; first += perRow) {
    const inRow = new Set(columns.slice(first, first + perRow));
    const tops = [...placement.blocks.values()].filter(({ x }) => inRow.has(x)).map((corner) => corner.y);
    const top = Math.min(...tops);
    const height = Math.max(...tops) - top + block.height;
    rows.push({ left: columns[first] ?? 0, top, y, height });
    y += height + rowGap;
  }
  const move = (point: Point, { left, top, y: to }: Row): Point => ({
    x: point.x - left + turn,
    y: point.y - top + to,
  });
  const blocks = new Map<string, Point>();
  for (const [name, corner] of placement.blocks) blocks.set(name, move(corner, rows[rowOf(corner.x)] as Row));
  const lanes = new Map<number, number>();
  const tracks = placement.tracks.map((track) => {
    const [from, to] = [placement.blocks.get(track.from), placement.blocks.get(track.to)] as [Point, Point];
    const [fromRow, toRow] = [rowOf(from.x), rowOf(to.x)];
    const start = exitOf(blocks.get(track.from) as Point);
    const end = entryOf(blocks.get(track.to) as Point);
    const row = rows[fromRow] as Row;
    if (fromRow === toRow) return draw(track, curvedPath([start, ...track.via.map((via) => move(via, row)), end]));
    const lane = lanes.get(fromRow) ?? 0;
    lanes.set(fromRow, lane + 1);
    const between = row.y + row.height + rowGap / 2 + (lane - 1) * 8;
    return draw(track, steppedPath(start, end, between, turn));
  });
  return {
    blocks,
    tracks,
    width: Math.min(columns.length, perRow) * pitch - gap.columns + 2 * turn,
    height: y - rowGap,
  };
}

function draw({ from, to }: Track, path: string): Drawing['tracks'][number] {
  return { from, to, path };
}

const exitOf = ({ x, y }: Point): Point => ({ x: x + block.width, y: y + block.height / 2 });
const entryOf = ({ x, y }: Point): Point => ({ x, y: y + block.height / 2 });
