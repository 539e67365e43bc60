import { memo, useMemo } from 'react';
import type { TrafficEdge } from '../../../src-main/contract/api-traffic.ts';
import { formatCompact } from '../../format/amount.ts';
import type { Drawing } from '../graph/fold-columns.ts';
import type { Point } from '../graph/placement.ts';
import graphClasses from '../graph/stage-graph.module.css';
import classes from './traffic.module.css';
import { edgeKey, edgeSentence, weightOf } from './traffic-words.ts';

export interface TrafficTracksProps {
  readonly drawing: Drawing;
  readonly edges: ReadonlyMap<string, TrafficEdge>;
  /** Id of a node, or key of an edge; null: none. */
  readonly selected: string | null;
  readonly onSelect: (key: string) => void;
}

/** With more tracks than this only those at what is selected have their numbers: the others would lie on each other. */
const mostNumbered = 60;

/**
 * All tracks in one drawing, below the blocks, the broader the more was said on them; what failed is their red part, with
 * its number. Lit where something has not ended. For keys and screen readers there is the table.
 */
export const TrafficTracks = memo(function TrafficTracks({ drawing, edges, selected, onSelect }: TrafficTracksProps) {
  const drawn = useMemo(
    () => drawing.tracks.map((track) => ({ ...track, key: edgeKey(track), middle: numberPlace(track) })),
    [drawing],
  );
  const tracks = drawn.flatMap((track) => {
    const edge = edges.get(track.key);
    const isNear = [track.key, track.from, track.to].includes(selected ?? '');
    return edge === undefined ? [] : [{ ...track, edge, isNear }];
  });
  const isNumbered = tracks.length <= mostNumbered;
  return (
    <svg className={graphClasses.tracks} width={drawing.width} height={drawing.height} aria-hidden="true">
      {tracks.map(({ key, path, edge, isNear }) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: hidden from screen readers; the table has it as a button
        <g
          key={key}
          className={classes.track}
          data-edge={key}
          data-light={lightOf(edge)}
          data-weight={weightOf(edge.count)}
          data-near={isNear || undefined}
          onClick={() => onSelect(key)}
        >
          <title>{edgeSentence(edge)}</title>
          <path className={classes.hit} d={path} />
          <path className={graphClasses.bed} d={path} />
          <path className={graphClasses.rail} d={path} />
          {edge.open > 0 && <path className={graphClasses.light} d={path} />}
          {edge.failed > 0 && (
            <path className={classes.failed} d={path} pathLength={100} strokeDasharray={`${failedShare(edge)} 100`} />
          )}
        </g>
      ))}
      {tracks
        .filter(({ isNear }) => isNumbered || isNear)
        .map(({ key, edge, middle }) => (
          <Numbers key={key} edge={edge} at={middle} />
        ))}
    </svg>
  );
});

/** A question that is open waits for a person; everything else that is open goes on by itself. */
function lightOf({ kind, open }: TrafficEdge): 'dark' | 'moving' | 'waiting' {
  if (open === 0) return 'dark';
  return kind === 'question' ? 'waiting' : 'moving';
}

/** In per cent; little is still seen. */
function failedShare({ failed, count }: TrafficEdge): number {
  return Math.max(8, Math.round((100 * failed) / count));
}

/** Width of a digit or a letter of the numbers, in pixels. */
const letterWidth = 6.6;
const numberHeight = 18;

function Numbers({ edge, at }: { readonly edge: TrafficEdge; readonly at: Point }) {
  const count = formatCompact(edge.count);
  const failed = edge.failed === 0 ? '' : ` · ${formatCompact(edge.failed)} failed`;
  const width = (count.length + failed.length) * letterWidth + 12;
  return (
    <g className={classes.numbers} transform={`translate(${at.x - width / 2} ${at.y - numberHeight / 2})`}>
      <rect width={width} height={numberHeight} rx={4} />
      <text x={width / 2} y={numberHeight - 5}>
        {count}
        {failed !== '' && <tspan className={classes.failedNumber}>{failed}</tspan>}
      </text>
    </g>
  );
}

/** Where the numbers of a track stand: half-way, but on a track back to its own block aside of tracks that pass there. */
function numberPlace({ from, to, path }: Drawing['tracks'][number]): Point {
  const element = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  element.setAttribute('d', path);
  const { x, y } = element.getPointAtLength(element.getTotalLength() * (from === to ? 0.3 : 0.5));
  return { x, y };
}
