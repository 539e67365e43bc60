import { memo } from 'react';
import type { Drawing } from './fold-columns.ts';
import type { GraphStage } from './graph-stage.ts';
import classes from './stage-graph.module.css';

export interface TracksProps {
  readonly drawing: Drawing;
  readonly stages: ReadonlyMap<string, GraphStage>;
  readonly selected: string | null;
}

/**
 * All tracks in one drawing, below the blocks: two thousand elements with handles of their own would be slow, and a
 * track has nothing to click. Lit where work has come through, moving into what runs.
 */
export const Tracks = memo(function Tracks({ drawing, stages, selected }: TracksProps) {
  const { width, height } = drawing;
  const lit = drawing.tracks.map((track) => ({
    ...track,
    light: lightOf(stages.get(track.from), stages.get(track.to)),
    isNear: track.from === selected || track.to === selected,
  }));
  return (
    <svg className={classes.tracks} width={width} height={height} aria-hidden="true">
      {lit.map(({ from, to, path, light, isNear }) => (
        <g key={`${from} ${to}`} data-light={light} data-near={isNear || undefined}>
          <path className={classes.bed} d={path} />
          <path className={classes.rail} d={path} />
          {light !== 'dark' && <path className={classes.light} d={path} />}
        </g>
      ))}
    </svg>
  );
});

/** `moving`: into a stage that runs; `waiting`: into one that waits; `done`: work came through; `dark`: not yet. */
function lightOf(from: GraphStage | undefined, to: GraphStage | undefined): 'dark' | 'done' | 'moving' | 'waiting' {
  if (from?.state !== 'completed' && from?.state !== 'failed' && from?.state !== 'skipped') return 'dark';
  if (to?.state === 'running') return 'moving';
  if (to?.state === 'waiting') return 'waiting';
  return to?.state === 'completed' || to?.state === 'failed' ? 'done' : 'dark';
}
