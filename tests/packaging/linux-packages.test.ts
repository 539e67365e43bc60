/** What electron-builder asks its packer for, for deb and rpm: a stand-in for the packer keeps what it was given. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, Platform } from 'electron-builder';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { configure } from '../../electron-builder.config.mjs';
import { makeStandInRuntime } from '../../scripts/packaging/stand-in-runtime.mjs';
import { makeFolder, removeFolder } from '../support/temporary-folder.ts';

/** Keeps its words, one a line, and the files that are only there while it runs; leaves an empty package. */
const packer = `#!/bin/sh
kept=$(dirname "$0")/kept
for word in "$@"; do
  if [ "$before" = -t ]; then kind=$word; mkdir -p "$kept/$kind"; fi
  if [ "$before" = --after-install ]; then cp "$word" "$kept/$kind/after-install"; fi
  if [ "$before" = --package ]; then : > "$word"; fi
  case $word in *.desktop=*) cp "\${word%%=*}" "$kept/$kind/entry" ;; esac
  before=$word
done
printf '%s\\n' "$@" > "$kept/$kind/words"
`;

describe.skipIf(process.platform !== 'linux')('packages of Linux', () => {
  const folder = makeFolder();
  const kept = (kind: string, name: string) => readFileSync(join(folder, 'kept', kind, name), 'utf8');

  beforeAll(async () => {
    const program = join(folder, 'packer');
    writeFileSync(program, packer);
    chmodSync(program, 0o755);
    mkdirSync(join(folder, 'kept'));
    vi.stubEnv('CUSTOM_FPM_PATH', program);
    const output = join(folder, 'output');
    const electronDist = await makeStandInRuntime(join(folder, 'runtime'));
    await build({
      projectDir: process.cwd(),
      publish: 'never',
      targets: Platform.LINUX.createTarget(['deb', 'rpm']),
      config: { ...configure({ output, env: { GITHUB_REPOSITORY: 'someone/a-repository' } }), electronDist },
    });
  }, 240_000);
  afterAll(() => removeFolder(folder));

  it.each(['deb', 'rpm'])(
    'have a desktop entry by which menus, links and windows find the application (%s)',
    (kind) => {
      const lines = kept(kind, 'entry').trim().split('\n');
      expect(lines[0]).toBe('[Desktop Entry]');
      expect(Object.fromEntries(lines.slice(1).map((line) => line.split(/=(.*)/s)))).toMatchObject({
        Type: 'Application',
        Name: 'Signalbox',
        Exec: '/opt/Signalbox/signalbox %U',
        Icon: 'signalbox',
        Terminal: 'false',
        StartupWMClass: 'signalbox',
        Categories: 'Development;',
        Keywords: expect.stringMatching(/^agents;.*;$/),
        MimeType: 'x-scheme-handler/signalbox;',
      });
      expect(kept(kind, 'words')).toContain('.desktop=/usr/share/applications/signalbox.desktop\n');
    },
  );

  it.each(['deb', 'rpm'])('name who is written to, where it comes from, its licence and its icons (%s)', (kind) => {
    const words = kept(kind, 'words').split('\n');
    const after = (option: string) => words[words.indexOf(option) + 1];
    expect(after('--maintainer')).toBe('The Signalbox authors <someone@users.noreply.github.com>');
    expect(after('--url')).toBe('https://github.com/someone/a-repository');
    expect(after('--license')).toBe('MIT');
    const icons = words.flatMap(
      (word) => /=\/usr\/share\/icons\/hicolor\/(\d+)x\1\/apps\/signalbox\.png$/.exec(word)?.[1] ?? [],
    );
    expect(icons.map(Number)).toEqual([16, 24, 32, 48, 64, 128, 256, 512, 1024]);
  });

  it.each(['deb', 'rpm'])('make the command line the command (%s)', (kind) => {
    expect(kept(kind, 'after-install')).toContain(
      "'/usr/bin/signalbox' 'signalbox' '/opt/Signalbox/resources/bin/signalbox'",
    );
  });

  it('are known by a mark in their resources, so that they are not updated behind the back of the system', () => {
    const mark = join(folder, 'output', process.arch === 'x64' ? 'linux-unpacked' : `linux-${process.arch}-unpacked`);
    expect(readFileSync(join(mark, 'resources/package-type'), 'utf8')).toMatch(/^(?:deb|rpm)$/);
  });
});
