import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refuse } from '../../../src-main/contract/errors.ts';
import { missingIn, textBetween } from '../../../src-renderer/features/logs/copy-text.ts';
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
          const text = first === last && from.offset > to.offset ? '' : whole.slice(offsetOf(from), offsetOf(to));
          expect(copied).toEqual({ ok: true, value: { text, cutLines: [] } });
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
    expect(await copy(0, 1)).toMatchObject({ value: { text: 'a1\na2\nc1' } });
    expect(await copy(2, 0)).toMatchObject({ value: { text: 'a2' } });
  });

  it('is refused when it is too much for a clipboard, or cannot be read', async () => {
    const many = fakeLogs({ a: Array.from({ length: 400 }, () => 'x'.repeat(60_000)) });
    const all = { from: { source: 0, line: 1, offset: 0 }, to: { source: 0, line: 400, offset: end } };
    const sources = [{ attemptId: 'a', totalLines: 400 }];
    expect(await textBetween(all.from, all.to, sources, many.read)).toMatchObject({ error: { type: 'refused' } });
    const refused = refuse('unavailable', 'No connection.', 'Wait.');
    expect(await textBetween(all.from, all.to, sources, () => Promise.resolve(refused))).toEqual(refused);
  });

  it('copies lines that are too long as far as they are shown, and says which', async () => {
    const cut = fakeLogs({ a: ['x'.repeat(70_000), 'short'] });
    const sources = [{ attemptId: 'a', totalLines: 2 }];
    const from = { source: 0, line: 1, offset: 0 };
    const all = await textBetween(from, { source: 0, line: 2, offset: end }, sources, cut.read);
    if (!all.ok) throw new Error(all.error.message);
    expect(all.value.text).toMatch(/^x{60000,}\nshort$/);
    expect(missingIn(all.value)).toBe(
      'Line 1 is too long to be shown and copied whole. Download the whole log for the rest.',
    );
    // Of what is shown of it, a part is whole.
    const part = await textBetween(from, { ...from, offset: 5 }, sources, cut.read);
    expect(part).toEqual({ ok: true, value: { text: 'xxxxx', cutLines: [] } });
    expect(missingIn({ text: '', cutLines: [3, 4] })).toMatch(/^Lines 3, 4 are too long/);
    expect(missingIn({ text: '', cutLines: [1, 2, 3, 4, 5, 6, 7, 8, 9] })).toMatch(
      /^Lines 1, 2, 3, 4, 5 and 4 more are/,
    );
  });
});
