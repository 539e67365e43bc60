import { describe, expect, it } from 'vitest';
import { refuse } from '../../../src-main/contract/errors.ts';
import type { ReadLog } from '../../../src-renderer/features/logs/page-cache.ts';
import { PageCache } from '../../../src-renderer/features/logs/page-cache.ts';
import { fakeLogs, numberedLines } from './fake-log.ts';

function open(read: ReadLog) {
  const failures: string[] = [];
  let changes = 0;
  const cache = new PageCache({
    read,
    changed: () => {
      changes += 1;
    },
    failed: (error) => failures.push(error.message),
  });
  return { cache, failures, changes: () => changes };
}

/** Everything that is under way has no timer: a turn of the loop lets it end. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('The cache of log pages', () => {
  it('brings what is looked at, with one question for what stands side by side', async () => {
    const { read, questions } = fakeLogs({ a: numberedLines(1_000) });
    const { cache, changes } = open(read);
    cache.grown('a', 1_000);
    expect(cache.line('a', 500)).toBeUndefined();
    cache.want([{ attemptId: 'a', from: 480, to: 600 }]);
    await settle();
    expect(cache.line('a', 500)?.text).toBe('line 500');
    expect(questions).toEqual([{ attemptId: 'a', from: 449, limit: 192 }]);
    expect(changes()).toBe(1);
    cache.want([{ attemptId: 'a', from: 490, to: 590 }]);
    await settle();
    expect(questions).toHaveLength(1);
  });

  it('R65 holds the same amount whatever the length of the log is', async () => {
    const { read } = fakeLogs({ a: numberedLines(100_000) });
    const { cache } = open(read);
    cache.grown('a', 100_000);
    for (let from = 1; from < 60_000; from += 500) {
      cache.want([{ attemptId: 'a', from, to: from + 499 }]);
      await settle();
    }
    expect(cache.size).toBe(320);
    expect(cache.line('a', 1)).toBeUndefined();
    expect(cache.line('a', 59_501)?.text).toBe('line 59501');
  });

  it('holds few pages when lines are long', async () => {
    const { read } = fakeLogs({ a: Array.from({ length: 1_000 }, () => 'x'.repeat(65_536)) });
    const { cache } = open(read);
    cache.grown('a', 1_000);
    cache.want([{ attemptId: 'a', from: 1, to: 1_000 }]);
    await settle();
    expect(cache.size).toBeLessThanOrEqual(2);
  });

  it('asks again for the end of a log that has grown, and shows what it had until then', async () => {
    const texts = numberedLines(10);
    const { read, questions } = fakeLogs({ a: texts });
    const { cache } = open(read);
    cache.grown('a', 10);
    cache.want([{ attemptId: 'a', from: 1, to: 10 }]);
    await settle();
    texts[9] = 'line 10, finished';
    texts.push('line 11');
    cache.grown('a', 11);
    expect(cache.line('a', 10)?.text).toBe('line 10');
    cache.want([{ attemptId: 'a', from: 1, to: 11 }]);
    await settle();
    expect(cache.line('a', 10)?.text).toBe('line 10, finished');
    expect(cache.line('a', 11)?.text).toBe('line 11');
    expect(questions).toHaveLength(2);
  });

  it('asks on when an answer had no room for all, and gives up after a refusal until somebody looks again', async () => {
    const { read } = fakeLogs({ a: numberedLines(300) });
    const short = open((attemptId, from, limit) => read(attemptId, from, Math.min(limit, 100)));
    short.cache.grown('a', 300);
    short.cache.want([{ attemptId: 'a', from: 1, to: 300 }]);
    await settle();
    expect(short.cache.line('a', 300)?.text).toBe('line 300');
    let questions = 0;
    const refused = open(() => {
      questions += 1;
      return Promise.resolve(refuse('unavailable', 'No connection.', 'Wait.'));
    });
    refused.cache.grown('a', 300);
    refused.cache.want([{ attemptId: 'a', from: 1, to: 300 }]);
    await settle();
    expect(refused.failures).toEqual(['No connection.']);
    expect(questions).toBe(1);
    refused.cache.clear();
    expect(refused.cache.size).toBe(0);
  });
});
