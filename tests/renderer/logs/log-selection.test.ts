import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refuse } from '../../../src-main/contract/errors.ts';
import { textBetween } from '../../../src-renderer/features/logs/copy-text.ts';
import { selectedPart, selectedRange, wordAt } from '../../../src-renderer/features/logs/log-selection.ts';
import { fakeLogs } from './fake-log.ts';

const end = Number.POSITIVE_INFINITY;

describe('A selection in logs', () => {
  it('is the same from both ends, and nothing when they meet', () => {
    const from = { source: 0, line: 2, offset: 3 };
    const to = { source: 1, line: 1, offset: 0 };
    expect(selectedRange({ anchor: to, head: from })).toEqual({ from, to });
    expect(selectedRange({ anchor: from, head: to })).toEqual({ from, to });
    expect(selectedRange({ anchor: from, head: from })).toBeNull();
    expect(selectedRange(null)).toBeNull();
  });

  it('covers the rest of its first line, whole lines, and the beginning of its last one', () => {
    const selection = { anchor: { source: 0, line: 2, offset: 3 }, head: { source: 0, line: 4, offset: 5 } };
    const parts = [1, 2, 3, 4, 5].map((line) => selectedPart(selection, { source: 0, line }));
    expect(parts).toEqual([null, { from: 3, to: end }, { from: 0, to: end }, { from: 0, to: 5 }, null]);
    expect(selectedPart(selection, { source: 1, line: 3 })).toBeNull();
  });

  it('takes words by two clicks', () => {
    expect(wordAt('one two_2, three', 5)).toEqual({ from: 4, to: 9 });
    expect(wordAt('one two', 3)).toEqual({ from: 0, to: 3 });
    expect(wordAt('a  b', 2)).toEqual({ from: 2, to: 3 });
    expect(wordAt('', 0)).toEqual({ from: 0, to: 0 });
  });

  it('R65 copies exactly what was printed between its ends', async () => {
    const line = fc.array(fc.constantFrom('ab', '\t', 'é😀', '\x1b[31m', '\u202e', ' '), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 12 }),
        fc.nat(),
        fc.nat(),
        fc.nat(40),
        fc.nat(40),
        async (pieces, a, b, left, right) => {
          const texts = pieces.map((parts) => parts.join(''));
          const plain = texts.map((text) => text.replaceAll('\x1b[31m', ''));
          const [first, last] = [a % texts.length, b % texts.length].sort((x, y) => x - y) as [number, number];
          const from = { source: 0, line: first + 1, offset: Math.min(left, plain[first]?.length ?? 0) };
          const to = { source: 0, line: last + 1, offset: Math.min(right, plain[last]?.length ?? 0) };
          const whole = plain.join('\n');
          const offsetOf = ({ line: number, offset }: typeof from) =>
            plain.slice(0, number - 1).reduce((sum, text) => sum + text.length + 1, 0) + offset;
          const copied = await textBetween(
            from,
            to,
            [{ attemptId: 'a', totalLines: texts.length }],
            fakeLogs({ a: texts }).read,
          );
          expect(copied).toEqual({
            ok: true,
            value: first === last && from.offset > to.offset ? '' : whole.slice(offsetOf(from), offsetOf(to)),
          });
        },
      ),
    );
  });

  it('goes over several logs without their headings', async () => {
    const { read } = fakeLogs({ a: ['a1', 'a2'], b: [], c: ['c1', 'c2'] });
    const sources = [
      { attemptId: 'a', totalLines: 2 },
      { attemptId: 'b', totalLines: 0 },
      { attemptId: 'c', totalLines: 2 },
    ];
    const copy = (from: number, to: number) =>
      textBetween({ source: 0, line: from, offset: 0 }, { source: 2, line: to, offset: end }, sources, read);
    expect(await copy(0, 1)).toEqual({ ok: true, value: 'a1\na2\nc1' });
    expect(await copy(2, 0)).toEqual({ ok: true, value: 'a2' });
  });

  it('is refused when it is too much for a clipboard, ends in a line that is cut, or cannot be read', async () => {
    const many = fakeLogs({ a: Array.from({ length: 400 }, () => 'x'.repeat(60_000)) });
    const all = { from: { source: 0, line: 1, offset: 0 }, to: { source: 0, line: 400, offset: end } };
    const sources = [{ attemptId: 'a', totalLines: 400 }];
    expect(await textBetween(all.from, all.to, sources, many.read)).toMatchObject({ error: { type: 'refused' } });
    const cut = fakeLogs({ a: ['x'.repeat(70_000)] });
    const first = { ...all.from, offset: 5 };
    expect(await textBetween(all.from, { ...first, offset: end }, sources, cut.read)).toMatchObject({
      error: { message: expect.stringContaining('Line 1 is too long') },
    });
    expect(await textBetween(all.from, first, sources, cut.read)).toEqual({ ok: true, value: 'xxxxx' });
    const refused = refuse('unavailable', 'No connection.', 'Wait.');
    expect(await textBetween(all.from, all.to, sources, () => Promise.resolve(refused))).toEqual(refused);
  });
});
