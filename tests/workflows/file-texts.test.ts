import type { PathLike } from 'node:fs';
import { utimesSync, writeFileSync } from 'node:fs';
import * as files from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createFileTexts } from '../../src-main/workflows/file-texts.ts';
import { SizedCache } from '../../src-main/workflows/sized-cache.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

vi.mock('node:fs/promises', { spy: true });

/** A file that was changed an hour ago, so that its time is settled. */
function settledFile(text: string): string {
  const path = join(temporaryFolder(), 'file.yaml');
  writeFileSync(path, text);
  return path;
}

const later = () => Date.now() + 3_600_000;

test('a file that did not change is read once', async () => {
  const path = settledFile('name: a');
  const texts = createFileTexts(later);
  const first = await texts.read(path);
  const reads = vi.mocked(files.open).mock.calls.length;
  expect(await texts.read(path)).toBe(first);
  expect(vi.mocked(files.open).mock.calls).toHaveLength(reads);
});

test('a file with another size or time is read again, and so is one that is to be forgotten', async () => {
  const path = settledFile('name: a');
  const texts = createFileTexts(later);
  await texts.read(path);
  writeFileSync(path, 'name: bb');
  expect((await texts.read(path))?.text).toBe('name: bb');
  writeFileSync(path, 'name: cc');
  utimesSync(path, new Date(0), new Date(0));
  expect((await texts.read(path))?.text).toBe('name: cc');
  const kept = await texts.read(path);
  texts.forget(path);
  expect(await texts.read(path)).not.toBe(kept);
});

test('a file that was changed just now is read every time: a second change might leave its time as it is', async () => {
  const path = settledFile('name: a');
  const texts = createFileTexts();
  const first = await texts.read(path);
  const second = await texts.read(path);
  expect(second).not.toBe(first);
  expect(second).toEqual(first);
});

test('a file in the archive of a packaged application, of which no exact time is told, is read once', async () => {
  const path = settledFile('name: a');
  const asInArchive = (of: PathLike) => files.lstat(of);
  vi.mocked(files.stat).mockImplementationOnce(asInArchive).mockImplementationOnce(asInArchive);
  const texts = createFileTexts();
  const first = await texts.read(path);
  expect(first).toMatchObject({ text: 'name: a', problem: null });
  expect(await texts.read(path)).toBe(first);
});

test('a cache keeps what was used last, up to its size', () => {
  const cache = new SizedCache<string>(10);
  cache.set('a', 'A', 4);
  cache.set('b', 'B', 4);
  cache.get('a');
  cache.set('c', 'C', 4);
  expect(['a', 'b', 'c'].map((key) => cache.get(key))).toEqual(['A', undefined, 'C']);
  cache.set('d', 'D', 11);
  cache.set('a', 'A2', 6);
  expect(['a', 'c', 'd'].map((key) => cache.get(key))).toEqual(['A2', 'C', undefined]);
});
