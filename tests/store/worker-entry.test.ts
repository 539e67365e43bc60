import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { workerEntry } from '../../src-main/store/worker-entry.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it.each(['checkpoint-worker', 'diagnose-worker', 'query-worker'] as const)(
  'starts the %s from its source while it runs from source',
  (name) => {
    const entry = workerEntry(name);
    expect(entry.pathname).toMatch(new RegExp(`/src-main/store/${name}\\.ts$`));
    expect(existsSync(entry)).toBe(true);
  },
);

it('starts a thread from its bundle next to the code or one folder above', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'chunks'));
  const bundle = pathToFileURL(join(folder, 'checkpoint-worker.js'));
  writeFileSync(bundle, '');
  expect(workerEntry('checkpoint-worker', pathToFileURL(join(folder, 'index.js')).href)).toEqual(bundle);
  expect(workerEntry('checkpoint-worker', pathToFileURL(join(folder, 'chunks', 'store.js')).href)).toEqual(bundle);
});
