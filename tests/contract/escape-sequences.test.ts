import { expect, test } from 'vitest';
import { withoutEscapes } from '../../src-main/contract/escape-sequences.ts';

test.each([
  ['plain text', 'plain text'],
  ['\x1b[31mred\x1b[0m', 'red'],
  ['\x1b]0;a title\x07text', 'text'],
  ['\x1b]0;a title without an end', '\x1b]0;a title without an end'],
])('%j is read as %j', (printed, read) => {
  expect(withoutEscapes(printed)).toBe(read);
});
