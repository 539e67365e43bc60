import type { Point } from './placement.ts';

/** A track through points from left to right, level where it begins, ends and passes a point. */
export function curvedPath(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  let before = first;
  const parts = rest.map((point) => {
    const middle = (before.x + point.x) / 2;
    const { y } = before;
    before = point;
    return y === point.y ? `H${point.x}` : `C${middle} ${y} ${middle} ${point.y} ${point.x} ${point.y}`;
  });
  return [`M${first.x} ${first.y}`, ...parts].join('');
}

/** Radius of a corner, in pixels. */
const radius = 10;

/**
 * A track that turns back to the left: out to the right, along the lane at `between`, and into the block from its left.
 * @param turn how far it runs on beside each block.
 */
export function steppedPath(start: Point, end: Point, between: number, turn: number): string {
  return cornered([
    start,
    { x: start.x + turn, y: start.y },
    { x: start.x + turn, y: between },
    { x: end.x - turn, y: between },
    { x: end.x - turn, y: end.y },
    end,
  ]);
}

/** Straight lines with rounded corners. */
function cornered(points: readonly Point[]): string {
  return points
    .map((point, index) => {
      const [before, after] = [points[index - 1], points[index + 1]];
      if (before === undefined) return `M${point.x} ${point.y}`;
      if (after === undefined) return `L${point.x} ${point.y}`;
      const into = towards(point, before);
      const out = towards(point, after);
      return `L${into.x} ${into.y}Q${point.x} ${point.y} ${out.x} ${out.y}`;
    })
    .join('');
}

/** The point at the radius of a corner on the way to another point, or half-way when that is nearer. */
function towards(corner: Point, other: Point): Point {
  const [dx, dy] = [other.x - corner.x, other.y - corner.y];
  const length = Math.abs(dx) + Math.abs(dy);
  const part = length === 0 ? 0 : Math.min(radius, length / 2) / length;
  return { x: corner.x + dx * part, y: corner.y + dy * part };
}
