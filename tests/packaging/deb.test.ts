/** The Debian package, built with Debian's own tools from the application as installers contain it. */
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { configure } from '../../electron-builder.config.mjs';
import signalbox from '../../package.json' with { type: 'json' };
import { buildDeb } from '../../scripts/packaging/build-deb.mjs';
import { changelogText, debianArchitecture, debianVersion } from '../../scripts/packaging/build-deb-texts.mjs';
import { makeFolder, removeFolder, temporaryFolder } from '../support/temporary-folder.ts';

const has = (command: string) => spawnSync(command, ['--version']).error === undefined;
const date = new Date('2026-01-02T03:04:05Z');

const folder = makeFolder();
const unpacked = join(folder, 'linux-unpacked');
/** The content of the package, where Debian's tools put it. */
const extracted = join(folder, 'extracted');
let deb: string;

/** Everything in the package: `-rwxr-xr-x root/root 123 2026-01-02 03:04 ./usr/…`, one line each. */
function listed(): { mode: string; owner: string; path: string }[] {
  const lines = ask('dpkg-deb', '-c', deb).trim().split('\n');
  return lines.map((line) => {
    const [mode = '', owner = '', , , , path = ''] = line.split(/\s+/);
    return { mode, owner, path };
  });
}

function ask(program: string, ...args: string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

function filesBelow(start: string): Record<string, string> {
  const entries = readdirSync(start, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const sums = entries.map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return [path.slice(start.length + 1), createHash('md5').update(readFileSync(path)).digest('hex')];
  });
  return Object.fromEntries(sums);
}

describe.skipIf(process.platform !== 'linux' || !has('dpkg-deb'))(
  'the Debian package (not built where dpkg-deb is missing)',
  () => {
    beforeAll(async () => {
      // GitHub's machines have it; what is built elsewhere has no address.
      vi.stubEnv('GITHUB_REPOSITORY', undefined);
      const args = ['scripts/package.mjs', '--dir', '--stand-in', '--output', folder];
      await promisify(execFile)(process.execPath, args);
      deb = buildDeb({ unpacked, output: folder, date });
      ask('dpkg-deb', '-x', deb, extracted);
    }, 240_000);
    afterAll(() => removeFolder(folder));

    it('R78 says what it is, what it needs, and who made it', () => {
      const control = ask('dpkg-deb', '-f', deb);
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(control)?.[1];
      expect(deb).toMatch(/\/signalbox_\d[^_]*_(amd64|arm64)\.deb$/);
      expect(field('Package')).toBe('signalbox');
      expect(field('Version')).toBe(debianVersion(signalbox.version));
      expect(field('Architecture')).toBe(debianArchitecture(process.arch));
      expect(field('Architecture')).toBe(ask('dpkg', '--print-architecture').trim());
      expect(field('Maintainer')).toBe(signalbox.author);
      expect(field('Homepage')).toBeUndefined();
      expect(field('Depends')).toContain('libgtk-3-0 | libgtk-3-0t64');
      expect(field('Recommends')).toContain('libayatana-appindicator3-1');
      expect(control).toMatch(/^Description: [a-z].{10,70}\n( .*\n)+ \.\n/m);
      const bytes = listed().length * 1024 + 17_000_000;
      expect(Number(field('Installed-Size')) * 1024).toBeGreaterThan(bytes / 2);
      expect(Number(field('Installed-Size')) * 1024).toBeLessThan(bytes * 2);
    });

    it('belongs to root, with the usual rights but for the sandbox, and keeps to the places of a package', () => {
      const entries = listed();
      expect([...new Set(entries.map(({ owner }) => owner))]).toEqual(['root/root']);
      const unusual = entries.filter(
        ({ mode, path }) => !/^(drwxr-xr-x|-rw-r--r--|-rwxr-xr-x|lrwxrwxrwx)$/.test(mode) && path !== '',
      );
      expect(unusual).toEqual([{ mode: '-rwsr-xr-x', owner: 'root/root', path: './usr/lib/signalbox/chrome-sandbox' }]);
      const places =
        /^\.\/usr\/(lib\/signalbox|bin\/signalbox|share\/(applications|doc\/signalbox|icons\/hicolor|lintian\/overrides|man\/man1|signalbox))\//;
      const files = entries.filter(({ mode }) => !mode.startsWith('d'));
      expect(files.filter(({ path }) => !places.test(`${path}/`))).toEqual([]);
      expect(files.length).toBeGreaterThan(40);
    });

    it('installs the very files of the unpacked application, and knows their sums', () => {
      expect(filesBelow(join(extracted, 'usr/lib/signalbox'))).toEqual(filesBelow(unpacked));
      const sums = ask('dpkg-deb', '-I', deb, 'md5sums').trim().split('\n');
      const known = sums.map((line) => line.split('  ').reverse());
      expect(Object.fromEntries(known)).toEqual(filesBelow(extracted));
    });

    it('has a command that is the window and the command line', () => {
      const command = join(extracted, 'usr/bin/signalbox');
      expect(readlinkSync(command)).toBe('../lib/signalbox/resources/bin/signalbox');
      expect(ask(command).trim()).toBe('A stand-in for Electron: node=0');
      expect(ask(command, 'runs')).toContain('node=1 ');
    });

    it('has icons in the sizes that their folders say, and a manual page', () => {
      const icons = join(extracted, 'usr/share/icons/hicolor');
      for (const size of readdirSync(icons).filter((name) => name !== 'scalable')) {
        const width = readFileSync(join(icons, size, 'apps/signalbox.png')).readUInt32BE(16);
        expect(`${width}x${width}`).toBe(size);
      }
      expect(readdirSync(icons)).toEqual(expect.arrayContaining(['16x16', '48x48', '512x512', 'scalable']));
      expect(existsSync(join(extracted, 'usr/share/man/man1/signalbox.1.gz'))).toBe(true);
    });

    it.skipIf(!has('desktop-file-validate'))(
      'has an entry for menus that is valid, and says what the other installers say (not where desktop-file-utils are missing)',
      () => {
        const path = join(extracted, 'usr/share/applications/signalbox.desktop');
        expect(ask('desktop-file-validate', path)).toBe('');
        const { linux } = configure({ output: temporaryFolder(), env: {} });
        const lines = readFileSync(path, 'utf8').split('\n');
        const shared = Object.entries(linux?.desktop?.entry ?? {}).map(([name, value]) => `${name}=${value}`);
        expect(shared.length).toBeGreaterThan(0);
        expect(lines).toEqual(expect.arrayContaining([...shared, 'MimeType=x-scheme-handler/signalbox;']));
      },
    );

    it.skipIf(!has('lintian'))('pleases lintian but for exceptions with reasons (not where lintian is missing)', () => {
      const judge = (...args: string[]) =>
        spawnSync('lintian', ['--no-cfg', '--tag-display-limit', '0', ...args, deb], { encoding: 'utf8' });
      const judged = judge('--fail-on', 'error,warning');
      expect({ status: judged.status, said: judged.stdout }).toEqual({ status: 0, said: '' });
      const excepted = [...judge('--show-overrides').stdout.matchAll(/^O: signalbox: (\S+)/gm)].map(([, tag]) => tag);
      expect(new Set(excepted)).toEqual(
        new Set([
          'bogus-mail-host-in-debian-changelog',
          'elevated-privileges',
          'initial-upload-closes-no-bugs',
          'malformed-contact',
          'unstripped-binary-or-object',
        ]),
      );
      const overrides = readFileSync('resources/linux/lintian-overrides', 'utf8');
      expect(overrides).toMatch(/^(# .*\n(signalbox: .*\n)+)+$/);
    });

    /** Builds a package of an application that is almost nothing, in no time. */
    function buildSmall(repository: string | undefined): string {
      vi.stubEnv('GITHUB_REPOSITORY', repository);
      const place = temporaryFolder();
      mkdirSync(join(place, 'application'));
      writeFileSync(join(place, 'application/version'), 'none');
      return buildDeb({ unpacked: join(place, 'application'), output: place, date });
    }

    it('is the same package, bit for bit, from the same files and date', () => {
      expect(readFileSync(buildSmall(undefined)).equals(readFileSync(buildSmall(undefined)))).toBe(true);
    });

    it('names who can be written to where a release is made', () => {
      const released = buildSmall('somebody/signalbox');
      expect(ask('dpkg-deb', '-f', released, 'Maintainer', 'Homepage').trim().split('\n')).toEqual([
        `Maintainer: ${signalbox.author} <somebody@users.noreply.github.com>`,
        'Homepage: https://github.com/somebody/signalbox',
      ]);
    });

    it('puts versions before a release in front of it', () => {
      const isBefore = (...versions: string[]) =>
        spawnSync('dpkg', ['--compare-versions', ...versions.map(debianVersion).toSpliced(1, 0, 'lt')]).status === 0;
      expect(isBefore('1.0.0-beta.1', '1.0.0')).toBe(true);
      expect(isBefore('1.0.0', '1.0.0-beta.1')).toBe(false);
    });

    describe('what runs at its installation', () => {
      /** Runs a script of the package with an AppArmor that can read the profile, or not. @returns what it was asked. */
      function run(script: string, args: string[], place: string, canRead: boolean): string {
        const commands = join(place, 'commands');
        mkdirSync(join(place, 'apparmor.d'), { recursive: true });
        mkdirSync(commands, { recursive: true });
        const asked = join(place, 'asked');
        const fake = (name: string, body: string) => {
          writeFileSync(join(commands, name), `#!/bin/sh\n${body}\n`);
          chmodSync(join(commands, name), 0o755);
        };
        fake('apparmor_parser', `echo "$*" >> ${asked}\nexit ${canRead ? 0 : 1}`);
        fake('aa-enabled', 'exit 0');
        fake('ischroot', 'exit 1');
        const text = ask('dpkg-deb', '-I', deb, script)
          .replaceAll('/etc/apparmor.d', join(place, 'apparmor.d'))
          .replaceAll('/usr/share/signalbox', join(extracted, 'usr/share/signalbox'));
        writeFileSync(asked, '');
        const { status } = spawnSync('sh', ['-c', text, script, ...args], {
          env: { PATH: `${commands}:${process.env.PATH}` },
        });
        expect(status).toBe(0);
        return readFileSync(asked, 'utf8');
      }

      it('gives the sandbox its profile where AppArmor is new enough, and takes it away again', () => {
        const place = temporaryFolder();
        const profile = join(place, 'apparmor.d/signalbox');
        expect(run('postinst', ['configure'], place, true)).toContain(`--replace --write-cache`);
        expect(readFileSync(profile, 'utf8')).toContain('profile signalbox /usr/lib/signalbox/signalbox');
        run('postrm', ['upgrade'], place, true);
        expect(existsSync(profile)).toBe(true);
        expect(run('postrm', ['remove'], place, true)).toContain(`--remove ${profile}`);
        expect(existsSync(profile)).toBe(false);
        expect(run('postrm', ['purge'], place, true)).toBe('');
      });

      it('leaves an older AppArmor alone', () => {
        const place = temporaryFolder();
        expect(run('postinst', ['configure'], place, false)).not.toContain('--replace');
        expect(readdirSync(join(place, 'apparmor.d'))).toEqual([]);
      });
    });
  },
);

describe('the changes that the Debian package lists', () => {
  const changes =
    '# Changelog\n\n## [Unreleased]\n\n### Added\n\n- Not yet.\n\n## [1.0.0] - 2026-01-01\n\n- A\n  first.\n- A second.\n';
  const facts = { changes, maintainer: 'Somebody <s@example.org>', date };

  it('are those of its version', () => {
    expect(changelogText({ ...facts, version: '1.0.0' })).toBe(
      'signalbox (1.0.0-1) unstable; urgency=medium\n\n  * A first.\n  * A second.\n\n -- Somebody <s@example.org>  Fri, 02 Jan 2026 03:04:05 +0000\n',
    );
  });

  it('are those not released yet where the version has none', () => {
    expect(changelogText({ ...facts, version: '1.1.0' })).toContain('\n  * Not yet.\n');
  });

  it('cannot be none', () => {
    expect(() => changelogText({ ...facts, version: '1.1.0', changes: '# Changelog\n' })).toThrow('says nothing of');
  });
});
