import { describe, expect, test } from 'vitest';
import { fitInto, foldColumns, openAt } from '../../../src-renderer/features/graph/fold-columns.ts';
import { placeStages } from '../../../src-renderer/features/graph/place-stages.ts';
import { block } from '../../../src-renderer/features/graph/placement.ts';
import { curvedPath, steppedPath } from '../../../src-renderer/features/graph/track-path.ts';

const line = (length: number) =>
  placeStages(
    Array.from({ length }, (_, index) => ({ name: `s${index}`, needs: index === 0 ? [] : [`s${index - 1}`] })),
  );
const rowsOf = (blocks: ReadonlyMap<string, { y: number }>) => new Set([...blocks.values()].map(({ y }) => y)).size;

describe('folding', () => {
  test('a line that fits stays one row', () => {
    const drawing = foldColumns(line(4), { width: 1_000, height: 400 });
    expect(rowsOf(drawing.blocks)).toBe(1);
    expect(fitInto(drawing, { width: 1_000, height: 400 }).zoom).toBe(1);
  });

  test('a line that would be too small to read is folded into rows, and is larger then', () => {
    const room = { width: 700, height: 500 };
    const drawing = foldColumns(line(7), room);
    expect(rowsOf(drawing.blocks)).toBe(3);
    expect(fitInto(drawing, room).zoom).toBeGreaterThan(0.9);
    expect(drawing.tracks).toHaveLength(6);
  });

  test('every block stays within the drawing', () => {
    for (const height of [120, 300, 600]) {
      const drawing = foldColumns(line(20), { width: 600, height });
      for (const { x, y } of drawing.blocks.values()) {
        expect(x).toBeGreaterThanOrEqual(0);
        expect(x + block.width).toBeLessThanOrEqual(drawing.width);
        expect(y + block.height).toBeLessThanOrEqual(drawing.height);
      }
    }
  });

  test('a wide graph whose tracks would tangle is not folded', () => {
    const columns = Array.from({ length: 8 }, (_, column) =>
      Array.from({ length: 5 }, (_, index) => ({
        name: `c${column}-${index}`,
        needs: column === 0 ? [] : [`c${column - 1}-${index}`, `c${column - 1}-${(index + 1) % 5}`],
      })),
    ).flat();
    const placement = placeStages(columns);
    const drawing = foldColumns(placement, { width: 500, height: 2_000 });
    expect(drawing.width).toBeGreaterThan(8 * block.width);
  });

  test('nothing is a drawing of no size', () => {
    expect(foldColumns(placeStages([]), { width: 100, height: 100 })).toMatchObject({ tracks: [] });
  });

  test('what is shown as a whole lies in the middle of its room', () => {
    const drawing = { blocks: new Map(), tracks: [], width: 400, height: 100 };
    expect(fitInto(drawing, { width: 228, height: 200 })).toEqual({ x: 14, y: 75, zoom: 0.5 });
  });
});

describe('what is seen first', () => {
  const room = { width: 400, height: 200 };
  const wide = (width: number) => ({
    blocks: new Map([['far', { x: width - 300, y: 10 }]]),
    tracks: [],
    width,
    height: 80,
  });

  test('is everything, while it can be read', () => {
    expect(openAt(wide(700), room, 'far')).toEqual(fitInto(wide(700), room));
  });

  test('is the beginning of what is too wide, or the part around a stage, never beyond the ends', () => {
    expect(openAt(wide(4_000), room, null)).toEqual({ x: 14, y: 70, zoom: 0.75 });
    expect(openAt(wide(4_000), room, 'far').x).toBeCloseTo(400 - 14 - 3_000);
    const drawing = { ...wide(4_000), blocks: new Map([['far', { x: 2_000, y: 10 }]]) };
    expect(openAt(drawing, room, 'far').x).toBeCloseTo(200 - (2_000 + block.width / 2) * 0.75);
  });
});

describe('a track', () => {
  test('is straight on one level, and otherwise level at its ends', () => {
    expect(
      curvedPath([
        { x: 0, y: 5 },
        { x: 40, y: 5 },
      ]),
    ).toBe('M0 5H40');
    expect(
      curvedPath([
        { x: 0, y: 0 },
        { x: 40, y: 20 },
      ]),
    ).toBe('M0 0C20 0 20 20 40 20');
    expect(curvedPath([])).toBe('');
  });

  test('turns back along its lane with round corners', () => {
    const path = steppedPath({ x: 100, y: 0 }, { x: 20, y: 100 }, 50, 18);
    expect(path).toMatch(/^M100 0L.*Q118 0 .*Q118 50 .*Q2 50 .*Q2 100 .*L20 100$/);
    expect(steppedPath({ x: 0, y: 0 }, { x: 36, y: 0 }, 0, 18)).not.toContain('NaN');
  });
});
