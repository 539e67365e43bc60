import type { Drawing } from '../graph/fold-columns.ts';
import { placeStages } from '../graph/place-stages.ts';
import type { Point } from '../graph/placement.ts';
import { block, gap } from '../graph/placement.ts';
import { curvedPath, steppedPath } from '../graph/track-path.ts';

/** A connection as the layout has to know it. */
export interface Connection {
  readonly from: string;
  readonly to: string;
}

/** Between two columns; the numbers of a track stand there. */
const columnGap = 100;
/** How far a track runs on beside a block before it turns back. */
const turn = 22;
/** The same of a track that leads back to its own block, close below it. */
const loop = 12;
/** Between the drawing and the lanes of the tracks that lead back below it, and between two lanes. */
const lane = { first: 30, next: 14, most: 12 } as const;

/**
 * Puts whoever says something to the left of whom it is said to, as far as that can be: agents hand over in circles, too,
 * and to themselves. What leads back to
 * another runs below everything.
 * @param connections of a circle, the last of them leads back.
 */
export function drawTraffic(nodes: readonly string[], connections: readonly Connection[]): Drawing {
  const needs = forwardNeeds(connections);
  const placement = placeStages(
    nodes.map((name) => ({ name, needs: [...(needs.get(name) ?? [])] })),
    columnGap,
  );
  const blocks = new Map([...placement.blocks].map(([name, { x, y }]) => [name, { x: x + turn, y }]));
  const corners = [...blocks.values()];
  const right = Math.max(0, ...corners.map(({ x }) => x)) + block.width + turn;
  const bottom = Math.max(0, ...corners.map(({ y }) => y)) + block.height;
  const corner = (name: string) => blocks.get(name) ?? { x: 0, y: 0 };
  const forward = placement.tracks.map(({ from, to, via }) => {
    const passed = via.map(({ x, y }) => ({ x: x + turn, y }));
    return { from, to, path: curvedPath([exitOf(corner(from)), ...passed, entryOf(corner(to))]) };
  });
  const backward = connections.filter(({ from, to }) => needs.get(to)?.has(from) !== true);
  const own = backward
    .filter(({ from, to }) => from === to)
    .map(({ from, to }) => {
      const { x, y } = corner(from);
      return {
        from,
        to,
        path: steppedPath(exitOf({ x, y }), entryOf({ x, y }), y + block.height + gap.blocks / 2, loop),
      };
    });
  const back = backward
    .filter(({ from, to }) => from !== to)
    .map(({ from, to }, index) => {
      const between = bottom + lane.first + (index % lane.most) * lane.next;
      return { from, to, path: steppedPath(exitOf(corner(from)), entryOf(corner(to)), between, turn - 6) };
    });
  const lanes = Math.min(back.length, lane.most);
  return {
    blocks,
    tracks: [...forward, ...own, ...back],
    width: right,
    height: bottom + (lanes === 0 ? gap.blocks : lane.first + lanes * lane.next),
  };
}

/** From whom each node is told something, without circles. */
function forwardNeeds(connections: readonly Connection[]): ReadonlyMap<string, ReadonlySet<string>> {
  const needs = new Map<string, Set<string>>();
  for (const { from, to } of connections) {
    if (from === to || leadsTo(needs, to, from)) continue;
    const known = needs.get(to);
    if (known === undefined) needs.set(to, new Set([from]));
    else known.add(from);
  }
  return needs;
}

/** Whether one node is before another: from `to` back along all needs. */
function leadsTo(needs: ReadonlyMap<string, ReadonlySet<string>>, from: string, to: string): boolean {
  const seen = new Set([to]);
  const open = [to];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === from) return true;
    for (const need of needs.get(name) ?? []) {
      if (seen.has(need)) continue;
      seen.add(need);
      open.push(need);
    }
  }
  return false;
}

const exitOf = ({ x, y }: Point): Point => ({ x: x + block.width, y: y + block.height / 2 });
const entryOf = ({ x, y }: Point): Point => ({ x, y: y + block.height / 2 });
