import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { entryUrl } from '../../src-main/threads/entry-url.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it('a source starts a source, wherever it is', () => {
  expect(entryUrl('./deep/worker.ts', 'some-worker', 'file:///a/asks.ts').href).toBe('file:///a/deep/worker.ts');
});

it('a bundle starts the bundle beside it, and from a shared chunk the one above', () => {
  const folder = temporaryFolder();
  const asking = pathToFileURL(join(folder, 'asks.js')).href;
  const above = entryUrl('./worker.ts', 'some-worker', 'file:///a/chunks/shared.js');
  expect(above.href).toBe('file:///a/some-worker.js');
  writeFileSync(join(folder, 'some-worker.js'), '');
  expect(entryUrl('./worker.ts', 'some-worker', asking).href).toBe(pathToFileURL(join(folder, 'some-worker.js')).href);
});
