import type { Drawing } from './fold-columns.ts';
import type { Point } from './placement.ts';

/** Keys that lead from stage to stage. */
const walkKeys = ['ArrowRight', 'ArrowLeft', 'ArrowUp', 'ArrowDown', 'Home', 'End'] as const;
export type WalkKey = (typeof walkKeys)[number];

/** Whether a key leads somewhere. */
export function isWalkKey(key: string): key is WalkKey {
  return walkKeys.some((known) => known === key);
}

/**
 * Where a key leads: right and left along the tracks, up and down to what is there to be seen, Home and End to the ends.
 * @returns null when there is nothing in that direction.
 */
export function walkFrom(
  { blocks, tracks }: Pick<Drawing, 'blocks' | 'tracks'>,
  name: string,
  key: WalkKey,
): string | null {
  const names = [...blocks.keys()];
  if (key === 'Home') return names[0] ?? null;
  if (key === 'End') return names.at(-1) ?? null;
  const here = blocks.get(name);
  if (here === undefined) return names[0] ?? null;
  if (key === 'ArrowRight')
    return nearest(
      here,
      pick(
        blocks,
        tracks.filter(({ from }) => from === name).map(({ to }) => to),
      ),
    );
  if (key === 'ArrowLeft')
    return nearest(
      here,
      pick(
        blocks,
        tracks.filter(({ to }) => to === name).map(({ from }) => from),
      ),
    );
  const sign = key === 'ArrowUp' ? -1 : 1;
  return nearest(
    here,
    [...blocks].filter(([, { y }]) => (y - here.y) * sign > 0),
    3,
  );
}

function pick(blocks: Drawing['blocks'], names: readonly string[]): [string, Point][] {
  return names.flatMap((name): [string, Point][] => {
    const corner = blocks.get(name);
    return corner === undefined ? [] : [[name, corner]];
  });
}

/** @param sideways how much worse it is to be beside than to be above or below. */
function nearest(here: Point, others: readonly (readonly [string, Point])[], sideways = 1): string | null {
  let best: { readonly name: string; readonly far: number } | null = null;
  for (const [name, { x, y }] of others) {
    const far = Math.abs(x - here.x) * sideways + Math.abs(y - here.y);
    if (best === null || far < best.far) best = { name, far };
  }
  return best?.name ?? null;
}
