import { chmodSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SocketPlace } from '../../src-main/transport/socket-path.ts';
import {
  chooseSocketPath,
  isPipe,
  preparePrivateFolder,
  thisSocketPlace,
} from '../../src-main/transport/socket-path.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const linux: SocketPlace = {
  platform: 'linux',
  runtimeFolder: '/run/user/1000',
  temporaryFolder: '/tmp',
  userId: 1000,
};
const deep = `/data/${'folder/'.repeat(20)}signalbox`;

describe('where the engine listens', () => {
  test('beside its data where that is short enough', () => {
    expect(chooseSocketPath('/home/a/.local/share/signalbox', linux)).toBe(
      '/home/a/.local/share/signalbox/socket/engine.sock',
    );
  });

  test("in the person's runtime folder when the data folder is too deep for a socket", () => {
    expect(chooseSocketPath(deep, linux)).toMatch(/^\/run\/user\/1000\/signalbox-1000-[0-9a-f]{16}\/engine\.sock$/);
  });

  test('in the temporary folder when there is no runtime folder', () => {
    expect(chooseSocketPath(deep, { ...linux, runtimeFolder: undefined })).toMatch(/^\/tmp\/signalbox-1000-/);
  });

  test('two data folders never share a socket', () => {
    expect(chooseSocketPath(`${deep}1`, linux)).not.toBe(chooseSocketPath(`${deep}2`, linux));
  });

  test('every path fits the 104 bytes that macOS has, also with a deep temporary folder', () => {
    const place = { ...linux, runtimeFolder: undefined, temporaryFolder: `/private/${'t/'.repeat(60)}` };
    const path = chooseSocketPath(deep, place) ?? '';
    expect(Buffer.byteLength(path)).toBeLessThan(104);
    expect(path).toMatch(/^[\\/]tmp[\\/]/);
  });

  test('on Windows a named pipe', () => {
    const path = chooseSocketPath(deep, { ...linux, platform: 'win32', userId: null }) ?? '';
    expect(path).toMatch(/^\\\\\.\\pipe\\signalbox-[0-9a-f]{16}$/);
    expect(isPipe(path)).toBe(true);
  });

  test('this machine has a place for one', () => {
    expect(chooseSocketPath(deep, thisSocketPlace())).not.toBeNull();
  });
});

describe.skipIf(process.platform === 'win32')('R71 the folder of a socket is private (Unix: Windows has pipes)', () => {
  const me = process.getuid?.() ?? 0;

  test('a new one can be entered by nobody else', () => {
    const folder = join(temporaryFolder(), 'a', 'b');
    preparePrivateFolder(folder, me);
    preparePrivateFolder(folder, me);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  test('one that others may enter is refused', () => {
    const folder = join(temporaryFolder(), 'open');
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    expect(() => preparePrivateFolder(folder, me)).toThrow(/not a private folder of yours/);
  });

  test('one of somebody else is refused', () => {
    const folder = join(temporaryFolder(), 'foreign');
    mkdirSync(folder, { mode: 0o700 });
    expect(() => preparePrivateFolder(folder, me + 1)).toThrow(/not a private folder of yours/);
  });

  test('a link to a folder is refused', () => {
    const base = temporaryFolder();
    mkdirSync(join(base, 'real'), { mode: 0o700 });
    symlinkSync(join(base, 'real'), join(base, 'link'));
    expect(() => preparePrivateFolder(join(base, 'link'), me)).toThrow(/not a private folder of yours/);
  });
});
