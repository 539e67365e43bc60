import type { Placeable, Placement, Point, Track } from './placement.ts';
import { block, gap } from './placement.ts';

/** How often the order within the columns is improved, forwards and backwards in turn. */
const sweeps = 4;

/**
 * A layout that takes time in proportion to stages and tracks: columns by the longest way, and in each column every
 * block near the middle of those it is connected with. Tracks pass behind the blocks between their ends.
 */
export function placeQuickly(
  stages: readonly Placeable[],
  tracks: readonly Track[],
  columnGap: number = gap.columns,
): Placement {
  const before = neighbours(tracks, ({ from, to }) => [to, from]);
  const after = neighbours(tracks, ({ from, to }) => [from, to]);
  const columns = columnsOf(stages, before, after);
  for (let sweep = 0; sweep < sweeps; sweep += 1)
    improveOrder(columns, sweep % 2 === 0 ? before : after, sweep % 2 === 1);
  const tallest = Math.max(0, ...columns.map((column) => column.length));
  const pitch = block.height + gap.blocks;
  const blocks = new Map<string, Point>();
  for (const [rank, column] of columns.entries()) {
    const top = ((tallest - column.length) * pitch) / 2;
    for (const [index, name] of column.entries()) {
      blocks.set(name, { x: rank * (block.width + columnGap), y: Math.round(top + index * pitch) });
    }
  }
  return { blocks, tracks };
}

type Neighbours = ReadonlyMap<string, readonly string[]>;

function neighbours(tracks: readonly Track[], ends: (track: Track) => [string, string]): Neighbours {
  const found = new Map<string, string[]>();
  for (const track of tracks) {
    const [key, other] = ends(track);
    const list = found.get(key);
    if (list === undefined) found.set(key, [other]);
    else list.push(other);
  }
  return found;
}

/** Stages that need each other in a circle never become ready, and stand in the first column. */
function columnsOf(stages: readonly Placeable[], before: Neighbours, after: Neighbours): string[][] {
  const open = new Map(stages.map(({ name }) => [name, before.get(name)?.length ?? 0]));
  const ranks = new Map<string, number>();
  const ready = stages.filter(({ name }) => open.get(name) === 0).map(({ name }) => name);
  for (let name = ready.pop(); name !== undefined; name = ready.pop()) {
    ranks.set(name, Math.max(-1, ...(before.get(name) ?? []).map((need) => ranks.get(need) ?? 0)) + 1);
    for (const next of after.get(name) ?? []) {
      const left = (open.get(next) ?? 0) - 1;
      open.set(next, left);
      if (left === 0) ready.push(next);
    }
  }
  const columns: string[][] = [];
  for (const { name } of stages) {
    const rank = ranks.get(name) ?? 0;
    while (columns.length <= rank) columns.push([]);
    columns[rank]?.push(name);
  }
  return columns;
}

function improveOrder(columns: readonly string[][], towards: Neighbours, isBackwards: boolean): void {
  const places = new Map<string, number>();
  const note = (column: readonly string[]) => {
    for (const [index, name] of column.entries()) places.set(name, index - column.length / 2);
  };
  for (const column of columns) note(column);
  for (const column of isBackwards ? columns.toReversed() : columns) {
    const middles = new Map(column.map((name) => [name, middleOf(name, towards, places)]));
    column.sort((a, b) => (middles.get(a) ?? 0) - (middles.get(b) ?? 0));
    note(column);
  }
}

function middleOf(name: string, towards: Neighbours, places: ReadonlyMap<string, number>): number {
  const others = towards.get(name) ?? [];
  if (others.length === 0) return places.get(name) ?? 0;
  return others.reduce((sum, other) => sum + (places.get(other) ?? 0), 0) / others.length;
}
