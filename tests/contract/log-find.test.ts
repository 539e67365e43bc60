import { describe, expect, it } from 'vitest';
import { withoutEscapes } from '../../src-main/contract/escape-sequences.ts';
import { compileFind, looksLikeError } from '../../src-main/contract/log-find.ts';

const text = (value: string, caseSensitive = false) => compileFind({ kind: 'text', text: value, caseSensitive });
const pattern = (value: string, caseSensitive = false) =>
  compileFind({ kind: 'pattern', pattern: value, caseSensitive });

describe('What is looked for in a log', () => {
  it('is a text taken literally, in any case unless the case counts', () => {
    const all = '\\^$.*+?()[]{}|/-';
    expect(text(all, true).exec(`x${all}x`)?.index).toBe(1);
    expect(text('Été').test('un été')).toBe(true);
    expect(text('Été', true).test('un été')).toBe(false);
  });

  it('is a pattern in Unicode mode where that is valid, otherwise in the lenient one', () => {
    expect(pattern('^\\p{Lu}.$').test('É😀')).toBe(true);
    expect(pattern('a\\-b').test('A-B')).toBe(true);
    expect(pattern('ab', true).test('AB')).toBe(false);
    expect(() => pattern('(')).toThrow(SyntaxError);
  });

  it.each([
    'Error: no such file',
    'TypeError: x is not a function',
    'java.lang.IllegalStateException: closed',
    'FATAL   the disk is full',
    'Traceback (most recent call last):',
    "thread 'main' panicked at src/main.rs:3",
    'Tests: 2 failed, 5 passed',
    'Found 3 errors.',
    'npm ERR! code ELIFECYCLE',
    '  ✗ adds two numbers',
    'Segmentation fault (core dumped)',
    '0 warnings, 1 error',
    'no warnings, but an error',
    'Unhandled rejection',
  ])('sees an error in: %s', (line) => {
    expect(looksLikeError(line)).toBe(true);
    expect(compileFind({ kind: 'error' }).test(line)).toBe(true);
  });

  it.each([
    '0 errors, 0 warnings',
    'no errors found',
    'finished without any errors',
    '"errors": 0, "failed": 0',
    'error: null',
    'failed=0',
    'No critical errors',
    'compiling src/errors.ts',
    'GET /error/page',
    'the terror of mirrors',
    'terrors and an inherror',
    'error_count is fine',
    'all good',
  ])('sees no error in: %s', (line) => {
    expect(looksLikeError(line)).toBe(false);
  });
});

describe('Escape sequences', () => {
  it.each([
    ['colours', '\x1b[1;38;2;255;0;0mred\x1b[0m', 'red'],
    ['cursor moves and erasing', '\x1b[2K\x1b[1G50 %\x1b[?25l', '50 %'],
    ['a title', '\x1b]0;title\x07text', 'text'],
    ['a link', '\x1b]8;;javascript:alert(1)\x1b\\click\x1b]8;;\x1b\\', 'click'],
    ['the clipboard', 'a\x1b]52;c;aGk=\x07b', 'ab'],
    ['device strings', '\x1bPq#0\x1b\\x\x1b_app\x1b\\y', 'xy'],
    ['short commands', '\x1bc\x1b(B\x1b7\x1bMok', 'ok'],
    ['colours inside of a word', 'er\x1b[31mror', 'error'],
  ])('are taken out: %s', (_what, printed, seen) => {
    expect(withoutEscapes(printed)).toBe(seen);
  });

  it.each([
    ['without an end', '\x1b]52;c;aGk= and more'],
    ['that goes on for ever', `\x1b]0;${'x'.repeat(5_000)}\x07`],
    ['over the end of a line', '\x1b]0;title\nsecond line\x07'],
    ['with endless parameters', `\x1b[${'1'.repeat(100)}m`],
    ['at the very end', 'text\x1b'],
    ['begun only', 'text\x1b['],
  ])('hide nothing when they are none: one %s', (_what, printed) => {
    expect(withoutEscapes(printed)).toBe(printed);
  });
});
