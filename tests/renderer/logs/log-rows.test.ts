import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRowMap } from '../../../src-renderer/features/logs/row-map.ts';
import { createScrollScale, moveByPx } from '../../../src-renderer/features/logs/scroll-scale.ts';

const counts = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 6 });

describe('The rows of several logs', () => {
  it('are each one line or heading, in order, and each is found again', () => {
    fc.assert(
      fc.property(counts, fc.boolean(), (lines, withHeadings) => {
        const map = createRowMap(lines, withHeadings);
        const expected = lines.flatMap((count, source) =>
          Array.from({ length: count + (withHeadings ? 1 : 0) }, (_, index) => ({
            source,
            line: withHeadings ? index : index + 1,
          })),
        );
        expect(map.rows).toBe(expected.length);
        for (const [row, place] of expected.entries()) {
          expect(map.place(row)).toEqual(place);
          expect(map.rowOf(place)).toBe(row);
        }
      }),
    );
  });

  it('outside of the log are the first and the last one', () => {
    const map = createRowMap([3, 2], true);
    expect(map.place(-1)).toEqual({ source: 0, line: 0 });
    expect(map.place(99)).toEqual({ source: 1, line: 2 });
    expect(map.rowOf({ source: 0, line: 99 })).toBe(3);
    expect(createRowMap([], false).place(0)).toBeNull();
  });
});

describe('The scroll bar', () => {
  it('goes from the first line to the last one, however many there are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 50_000_000 }), fc.integer({ min: 1, max: 3_000 }), (rows, viewportPx) => {
        const scale = createScrollScale({ rows, rowPx: 18, viewportPx });
        const maxScroll = Math.max(0, scale.contentPx - viewportPx);
        expect(scale.contentPx).toBeLessThanOrEqual(8_000_000);
        expect(scale.toTop(0)).toBe(0);
        expect(scale.toTop(maxScroll)).toBeCloseTo(scale.maxTop, 3);
        expect(scale.toScroll(scale.maxTop)).toBeCloseTo(maxScroll, 3);
        expect(scale.toTop(scale.toScroll(scale.maxTop / 3))).toBeCloseTo(scale.maxTop / 3, 3);
      }),
    );
  });

  it('moves px by px where the log is short enough', () => {
    const scale = createScrollScale({ rows: 1_000, rowPx: 18, viewportPx: 500 });
    expect(scale.toTop(123)).toBe(123);
  });
});

describe('Moving by px over rows with heights of their own', () => {
  it('goes as far as told, and back to where it was', () => {
    const heightOf = (row: number) => 18 * (1 + (row % 4));
    const size = { rows: 100, rowPx: 18, heightOf };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 500 }), (row, px) => {
        const there = moveByPx(row * 18, px, size);
        let above = px;
        let expected = row;
        while (above >= heightOf(expected)) {
          above -= heightOf(expected);
          expected += 1;
        }
        expect(there / 18).toBeCloseTo(expected + above / heightOf(expected), 6);
        expect(moveByPx(there, -px, size)).toBeCloseTo(row * 18, 6);
      }),
    );
    expect(moveByPx(0, -100, size)).toBe(0);
    expect(moveByPx(1_700, 1e9, size)).toBe(1_800);
    expect(moveByPx(10, 10, { ...size, rows: 0 })).toBe(0);
  });
});
