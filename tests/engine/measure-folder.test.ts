import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { api } from '../../src-main/contract/api.ts';
import { createMachine } from '../../src-main/engine/machine.ts';
import { measureFolder } from '../../src-main/engine/measure-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

function dataFolder(): string {
  const folder = temporaryFolder();
  for (const name of ['logs', 'workspaces/run_1/src', 'backups']) mkdirSync(join(folder, name), { recursive: true });
  const sizes = {
    'signalbox.db': 100_000,
    'signalbox.db-wal': 10_000,
    'logs/attempt_1.log': 200_000,
    'workspaces/run_1/src/a.js': 300_000,
    'backups/signalbox.db': 400_000,
    'settings.json': 50_000,
  };
  for (const [name, size] of Object.entries(sizes)) writeFileSync(join(folder, name), 'x'.repeat(size));
  return folder;
}

test('the database, logs, workspaces and the rest are added up apart', async () => {
  const measured = await measureFolder(dataFolder());
  expect(measured).toMatchObject({ entries: 11, isComplete: true });
  expect(api.measureDataFolder.output.safeParse(measured).success).toBe(true);
  const { database, logs, workspaces, other } = measured.bytes;
  expect(database).toBe(110_000);
  // Folders take some space themselves; how much is the file system's business.
  const rounded = [logs, workspaces, other].map((bytes) => Math.floor(bytes / 50_000) * 50_000);
  expect(rounded).toEqual([200_000, 300_000, 450_000]);
});

test('a folder with more files than are looked at says that it is not all', async () => {
  const folder = dataFolder();
  for (let index = 0; index < 100; index += 1) writeFileSync(join(folder, 'workspaces', `${index}`), '');
  expect(await measureFolder(folder, 50)).toMatchObject({ entries: 50, isComplete: false });
  expect(await measureFolder(folder, 1_000)).toMatchObject({ entries: 111, isComplete: true });
});

test.skipIf(process.platform === 'win32')('links are not followed, and what is not there is nothing', async () => {
  const folder = temporaryFolder();
  symlinkSync(folder, join(folder, 'around'));
  symlinkSync(dataFolder(), join(folder, 'away'));
  const { bytes, entries, isComplete } = await measureFolder(folder);
  expect([entries, isComplete, bytes.other < 50_000]).toEqual([2, true, true]);
  expect(await measureFolder(join(folder, 'nowhere'))).toMatchObject({ entries: 0, isComplete: true });
});

test('the engine goes on while a large folder is measured', async () => {
  const folder = temporaryFolder();
  for (let index = 0; index < 2_000; index += 1) writeFileSync(join(folder, `${index}`), '');
  let turns = 0;
  let isOver = false;
  const turn = () => {
    turns += 1;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  await measureFolder(folder);
  isOver = true;
  // At least one for each few files; looked at at one go, it would be one or two.
  expect(turns).toBeGreaterThan(40);
});

test('who asks while it is measured gets the same answer', async () => {
  const machine = createMachine({ dataFolder: dataFolder(), env: {}, platform: 'linux', versions: { node: '24.0.0' } });
  const [first, second] = await Promise.all([machine.measureDataFolder(), machine.measureDataFolder()]);
  expect(first).toBe(second);
  expect(await machine.measureDataFolder()).not.toBe(first);
});
