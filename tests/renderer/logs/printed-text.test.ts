import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linePieces, matchesIn } from '../../../src-renderer/features/logs/line-pieces.ts';
import { plainText, printedParts } from '../../../src-renderer/features/logs/printed-text.ts';

const ESC = '\x1b';
const looksOf = (printed: string) =>
  printedParts(printed).map(({ text, ink, ground, marks }) => ({ text, ink, ground, marks }));

/** Output of a program that means harm, in pieces. */
const piece = fc.oneof(
  fc.constantFrom(
    `${ESC}[31m`,
    `${ESC}[0m`,
    `${ESC}[38;5;208m`,
    `${ESC}[48;2;1;2;3m`,
    `${ESC}[38:2::1:2:3m`,
    `${ESC}[2J`,
    `${ESC}[1;1H`,
    `${ESC}]52;c;aGk=\x07`,
    `${ESC}]8;;javascript:alert(1)${ESC}\\`,
    `${ESC}]0;title`,
    `${ESC}[`,
    ESC,
    `${ESC}c`,
    `${ESC}P1$r${ESC}\\`,
    '<img src=x onerror=alert(1)>',
    '\u202e',
    '\u2066',
    '\u0000',
    '\b',
    '\r',
    '\u2028',
    '\u009b31m',
    '\u{10ffff}',
    '\t',
    '[31m',
  ),
  fc.string({ unit: 'binary' }),
);

describe('The text of a line', () => {
  it('fault 15: becomes parts without any character that does something, at the same places', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const printed = pieces.join('').replaceAll('\n', '').toWellFormed();
        const plain = plainText(printed);
        const parts = printedParts(printed);
        expect(parts.map(({ text }) => text).join('')).toHaveLength(plain.length);
        for (const { text, from, control } of parts) {
          // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
          expect(text).not.toMatch(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u2028\u2029]/);
          if (control === null) expect(plain.slice(from, from + text.length)).toBe(text);
          else expect(text).toHaveLength(1);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('is one part as long as nothing is special', () => {
    expect(printedParts('plain <b>text</b>')).toEqual([
      { text: 'plain <b>text</b>', from: 0, ink: null, ground: null, marks: [], control: null },
    ]);
    expect(printedParts('')).toEqual([]);
  });

  it('has the colours that were printed, each as one of eight', () => {
    expect(looksOf(`a${ESC}[31;1mb${ESC}[0;44mc${ESC}[mf`)).toEqual([
      { text: 'a', ink: null, ground: null, marks: [] },
      { text: 'b', ink: 'red', ground: null, marks: ['bold'] },
      { text: 'c', ink: null, ground: 'blue', marks: [] },
      { text: 'f', ink: null, ground: null, marks: [] },
    ]);
    const inks = ['94', '38;5;9', '38;5;208', '38;5;21', '38;5;250', '38;5;233', '38;2;250;10;240', '38;2;9;9'];
    expect(inks.map((code) => printedParts(`${ESC}[${code}mx`)[0]?.ink)).toEqual([
      'blue',
      'red',
      'red',
      'blue',
      'white',
      'black',
      'magenta',
      null,
    ]);
  });

  it('names characters that have no look', () => {
    const parts = printedParts(`a\x07b\x7f\u202e${ESC}`);
    expect(parts.map(({ control }) => control)).toEqual([null, 'BEL', null, 'DEL', 'U+202E', 'ESC']);
  });
});

describe('The pieces of a line', () => {
  it('say for each character whether it is selected, or part of a match', () => {
    const range = fc.tuple(fc.nat(12), fc.nat(12)).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('ab', `${ESC}[31m`, '\x07', 'c'), { maxLength: 8 }),
        range,
        (parts, selected) => {
          const printed = parts.join('');
          const plain = plainText(printed);
          const matches = matchesIn(plain, /b.?/g);
          const pieces = linePieces(printedParts(printed), matches, selected);
          expect(pieces.map(({ text }) => text).join('')).toHaveLength(plain.length);
          for (const { from, text, isMatch, isSelected } of pieces) {
            for (let at = from; at < from + text.length; at += 1) {
              expect(isMatch).toBe(matches.some((match) => match.from <= at && at < match.to));
              expect(isSelected).toBe(selected.from <= at && at < selected.to);
            }
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('have a bounded number of matches, and none that is empty', () => {
    expect(matchesIn('aab', /a*/g)).toEqual([{ from: 0, to: 2 }]);
    expect(matchesIn('a'.repeat(1_000), /a/g)).toHaveLength(500);
  });
});
