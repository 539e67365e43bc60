import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runIdSchema } from '../../src-main/contract/ids.ts';
import { createFolders } from '../../src-main/workflows/folders.ts';
import { makeFolder, removeFolder } from '../support/temporary-folder.ts';

const runId = runIdSchema.parse('run_01h000000000000000000000zz');
let dataFolder = '';

beforeEach(() => {
  dataFolder = makeFolder();
});

afterEach(() => {
  removeFolder(dataFolder);
});

test('a run gets a folder of its own below the data folder, for its owner only', async () => {
  const folder = await createFolders({ dataFolder }).create(runId);
  expect(folder).toBe(join(dataFolder, 'workspaces', runId));
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(dataFolder, 'workspaces')).mode & 0o777).toBe(0o700);
});

test('a folder that is there already is kept with what is in it', async () => {
  const folders = createFolders({ dataFolder });
  writeFileSync(join(await folders.create(runId), 'kept'), 'x');
  expect(await folders.inspect(join(await folders.create(runId), 'kept'))).toBe('file');
});

test('a path is a folder, a file, missing, or unreadable', async () => {
  const { inspect } = createFolders({ dataFolder });
  const file = join(dataFolder, 'file');
  writeFileSync(file, 'x');
  const found = await Promise.all([
    inspect(dataFolder),
    inspect(file),
    inspect(join(dataFolder, 'nowhere')),
    inspect(join(file, 'below')),
    inspect('/with\0nul'),
    inspect('/dev/null'),
  ]);
  expect(found).toEqual(['folder', 'file', 'missing', 'missing', 'missing', 'unreadable']);
});

test.skipIf(process.getuid?.() === 0)('what lies in a folder that may not be entered is unreadable', async () => {
  const { inspect } = createFolders({ dataFolder });
  chmodSync(dataFolder, 0o000);
  const found = await inspect(join(dataFolder, 'file'));
  chmodSync(dataFolder, 0o700);
  expect(found).toBe('unreadable');
});
