import { appendFile, truncate, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { lineBlocks, maxSearchedLineBytes } from '../../../src-main/agents/log-file/line-blocks.ts';
import { indexPath } from '../../../src-main/agents/log-file/log-index.ts';
import { LogSearcher } from '../../../src-main/agents/log-file/log-searcher.ts';
import { searchLines } from '../../../src-main/agents/log-file/search-lines.ts';
import { createLogReader, logPath } from '../../../src-main/agents/log-reader.ts';
import { withoutEscapes } from '../../../src-main/contract/escape-sequences.ts';
import type { AttemptId } from '../../../src-main/contract/ids.ts';
import type { LogFind } from '../../../src-main/contract/log-find.ts';
import { compileFind, looksLikeError } from '../../../src-main/contract/log-find.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const id = 'attempt_00000000000000000000000001' as AttemptId;
const text = (value: string, caseSensitive = false): LogFind => ({ kind: 'text', text: value, caseSensitive });
const pattern = (value: string, caseSensitive = false): LogFind => ({
  kind: 'pattern',
  pattern: value,
  caseSensitive,
});

function readerIn(folder: string, search = {}) {
  const reader = createLogReader({ folder, search });
  onTestFinished(() => reader.close());
  return reader;
}

async function found(reader: ReturnType<typeof createLogReader>, find: LogFind, from = 1, limit = 10_000) {
  const result = await reader.search(id, find, from, limit);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

/** The lines as the reader of pages gives them, looked through one by one. */
function naively(content: string, find: LogFind): number[] {
  const ended = content === '' || content.endsWith('\n') ? content : `${content}\n`;
  const lines = ended
    .split('\n')
    .slice(0, -1)
    .map((line) => withoutEscapes(line.replace(/\r$/, '')));
  const wanted = compileFind(find);
  return lines.flatMap((line, index) => {
    wanted.lastIndex = 0;
    return (find.kind === 'error' ? looksLikeError(line) : wanted.test(line)) ? [index + 1] : [];
  });
}

function inMemory(bytes: Buffer) {
  return lineBlocks(
    (buffer, offset, length, position) => bytes.copy(buffer, offset, position, position + length),
    bytes.length,
  );
}

describe('A search of a log', () => {
  test('R65 finds in 1,000,000 lines what a naive recount finds', async () => {
    const folder = temporaryFolder();
    const lines = Array.from({ length: 1_000_000 }, (_, index) => {
      const state = index % 997 === 0 ? '\x1b[31mEr\x1b[1mror\x1b[0m: disk full' : 'all \x1b[32mfine\x1b[0m';
      return `2026-11-21T10:00:00 step ${index} of the build: ${state}`;
    });
    const content = `${lines.join('\n')}\n`;
    await writeFile(logPath(folder, id), content);
    const reader = readerIn(folder);
    for (const find of [
      text('error'),
      text('Error', true),
      pattern('step \\d*7 .*fine$'),
      { kind: 'error' } as const,
    ]) {
      const expected = naively(content, find);
      expect(await found(reader, find)).toEqual({
        lines: expected.slice(0, 10_000),
        total: expected.length,
        totalLines: 1_000_000,
      });
    }
  }, 60_000);

  test('finds what a naive recount finds, whatever the lines and the search are', () => {
    const piece = fc.constantFrom(
      'a',
      'B',
      'é',
      '😀',
      ' ',
      '\n',
      '\r\n',
      '\x1b[31m',
      '\x1b]0;t\x07',
      '\x1b',
      'error',
      '0 errors',
      'TypeError',
    );
    const finds: LogFind[] = [
      text('a'),
      text('b', true),
      text('É'),
      text('a\r'),
      text('x\ny'),
      text('ra'),
      pattern('^a'),
      pattern('a$'),
      pattern('^$'),
      pattern('[^a]'),
      pattern('\\bé'),
      { kind: 'error' },
    ];
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 80 }), fc.constantFrom(...finds), (pieces, find) => {
        const content = pieces.join('');
        const result = searchLines(inMemory(Buffer.from(content)), { find, from: 1, limit: 1_000 });
        const { length } = content.split('\n');
        expect(result.lines).toEqual(naively(content, find));
        expect(result.totalLines).toBe(content.endsWith('\n') || content === '' ? length - 1 : length);
      }),
      { numRuns: 500 },
    );
  });

  test('looks at the first 64 KiB of a long line only, and counts lines right behind it', () => {
    const long = `${'x'.repeat(maxSearchedLineBytes - 5)}first${'y'.repeat(9 * 1024 * 1024)}second`;
    const bytes = Buffer.from(`one\n${long}\nfirst\n${'é'.repeat(50_000)}second\nsecond ${long}`);
    const search = (value: string) => searchLines(inMemory(bytes), { find: text(value), from: 1, limit: 10 });
    expect(search('first')).toEqual({ lines: [2, 3], total: 2, totalLines: 5 });
    expect(search('second')).toEqual({ lines: [5], total: 1, totalLines: 5 });
    expect(search('\ufffd').total).toBe(0);
  });

  test('lists from the line it is told, no more than asked for, and counts all', async () => {
    const folder = temporaryFolder();
    await writeFile(logPath(folder, id), 'a\n'.repeat(100));
    expect(await found(readerIn(folder), text('A'), 41, 3)).toEqual({
      lines: [41, 42, 43],
      total: 100,
      totalLines: 100,
    });
  });

  test('knows of no log, an empty one, a growing one, and needs no index', async () => {
    const folder = temporaryFolder();
    const reader = readerIn(folder);
    expect(await found(reader, text('a'))).toBeNull();
    await writeFile(logPath(folder, id), '');
    expect(await found(reader, text('a'))).toEqual({ lines: [], total: 0, totalLines: 0 });
    await writeFile(indexPath(logPath(folder, id)), 'damaged');
    await appendFile(logPath(folder, id), 'a\nunfinished a');
    expect(await found(reader, text('a'))).toEqual({ lines: [1, 2], total: 2, totalLines: 2 });
    await appendFile(logPath(folder, id), ' goes on\na\n');
    expect(await found(reader, text('a'))).toEqual({ lines: [1, 2, 3], total: 3, totalLines: 3 });
  });

  test('takes binary output, and a log that becomes shorter while it is read', async () => {
    const folder = temporaryFolder();
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7919 + (index >> 8)) & 0xff));
    await writeFile(logPath(folder, id), bytes);
    const reader = readerIn(folder);
    const result = await found(reader, text('nowhere to be found'));
    expect(result?.totalLines).toBe((await reader.read(id, 1, 1))?.totalLines);
    const short = lineBlocks(
      (buffer, offset, _length, position) => (position === 0 ? buffer.write('a\na\n', offset) : 0),
      100,
    );
    expect(searchLines(short, { find: text('a'), from: 1, limit: 9 }).total).toBe(2);
    await truncate(logPath(folder, id));
    expect(await found(reader, text('a'))).toMatchObject({ totalLines: 0 });
  });

  test('refuses a pattern that is none, with the reason', async () => {
    const folder = temporaryFolder();
    await writeFile(logPath(folder, id), 'a\n');
    expect(await readerIn(folder).search(id, pattern('a('), 1, 1)).toMatchObject({
      ok: false,
      error: { type: 'invalidInput', field: 'find.pattern', message: expect.stringContaining('Unterminated group') },
    });
  });

  test('gives up a pattern that never ends, and goes on with the next search', async () => {
    const folder = temporaryFolder();
    await writeFile(logPath(folder, id), `${'a'.repeat(60)}!\n`);
    const reader = readerIn(folder, { limitMs: 1_500 });
    const endless = reader.search(id, pattern('^(a+)+$'), 1, 1);
    const next = reader.search(id, text('!'), 1, 1);
    expect(await endless).toMatchObject({ ok: false, error: { type: 'refused', field: 'find.pattern' } });
    expect(await next).toMatchObject({ ok: true, value: { total: 1 } });
  });

  test('says that a log is too large when a text is not found in time, and what the disk says', async () => {
    const folder = temporaryFolder();
    const slow = new LogSearcher({ limitMs: 0 });
    onTestFinished(() => slow.close());
    const request = { path: logPath(folder, id), find: text('a'), from: 1, limit: 1 };
    expect(await slow.search(request)).toMatchObject({ ok: false, error: { type: 'refused' } });
    const searcher = new LogSearcher();
    onTestFinished(() => searcher.close());
    expect(await searcher.search({ ...request, path: folder })).toMatchObject({
      ok: false,
      error: { type: 'unavailable' },
    });
  });

  test('lets only so many searches wait, and answers all of them when it is closed', async () => {
    const folder = temporaryFolder();
    await writeFile(logPath(folder, id), `${'a'.repeat(60)}!\n`);
    const searcher = new LogSearcher();
    const request = { path: logPath(folder, id), find: pattern('^(a+)+$'), from: 1, limit: 1 };
    const all = Array.from({ length: 40 }, () => searcher.search(request));
    expect(await all.at(-1)).toMatchObject({ ok: false, error: { message: expect.stringContaining('wait already') } });
    await searcher.close();
    for (const answer of await Promise.all(all)) expect(answer).toMatchObject({ error: { type: 'unavailable' } });
    expect(await searcher.search(request)).toMatchObject({ error: { type: 'unavailable' } });
  });

  test('ends its thread when nothing was searched for a while, and starts another when needed', async () => {
    const folder = temporaryFolder();
    await writeFile(logPath(folder, id), 'a\n');
    const reader = readerIn(folder, { idleMs: 0 });
    expect(await found(reader, text('a'))).toMatchObject({ total: 1 });
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(await found(reader, text('a'))).toMatchObject({ total: 1 });
  });
});
