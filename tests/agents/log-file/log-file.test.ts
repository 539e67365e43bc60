import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AppendableFile, OpenFile } from '../../../src-main/agents/log-file/log-file.ts';
import { LogFile, openForAppending } from '../../../src-main/agents/log-file/log-file.ts';
import { indexPath } from '../../../src-main/agents/log-file/log-index.ts';
import { LoggedStream } from '../../../src-main/agents/log-file/logged-stream.ts';
import { createLogReader } from '../../../src-main/agents/log-reader.ts';
import { compileSecrets } from '../../../src-main/agents/secrets.ts';
import type { AttemptId } from '../../../src-main/contract/ids.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const id = 'attempt_00000000000000000000000001' as AttemptId;
const secrets = compileSecrets({ values: [], patterns: [], encoding: 'latin1' });

function openLog(folder: string, open: OpenFile = openForAppending, now: () => number = () => 1_000) {
  const told = { grown: [] as number[], dropped: [] as number[], trouble: [] as string[] };
  const path = join(folder, `${id}.log`);
  const log = new LogFile({
    path,
    open,
    now,
    grown: (totalLines) => told.grown.push(totalLines),
    dropped: (bytes) => told.dropped.push(bytes),
    trouble: (reason) => told.trouble.push(reason),
  });
  return { log, path, told, reader: createLogReader({ folder }) };
}

/** Opens real files whose log refuses writes as long as `fails` gives an error. `takes`: how many bytes it takes at once. */
function faulty(path: string, fails: () => string | null, takes = Number.POSITIVE_INFINITY): OpenFile {
  return async (asked) => {
    const file = await openForAppending(asked);
    if (asked !== path) {
      return file;
    }
    const writev: AppendableFile['writev'] = async (buffers) => {
      const reason = fails();
      if (reason !== null) {
        throw new Error(reason);
      }
      const bytes = Buffer.concat(buffers as unknown as Buffer[]).subarray(0, takes);
      return file.writev([bytes]) as never;
    };
    return {
      writev,
      truncate: (length) => file.truncate(length),
      datasync: () => file.datasync(),
      close: () => file.close(),
      stat: file.stat.bind(file),
      read: file.read.bind(file),
    };
  };
}

describe('A log file', () => {
  test('is there when nothing was printed, without an index', async () => {
    const { log, path, reader, told } = openLog(temporaryFolder());
    expect(await log.close()).toBe(0);
    expect(await readFile(path, 'utf8')).toBe('');
    await expect(readFile(indexPath(path))).rejects.toThrow('ENOENT');
    expect(await reader.read(id, 1, 10)).toEqual({ lines: [], totalLines: 0, path });
    expect(told.trouble).toEqual([]);
  });

  test('P9 holds exactly the bytes that one stream printed, in whatever pieces', async () => {
    const folder = temporaryFolder();
    let number = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 30 }), async (chunks) => {
        number += 1;
        const { log, path } = openLog(join(folder), openForAppending);
        const own = `${path}.${number}`;
        const file = new LogFile({
          path: own,
          open: openForAppending,
          now: () => 1,
          grown: () => undefined,
          dropped: () => undefined,
          trouble: () => undefined,
        });
        const stream = new LoggedStream({ stream: 'stdout', secrets: () => secrets, log: () => file });
        for (const chunk of chunks) {
          stream.push(Buffer.from(chunk));
        }
        stream.end();
        const bytes = Buffer.concat(chunks);
        const newlines = bytes.filter((byte) => byte === 10).length;
        expect(await file.close()).toBe(newlines + (bytes.length === 0 || bytes.at(-1) === 10 ? 0 : 1));
        expect(await readFile(own)).toEqual(bytes);
        expect(log.isFull).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  test('R65 keeps two streams apart: a line is never made of both', async () => {
    const { log, path, reader } = openLog(temporaryFolder());
    const [out, errors] = [{}, {}];
    log.append(out, 'stdout', Buffer.from('half'));
    log.append(errors, 'stderr', Buffer.from('whole\n'));
    log.append(out, 'stdout', Buffer.from(' rest\nnext\n'));
    expect(await log.close()).toBe(4);
    expect(await readFile(path, 'utf8')).toBe('half\nwhole\n rest\nnext\n');
    const page = await reader.read(id, 1, 10);
    expect(page?.lines.map(({ stream, text }) => `${stream} ${text}`)).toEqual([
      'stdout half',
      'stderr whole',
      'stdout  rest',
      'stdout next',
    ]);
  });

  test('R65 knows the time of a line', async () => {
    let now = 5_000;
    const { log, reader } = openLog(temporaryFolder(), openForAppending, () => now);
    log.append(log, 'message', Buffer.from('one\n'));
    now = 6_000;
    log.append(log, 'message', Buffer.from('two\n'));
    await log.close();
    expect((await reader.read(id, 1, 10))?.lines.map(({ at }) => at)).toEqual([5_000, 6_000]);
  });

  test('goes on where it ended, after a crash in the middle of a line and of a record too', async () => {
    const { log, path, reader } = openLog(temporaryFolder());
    log.append(log, 'stdout', Buffer.from('one\ntwo\nthr'));
    await log.close();
    await truncate(indexPath(path), 24 * 2 + 7);
    log.append(log, 'stderr', Buffer.from('four\n'));
    expect(await log.close()).toBe(4);
    const page = await reader.read(id, 1, 10);
    expect(page?.lines.map(({ text }) => text)).toEqual(['one', 'two', 'thr', 'four']);
    expect(page?.lines.at(-1)?.stream).toBe('stderr');
  });

  test('starts a new index where the old one is destroyed', async () => {
    const { log, path, reader } = openLog(temporaryFolder());
    log.append(log, 'stdout', Buffer.from('one\n'));
    await log.close();
    await writeFile(indexPath(path), 'x');
    log.append(log, 'stdout', Buffer.from('two\n'));
    expect(await log.close()).toBe(2);
    expect((await reader.read(id, 1, 10))?.lines.map(({ text }) => text)).toEqual(['one', 'two']);
  });

  test('P9 on a full disk counts what is missing, says so once in the log, and goes on', async () => {
    const folder = temporaryFolder();
    let full: string | null = null;
    const { log, path, told } = openLog(
      folder,
      faulty(join(folder, `${id}.log`), () => full),
    );
    log.append(log, 'stdout', Buffer.from('before, unfin'));
    await log.flush();
    full = 'no space left on device';
    log.append(log, 'stdout', Buffer.from('ished\n'));
    await log.flush();
    log.append(log, 'stdout', Buffer.from('also lost\n'));
    await log.flush();
    expect(told).toEqual({ grown: [1], dropped: [], trouble: ['no space left on device'] });
    full = null;
    log.append(log, 'stdout', Buffer.from('after\n'));
    await log.flush();
    expect(told.dropped).toEqual([16]);
    expect(await readFile(path, 'utf8')).toBe(
      'before, unfin\n[16 bytes of output are missing here: no space left on device]\nafter\n',
    );
    await log.close();
    expect(told.dropped).toEqual([16]);
  });

  test('P9 tells at the end what a disk never took, also when the file cannot even be opened', async () => {
    const { log, told } = openLog(join(temporaryFolder(), 'missing'));
    log.append(log, 'stdout', Buffer.from('lost\n'));
    expect(await log.close()).toBe(0);
    expect(told.dropped).toEqual([5]);
    expect(told.trouble[0]).toContain('ENOENT');
  });

  test('P9 writes the rest when the disk takes only a part, and counts only what did not fit', async () => {
    const folder = temporaryFolder();
    let writes = 0;
    const open = faulty(join(folder, `${id}.log`), () => (++writes > 3 ? 'EIO' : null), 4);
    const { log, path, told } = openLog(folder, open);
    log.append(log, 'stdout', Buffer.from('ab\ncd\nef\ngh\nij\n'));
    await log.close();
    expect(await readFile(path, 'utf8')).toBe('ab\ncd\nef\ngh\n');
    expect(told.grown).toEqual([4]);
    expect(told.dropped).toEqual([3]);
  });

  test('asks those who print to wait while the disk is behind', async () => {
    const { log } = openLog(temporaryFolder());
    const chunk = Buffer.alloc(1024 * 1024, 'x\n');
    let count = 0;
    while (!log.isFull) {
      log.append(log, 'stdout', chunk);
      count += 1;
    }
    expect(count).toBe(5);
    await new Promise<void>((resolve) => log.whenRelaxed(resolve));
    expect(log.isFull).toBe(false);
    await log.close();
  });
});
