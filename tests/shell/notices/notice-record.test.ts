import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allToldUpTo, openNoticeRecord } from '../../../src-main/shell/notices/notice-record.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('what was told', () => {
  test('is kept over restarts, in one file that is replaced as a whole', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'notices.json');
    const record = { toldUpTo: { ...allToldUpTo(7), failed: 9 }, told: ['update:2.0.0'] };
    openNoticeRecord(path).write(record);
    expect(openNoticeRecord(path).read()).toEqual(record);
    expect(readdirSync(folder)).toEqual(['notices.json']);
  });

  test('is bounded', () => {
    const path = join(temporaryFolder(), 'notices.json');
    const told = Array.from({ length: 1_000 }, (_, index) => `key ${index}`);
    openNoticeRecord(path).write({ toldUpTo: allToldUpTo(1), told });
    expect(openNoticeRecord(path).read()?.told).toEqual(told.slice(-200));
  });

  test('is unknown when there is no file, and a disk that takes none costs nothing else', () => {
    const path = join(temporaryFolder(), 'missing', 'notices.json');
    expect(openNoticeRecord(path).read()).toBeNull();
    openNoticeRecord(path).write({ toldUpTo: allToldUpTo(1), told: [] });
    expect(openNoticeRecord(path).read()).toBeNull();
    const folder = join(temporaryFolder(), 'notices.json');
    mkdirSync(folder);
    expect(openNoticeRecord(folder).read()).toBeNull();
  });

  test('is unknown when its file is damaged, wherever it is cut and whatever it says', () => {
    const path = join(temporaryFolder(), 'notices.json');
    openNoticeRecord(path).write({ toldUpTo: allToldUpTo(12), told: ['a'] });
    const text = readFileSync(path, 'utf8');
    for (let length = 0; length < text.length; length += 1) {
      writeFileSync(path, text.slice(0, length));
      expect(openNoticeRecord(path).read()).toBeNull();
    }
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (damaged) => {
        writeFileSync(path, damaged);
        expect(openNoticeRecord(path).read()).toBeNull();
      }),
      { numRuns: 100 },
    );
  });

  test.each([
    [{ toldUpTo: { ...allToldUpTo(1), stuck: -1 }, told: [] }],
    [{ toldUpTo: { ...allToldUpTo(1), stuck: '1' }, told: [] }],
    [{ toldUpTo: { ...allToldUpTo(1), stuck: 1.5 }, told: [] }],
    [{ toldUpTo: allToldUpTo(1), told: [1] }],
    [{ toldUpTo: allToldUpTo(1), told: ['x'.repeat(1_000)] }],
    [{ toldUpTo: { finished: 1 }, told: [] }],
  ])('%o is none', (value) => {
    const path = join(temporaryFolder(), 'notices.json');
    writeFileSync(path, JSON.stringify(value));
    expect(openNoticeRecord(path).read()).toBeNull();
  });
});
