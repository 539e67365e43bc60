import { chmodSync, mkdirSync, readdirSync, realpathSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { chooseDataFolder, prepareDataFolder } from '../../src-main/engine/data-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const nothing = { option: undefined, env: {}, platform: 'linux', home: '/home/ann' } as const;

describe('R41 where the data is', () => {
  test.each([
    ['by convention on Linux', nothing, '/home/ann/.local/share/signalbox'],
    ['in XDG_DATA_HOME', { ...nothing, env: { XDG_DATA_HOME: '/data' } }, '/data/signalbox'],
    [
      'not in a relative XDG_DATA_HOME',
      { ...nothing, env: { XDG_DATA_HOME: 'x' } },
      '/home/ann/.local/share/signalbox',
    ],
    ['by convention on macOS', { ...nothing, platform: 'darwin' }, '/home/ann/Library/Application Support/Signalbox'],
    [
      'by convention on Windows',
      { ...nothing, platform: 'win32', home: 'C:\\Users\\ann' },
      'C:\\Users\\ann\\AppData\\Local\\Signalbox',
    ],
    ['in LOCALAPPDATA', { ...nothing, platform: 'win32', env: { LOCALAPPDATA: 'D:\\Local' } }, 'D:\\Local\\Signalbox'],
    ['in SIGNALBOX_DATA', { ...nothing, env: { SIGNALBOX_DATA: '/elsewhere' } }, resolve('/elsewhere')],
    ['where --data says, first of all', { ...nothing, option: 'here', env: { SIGNALBOX_DATA: '/x' } }, resolve('here')],
    [
      'by convention when both are empty',
      { ...nothing, option: '', env: { SIGNALBOX_DATA: '' } },
      '/home/ann/.local/share/signalbox',
    ],
  ] as const)('%s', (_title, choice, folder) => {
    expect(chooseDataFolder(choice)).toBe(folder);
  });
});

test('a folder that is not there is made, for its owner alone', async () => {
  const folder = join(temporaryFolder(), 'a', 'b');
  expect(await prepareDataFolder(folder)).toEqual({ ok: true, value: realpathSync(folder) });
  if (process.platform !== 'win32') expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(readdirSync(folder)).toEqual([]);
});

test('one folder has one name, however it is reached', async () => {
  const base = realpathSync(temporaryFolder());
  mkdirSync(join(base, 'real'));
  symlinkSync(join(base, 'real'), join(base, 'link'), 'junction');
  expect(await prepareDataFolder(join(base, 'link'))).toEqual({ ok: true, value: join(base, 'real') });
});

test('R40 a file in its place is named, with a way out', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  expect(await prepareDataFolder(file)).toEqual({
    ok: false,
    error: {
      type: 'invalidInput',
      message: `The data folder ${file} cannot be used: it is not a folder.`,
      remedy: 'Choose another one with --data FOLDER or SIGNALBOX_DATA, or correct its rights.',
      field: 'data',
    },
  });
});

test('R40 a file in its path is named', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  expect(await prepareDataFolder(join(file, 'below'))).toMatchObject({
    ok: false,
    error: { message: expect.stringContaining('a part of its path is a file') },
  });
});

// The superuser may read and write everything, and Windows has no such modes.
test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
  'R40 a folder that may not be written is named',
  async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o500);
    expect(await prepareDataFolder(folder)).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('you may not read and write it') },
    });
  },
);

test('R40 what nobody thought of is named in the words of the system', async () => {
  expect(await prepareDataFolder('bad\0name')).toMatchObject({
    ok: false,
    error: { message: expect.stringMatching(/cannot be used: .*null bytes/) },
  });
});
