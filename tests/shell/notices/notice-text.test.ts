import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { meaningOf } from '../../../src-main/shell/notices/notice-of-event.ts';
import type { Tally } from '../../../src-main/shell/notices/notice-text.ts';
import { lengthInWords, noticeAfterQuiet, noticeOf } from '../../../src-main/shell/notices/notice-text.ts';
import { plainText } from '../../../src-main/shell/notices/plain-text.ts';
import { event } from './desk.ts';

function newsOf(message: string) {
  const failure = { category: 'exit', class: 'unknown', message };
  const meaning = meaningOf(event(1, 'run.failed', { failure }));
  if (meaning?.kind !== 'news') throw new Error('a run that failed is news');
  return meaning.news;
}

describe('the words of a notice', () => {
  test('whatever an agent prints and whatever a thing is called, they are one bounded line that acts on nothing', () => {
    const texts = fc.oneof(
      // Any text of JavaScript's, halves of pairs and control characters included.
      fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 400 }).map((units) => String.fromCharCode(...units)),
      fc.constantFrom(
        '\u001b[31mred\u001b[0m',
        'a\u202eb',
        '\u0007',
        'x'.repeat(100_000),
        '$& $1 %',
        '👩‍👩‍👧'.repeat(200),
      ),
    );
    fc.assert(
      fc.property(texts, texts, (message, name) => {
        const { title, body } = noticeOf(newsOf(message), { name, detail: '' });
        expect([...title].length).toBeLessThanOrEqual(80);
        expect([...body].length).toBeLessThanOrEqual(240);
        expect(`${title}${body}`).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
      { numRuns: 300 },
    );
  });

  test('a name is taken as it is, and cut so that what happened can be read', () => {
    const title = (name: string) => noticeOf(newsOf('no'), { name, detail: '' }).title;
    expect(title('$& 100 % $1')).toBe('Run of $& 100 % $1 failed');
    expect(title('long '.repeat(40))).toMatch(/^Run of long .*… failed$/);
  });

  test('what has no reason of its own says what is known of the thing', () => {
    const meaning = meaningOf(event(1, 'run.completed'));
    if (meaning?.kind !== 'news') throw new Error('a run that completed is news');
    expect(noticeOf(meaning.news, { name: 'app', detail: '7 stages in 3 s.' }).body).toBe('7 stages in 3 s.');
  });

  test('after quiet hours the most urgent leads', () => {
    const failed: Tally = new Map([['run', 2]]);
    const finished: Tally = new Map([['task', 1]]);
    expect(
      noticeAfterQuiet(
        new Map([
          ['finished', finished],
          ['failed', failed],
        ]),
      ),
    ).toMatchObject({
      reason: 'failed',
      body: '1 task completed, 2 runs failed',
      route: '/',
    });
    expect(noticeAfterQuiet(new Map([['trouble', new Map([['trouble', 2]] as const)]]))).toMatchObject({
      body: '2 things are not well',
      route: '/settings/doctor',
    });
    expect(noticeAfterQuiet(new Map([['update', new Map([['update', 2]] as const)]]))).toMatchObject({
      body: '2 updates can be had',
      route: '/settings/about',
    });
  });

  test.each([
    [0, '0 s'],
    [59_400, '59 s'],
    [125_000, '2 min 5 s'],
    [3_600_000, '1 h 0 min'],
    [90_061_000, '1 d 1 h'],
  ])('%i ms are %s', (ms, words) => {
    expect(lengthInWords(ms)).toBe(words);
  });

  test('plain text keeps what a person reads', () => {
    expect(plainText('  a\n\tb \u001b]0;title\u0007c ', 20)).toBe('a b c');
    expect(plainText('abcdef', 4)).toBe('abc…');
  });
});
