import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { entryPath } from '../../src-main/agents/entry-path.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('A program of ours is started from its source when we run from source', () => {
  expect(existsSync(entryPath('agent-host'))).toBe(true);
  expect(existsSync(entryPath('builtin-agent'))).toBe(true);
});

test('A program of ours is started from its bundle when we run from a bundle, or from a chunk of one', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'chunks'));
  writeFileSync(join(folder, 'agent-host.js'), '');
  const from = (name: string) => pathToFileURL(join(folder, name)).href;
  expect(entryPath('agent-host', from('index.js'))).toBe(join(folder, 'agent-host.js'));
  expect(entryPath('agent-host', from('chunks/host-client-abc.js'))).toBe(join(folder, 'agent-host.js'));
});
