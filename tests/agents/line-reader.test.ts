import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineReader } from '../../src-main/agents/line-reader.ts';

/** Cuts bytes at the given places. */
function chunksOf(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((from, index) => bytes.subarray(from, places[index] ?? bytes.length));
}

function readAll(reader: LineReader, chunks: readonly Buffer[]) {
  const lines = chunks.flatMap((chunk) => reader.push(chunk));
  const last = reader.end();
  return last === null ? lines : [...lines, last];
}

describe('The line reader', () => {
  test('R21 gives the same lines however the bytes arrive, with characters split between chunks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.replace(/[\r\n\uD800-\uDFFF]/g, '·'))),
        fc.constantFrom('\n', '\r\n'),
        fc.array(fc.nat()),
        (texts, end, cuts) => {
          const bytes = Buffer.from(texts.map((text) => text + end).join(''));
          const lines = readAll(new LineReader(10_000), chunksOf(bytes, cuts));
          expect(lines).toEqual(texts.map((text) => ({ text, cutBytes: 0 })));
        },
      ),
    );
  });

  test('R21 survives any bytes, and never gives more than its limit', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 500 }),
        fc.array(fc.nat()),
        fc.integer({ min: 1, max: 50 }),
        (data, cuts, max) => {
          const bytes = Buffer.from(data);
          const lines = readAll(new LineReader(max), chunksOf(bytes, cuts));
          expect(lines.every(({ text }) => text.length <= max)).toBe(true);
          expect(lines.length).toBeGreaterThanOrEqual(data.filter((byte) => byte === 10).length);
        },
      ),
    );
  });

  test('keeps NUL, replaces what is no UTF-8, and says how much of a line was cut', () => {
    const reader = new LineReader(4);
    expect(reader.push(Buffer.from([0, 0xff, 65, 10]))).toEqual([{ text: '\0\uFFFDA', cutBytes: 0 }]);
    expect(reader.push(Buffer.from('abcdefgh\nxy'))).toEqual([{ text: 'abcd', cutBytes: 4 }]);
    expect(reader.end()).toEqual({ text: 'xy', cutBytes: 0 });
    expect(reader.end()).toBeNull();
  });

  test('holds no more than its limit of a line that never ends', () => {
    const reader = new LineReader(1_000);
    const chunk = Buffer.alloc(1_000_000, 'x');
    for (let count = 0; count < 100; count += 1) {
      expect(reader.push(chunk)).toEqual([]);
    }
    expect(reader.push(Buffer.from('\n'))).toEqual([{ text: 'x'.repeat(1_000), cutBytes: 99_999_000 }]);
  });
});
