import * as dagre from '@dagrejs/dagre';
import { placeQuickly } from './place-quickly.ts';
import type { Placeable, Placement, Point, Track } from './placement.ts';
import { block, gap } from './placement.ts';

/** Beyond these the careful layout takes longer than a person would wait: half a second for 150 stages. */
const mostCareful = { stages: 150, tracks: 400 } as const;

/**
 * Puts stages in columns from left to right, each behind all that it needs. Needs that are not there are left out.
 * @param columnGap the space between two columns, in pixels: more of it where tracks have something written on them.
 */
export function placeStages(stages: readonly Placeable[], columnGap: number = gap.columns): Placement {
  const tracks = tracksOf(stages);
  const isLarge = stages.length > mostCareful.stages || tracks.length > mostCareful.tracks;
  return isLarge ? placeQuickly(stages, tracks, columnGap) : placeCarefully(stages, tracks, columnGap);
}

function tracksOf(stages: readonly Placeable[]): Track[] {
  const names = new Set(stages.map(({ name }) => name));
  return stages.flatMap(({ name, needs }) =>
    [...new Set(needs)]
      .filter((need) => names.has(need) && need !== name)
      .map((need) => ({ from: need, to: name, via: [] })),
  );
}

function placeCarefully(stages: readonly Placeable[], tracks: readonly Track[], columnGap: number): Placement {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: gap.blocks, edgesep: 14, ranksep: columnGap });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { name } of stages) graph.setNode(name, { ...block });
  for (const { from, to } of tracks) graph.setEdge(from, to);
  dagre.layout(graph);
  const blocks = stages.map(({ name }): [string, Point] => {
    const { x, y } = graph.node(name);
    return [name, { x: Math.round(x - block.width / 2), y: Math.round(y - block.height / 2) }];
  });
  return {
    blocks: new Map(blocks),
    tracks: tracks.map((track) => {
      const points: readonly Point[] = graph.edge(track.from, track.to).points ?? [];
      // Both ends and, to the next column, a point half-way: only longer tracks have something to pass.
      const via = points.length > 3 ? points.slice(1, -1) : [];
      return { ...track, via: via.map(({ x, y }) => ({ x: Math.round(x), y: Math.round(y) })) };
    }),
  };
}
