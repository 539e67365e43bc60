import { expect, test } from 'vitest';
import { agoWords, clockWords, durationWords, inWords } from '../../src-main/cli/time-words.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

test.each([
  [-5, '0.0 s'],
  [449, '0.4 s'],
  [9_999, '9.9 s'],
  [59_999, '59 s'],
  [minute + 5_000, '1 m 05 s'],
  [2 * hour + 3 * minute, '2 h 03 m'],
  [4 * day + hour, '4 d 1 h'],
])('%i ms are %s', (ms, words) => {
  expect(durationWords(ms)).toBe(words);
});

test.each([
  [-1_000, 'just now'],
  [4_999, 'just now'],
  [12_000, '12 s ago'],
  [3 * minute, '3 min ago'],
  [5 * hour, '5 h ago'],
  [29 * day, '29 d ago'],
])('%i ms before now is %s', (ms, words) => {
  expect(agoWords(100 * day, 100 * day - ms)).toBe(words);
});

test('what is long ago is a date', () => {
  expect(agoWords(100 * day, 0)).toBe('1970-01-01');
});

test('the future is told as a length of time', () => {
  expect(inWords(0, 2_500)).toBe('in 2.5 s');
  expect(inWords(5, 5)).toBe('now');
});

test('a time of day is told to the millisecond', () => {
  expect(clockWords(new Date(2026, 0, 2, 3, 4, 5, 6).getTime())).toBe('03:04:05.006');
});
