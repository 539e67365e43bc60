import { expect, test } from 'vitest';
import { fitText, padText, textWidth } from '../../src-main/cli/text-width.ts';

test('characters are counted in columns', () => {
  expect(textWidth('abc')).toBe(3);
  expect(textWidth('日本')).toBe(4);
  expect(textWidth('e\u0301')).toBe(1);
  expect(textWidth('😀')).toBe(2);
});

test('a text that is too long is cut, and says so', () => {
  expect(fitText('abcdef', 6)).toBe('abcdef');
  expect(fitText('abcdef', 4)).toBe('abc…');
  expect(fitText('日本語', 4)).toBe('日…');
  expect(fitText('abc', 0)).toBe('');
});

test('a text that is too short is filled up', () => {
  expect(padText('a', 3)).toBe('a  ');
  expect(padText('日', 3, 'right')).toBe(' 日');
  expect(padText('abcd', 2)).toBe('abcd');
});
