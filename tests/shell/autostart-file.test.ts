import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  autostartName,
  autostartText,
  configFolder,
  startAtLoginOnLinux,
} from '../../src-main/shell/autostart-file.ts';
import { ownStart } from '../../src-main/shell/start-at-login.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function openFolder(program = '/opt/Signalbox/signalbox', dataFolder: string | null = null) {
  const folder = temporaryFolder();
  const autostart = join(folder, 'autostart');
  const path = join(autostart, autostartName(dataFolder));
  const apply = startAtLoginOnLinux({ configFolder: folder, start: ownStart(program, dataFolder), dataFolder });
  return { folder, autostart, path, apply };
}

/** Words of a key Exec, read back as the Desktop Entry Specification says. */
function wordsOf(exec: string): string[] {
  const value = exec.replace(
    /\\(.)/g,
    (_whole, letter: string) => ({ n: '\n', t: '\t', r: '\r', s: ' ' })[letter] ?? letter,
  );
  const words = value.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/gs);
  return [...words].map(([, quoted, plain]) => (quoted?.replace(/\\(.)/gs, '$1') ?? plain ?? '').replaceAll('%%', '%'));
}

function execOf(text: string): string {
  const line = text.split('\n').find((one) => one.startsWith('Exec='));
  return line?.slice('Exec='.length) ?? '';
}

/** What a path may hold that means something in the key Exec. */
const awkward = 'a é"\\$`%\n\t\r&;~\'(#*|';

describe('the start at login on Linux', () => {
  test('is a file that desktops start, hidden, and that goes away again', async () => {
    const { autostart, path, apply } = await openFolder();
    expect(apply(true)).toBeNull();
    expect(readdirSync(autostart)).toEqual(['signalbox.desktop']);
    expect(readFileSync(path, 'utf8')).toContain('[Desktop Entry]\nType=Application\n');
    expect(execOf(readFileSync(path, 'utf8'))).toBe('/opt/Signalbox/signalbox --hidden');
    expect(apply(false)).toBeNull();
    expect(readdirSync(autostart)).toEqual([]);
    expect(apply(false)).toBeNull();
  });

  test('has a file for each data folder, which names it', async () => {
    const { path, apply } = await openFolder('/opt/signalbox', '/home/a b/data');
    apply(true);
    expect(path).toMatch(/signalbox-[0-9a-f]{8}\.desktop$/);
    expect(execOf(readFileSync(path, 'utf8'))).toBe('/opt/signalbox --hidden --data "/home/a b/data"');
  });

  test('any path comes back from the file as it was', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: fc.constantFrom(...awkward) }), (name) => {
        const start = ownStart(`/${name}`, `/data/${name}`);
        const exec = execOf(autostartText(start));
        expect(wordsOf(exec)).toEqual([start.program, ...start.args]);
      }),
    );
  });

  test('a program that has moved is started from its new place', async () => {
    const { folder, path, apply } = await openFolder();
    apply(true);
    const moved = startAtLoginOnLinux({
      configFolder: folder,
      start: ownStart('/new/signalbox', null),
      dataFolder: null,
    });
    expect(moved(true)).toBeNull();
    expect(execOf(readFileSync(path, 'utf8'))).toBe('/new/signalbox --hidden');
  });

  test('a file of somebody else, and a link, are neither changed nor removed', async () => {
    const { folder, autostart, path, apply } = await openFolder();
    mkdirSync(autostart);
    writeFileSync(path, '[Desktop Entry]\nExec=other\n');
    expect(apply(true)?.message).toContain(`${path} is there already`);
    expect(apply(false)).toBeNull();
    expect(readFileSync(path, 'utf8')).toContain('Exec=other');
    const target = join(folder, 'target');
    writeFileSync(target, autostartText(ownStart('/x', null)));
    const other = await openFolder();
    mkdirSync(other.autostart);
    symlinkSync(target, other.path);
    expect(other.apply(true)?.message).toContain('is there already');
    expect(other.apply(false)).toBeNull();
    expect(existsSync(other.path)).toBe(true);
  });

  test("what was switched off in the desktop's settings stays off, and that is said", async () => {
    const { path, apply } = await openFolder();
    apply(true);
    const off = readFileSync(path, 'utf8').replace('enabled=true', 'enabled=false');
    writeFileSync(path, off);
    expect(apply(true)?.message).toContain('it was switched off');
    expect(readFileSync(path, 'utf8')).toBe(off);
  });

  test('a folder that takes no file is said, with its reason', async () => {
    const { folder, autostart, apply } = await openFolder();
    writeFileSync(autostart, 'a file in the place of the folder');
    expect(apply(true)?.message).toMatch(/could not be changed: .*(EEXIST|ENOTDIR)/);
    chmodSync(folder, 0o700);
  });

  test('is where the person keeps configuration', () => {
    expect(configFolder({ XDG_CONFIG_HOME: '/conf' }, '/home/a')).toBe('/conf');
    expect(configFolder({ XDG_CONFIG_HOME: 'relative' }, '/home/a')).toBe('/home/a/.config');
    expect(configFolder({}, '/home/a')).toBe('/home/a/.config');
  });
});
