import { describe, expect, it, vi } from 'vitest';
import { refuse } from '../../../src-main/contract/errors.ts';
import type { LogFind } from '../../../src-main/contract/log-find.ts';
import { ok } from '../../../src-main/contract/result.ts';
import { isFound, LogSearch, nextFound, noSearch, ordinalOf } from '../../../src-renderer/features/logs/log-search.ts';
import type { MarkReply, MarkRequest } from '../../../src-renderer/features/logs/mark-terms.ts';
import { readyRound } from '../../../src-renderer/features/logs/mark-terms.ts';
import { matchCount } from '../../../src-renderer/features/logs/match-count.ts';
import type { MarkThread } from '../../../src-renderer/features/logs/pattern-marks.ts';
import { PatternMarks } from '../../../src-renderer/features/logs/pattern-marks.ts';

const find: LogFind = { kind: 'text', text: 'x', caseSensitive: false };
const found = { find, lines: [[2, 5], [], [1]], total: 3 };

describe('What was found', () => {
  it('is gone through in order, over all logs and round at the ends', () => {
    const next = (source: number, line: number) => nextFound(found, { source, line }, 'next');
    const previous = (source: number, line: number) => nextFound(found, { source, line }, 'previous');
    expect(next(0, 0)).toEqual({ source: 0, line: 2 });
    expect(next(0, 2)).toEqual({ source: 0, line: 5 });
    expect(next(0, 5)).toEqual({ source: 2, line: 1 });
    expect(next(2, 1)).toEqual({ source: 0, line: 2 });
    expect(previous(2, 1)).toEqual({ source: 0, line: 5 });
    expect(previous(0, 2)).toEqual({ source: 2, line: 1 });
    expect(nextFound({ ...found, lines: [[], []] }, { source: 0, line: 1 }, 'next')).toBeNull();
  });

  it('is counted in words', () => {
    expect(isFound(found, { source: 0, line: 5 })).toBe(true);
    expect(isFound(null, { source: 0, line: 5 })).toBe(false);
    expect(ordinalOf(found, { source: 2, line: 1 })).toBe(3);
    const state = { find, found, isSearching: false, error: null };
    expect(matchCount(state, { source: 0, line: 5 })).toBe('2 of 3');
    expect(matchCount(state, null)).toBe('3 matches');
    expect(matchCount({ ...state, found: { ...found, total: 0, lines: [] } }, null)).toBe('no matches');
    expect(matchCount({ ...state, find: { kind: 'error' } }, null)).toBe('3 errors');
    expect(matchCount({ ...state, found: null, isSearching: true }, null)).toBe('searching …');
    expect(matchCount(noSearch, null)).toBe('');
  });
});

describe('A search of several logs', () => {
  it('adds up all of them, and forgets answers to an earlier question', async () => {
    const answers: ((lines: number[]) => void)[] = [];
    const search = new LogSearch({
      search: () =>
        new Promise((resolve) => {
          answers.push((lines) => resolve(ok({ lines, total: lines.length, totalLines: 9 })));
        }),
      sources: () => [{ attemptId: 'a' }, { attemptId: 'b' }],
      changed: () => undefined,
    });
    const first = search.start(find);
    const second = search.start({ kind: 'error' });
    answers[0]?.([1]);
    answers[1]?.([2]);
    await vi.waitFor(() => expect(answers).toHaveLength(3));
    answers[2]?.([3, 4]);
    await Promise.all([first, second]);
    expect(search.state).toEqual({
      find: { kind: 'error' },
      found: { find: { kind: 'error' }, lines: [[2], [3, 4]], total: 3 },
      isSearching: false,
      error: null,
    });
    await search.start(null);
    expect(search.state).toEqual(noSearch);
  });

  it('says what was refused, and looks again only when a log has grown', async () => {
    vi.useFakeTimers();
    let questions = 0;
    let answer = refuse('invalidInput', 'The pattern cannot be used.', 'Correct it.') as ReturnType<typeof refuse>;
    const search = new LogSearch({
      search: () => {
        questions += 1;
        return Promise.resolve(questions === 1 ? answer : ok({ lines: [1], total: 1, totalLines: 1 }));
      },
      sources: () => [{ attemptId: 'a' }],
      changed: () => undefined,
    });
    await search.start(find);
    expect(search.state.error).toEqual(answer.error);
    search.grown();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(questions).toBe(1);
    answer = refuse('internal', '', '');
    await search.start(find);
    search.grown();
    search.grown();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(questions).toBe(3);
    search.grown();
    search.stop();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(questions).toBe(3);
    vi.useRealTimers();
  });
});

describe('Marks of a pattern', () => {
  function open() {
    const threads: (MarkThread & { requests: MarkRequest[]; isEnded: boolean })[] = [];
    let changes = 0;
    const marks = new PatternMarks({
      start: () => {
        const thread = {
          requests: [] as MarkRequest[],
          isEnded: false,
          onmessage: null as MarkThread['onmessage'],
          postMessage: (request: MarkRequest) => thread.requests.push(request),
          terminate: () => {
            thread.isEnded = true;
          },
        };
        threads.push(thread);
        return thread;
      },
      changed: () => {
        changes += 1;
      },
    });
    const reply = (data: MarkReply) => threads.at(-1)?.onmessage?.({ data } as MessageEvent<MarkReply>);
    return { marks, threads, reply, changes: () => changes };
  }

  it('come from a thread, a screenful at a time', async () => {
    const { marks, threads, reply, changes } = open();
    marks.use(/b+/gi);
    expect([marks.in('abc'), marks.in('bb')]).toEqual([[], []]);
    await Promise.resolve();
    const [request] = threads[0]?.requests ?? [];
    expect(request).toMatchObject({ source: 'b+', flags: 'gi', texts: ['abc', 'bb'] });
    reply({ round: request?.round ?? 0, ranges: [[{ from: 1, to: 2 }], [{ from: 0, to: 2 }]] });
    expect(marks.in('abc')).toEqual([{ from: 1, to: 2 }]);
    expect(changes()).toBe(1);
    marks.close();
    expect(threads[0]?.isEnded).toBe(true);
  });

  it('end with a pattern that does not end, and come again with the next one', async () => {
    vi.useFakeTimers();
    const { marks, threads, reply } = open();
    marks.use(/(a+)+$/g);
    marks.in('aaaa!');
    // That a thread takes long to come is no fault of the pattern.
    await vi.advanceTimersByTimeAsync(5_000);
    expect(threads[0]?.isEnded).toBe(false);
    reply({ round: readyRound, ranges: [] });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(threads[0]?.isEnded).toBe(true);
    expect(marks.in('aaaa!')).toEqual([]);
    marks.use(/a/g);
    marks.in('aaaa!');
    await vi.advanceTimersByTimeAsync(0);
    expect(threads).toHaveLength(2);
    marks.close();
    vi.useRealTimers();
  });
});
