/**
 * The desktop application as installers contain it, built with electron-builder from a stand-in for Electron's runtime,
 * which cannot be had everywhere; its program runs on the double of Electron.
 */
import { execFile, execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { extractAll } from '@electron/asar';
import { FuseV1Options, FuseVersion, getCurrentFuseWire } from '@electron/fuses';
import { chromium } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { configure } from '../../electron-builder.config.mjs';
import { currentPackages, shippedPackages } from '../../scripts/write-licences.mjs';
import { connectToEngine } from '../e2e/support/engine-client.ts';
import { findChromium } from '../e2e/support/find-runtimes.ts';
import { cleanEnvironment } from '../e2e/support/host.ts';
import { expectOk, submitCommand, waitForTask } from '../e2e/support/work.ts';
import { Desktop } from '../support/electron-double/desktop.ts';
import { waitUntilNone } from '../support/process-census.ts';
import { makeFolder, removeFolder, temporaryFolder } from '../support/temporary-folder.ts';

const folder = makeFolder();
const application = join(folder, 'linux-unpacked');
const resources = join(application, 'resources');
const archive = join(resources, 'app.asar');
/** The content of the archive, where Node can read it. */
const extracted = join(folder, 'extracted');
const signalbox = JSON.parse(readFileSync('package.json', 'utf8'));

/** Every file below a folder, by its path from there. */
function filesBelow(start: string): string[] {
  return readdirSync(start, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(start, join(entry.parentPath, entry.name)))
    .sort();
}

describe.skipIf(process.platform !== 'linux')('the packaged application (the stand-in is one for Linux)', () => {
  beforeAll(async () => {
    const args = ['scripts/package.mjs', '--dir', '--stand-in', '--output', folder];
    // Where a release is made, it would also hold where to look for updates.
    const env = { ...process.env, GITHUB_REPOSITORY: '' };
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });
    process.stdout.write(`${stdout.trim().split('\n').at(-1)}, with a stand-in for the runtime\n`);
    extractAll(archive, extracted);
  }, 240_000);
  afterAll(() => removeFolder(folder));

  describe('the folder of the application', () => {
    it('holds the runtime, the archive, the native module, the command line and the licences, and nothing else', () => {
      const own = filesBelow(application).filter((path) => path.startsWith('resources/') || path === 'signalbox');
      expect(own).toEqual([
        'resources/LICENSE.txt',
        'resources/THIRD-PARTY-LICENSES.txt',
        'resources/app.asar',
        `resources/app.asar.unpacked/node_modules/better-sqlite3/prebuilds/linux-${process.arch}.node`,
        'resources/bin/signalbox',
        'signalbox',
      ]);
      expect(filesBelow(application)).not.toContain('electron');
      expect(statSync(join(application, 'signalbox')).mode & 0o111).toBe(0o111);
    });

    it('weighs less than 25 MB without the runtime', () => {
      const own = filesBelow(resources).reduce((sum, path) => sum + statSync(join(resources, path)).size, 0);
      expect(own).toBeLessThan(25_000_000);
    });

    it('has the licence of every package that the archive or the bundles contain', () => {
      const texts = readFileSync(join(resources, 'THIRD-PARTY-LICENSES.txt'), 'utf8');
      const missing = currentPackages().filter(({ name, version }) => !texts.includes(`\n${name} ${version} (`));
      expect(missing).toEqual([]);
      expect(texts).toContain('SIL OPEN FONT LICENSE');
    });

    it('has the fuses that the configuration names and ARCHITECTURE.md gives reasons for', async () => {
      const { electronFuses } = configure({ output: temporaryFolder(), env: {} });
      const wire = await getCurrentFuseWire(join(application, 'signalbox'));
      expect(wire.version).toBe(FuseVersion.V1);
      const set = Object.entries(FuseV1Options).flatMap(([name, at]) =>
        typeof at === 'number'
          ? [[`${name.charAt(0).toLowerCase()}${name.slice(1)}`, wire[at as FuseV1Options] === 49]]
          : [],
      );
      expect(Object.fromEntries(set)).toEqual(electronFuses);
      const rows = readFileSync('ARCHITECTURE.md', 'utf8').matchAll(/^\| ((?:`\w+`(?:, )?)+) \| (on|off) \| \w/gm);
      const told = [...rows].flatMap(([, names = '', state]) =>
        [...names.matchAll(/`(\w+)`/g)].map(([, name]) => [name, state === 'on']),
      );
      expect(Object.fromEntries(told)).toEqual(electronFuses);
    });

    it('has a command that opens the window, or is the command line, wherever a link to it lies', () => {
      const link = join(temporaryFolder(), 'signalbox');
      symlinkSync(join(resources, 'bin/signalbox'), link);
      const asked = (...args: string[]) => execFileSync(link, args, { encoding: 'utf8' }).trim();
      const cli = join(archive, 'out/main/cli.js');
      expect(asked()).toBe('A stand-in for Electron: node=0');
      expect(asked('signalbox://run/x')).toBe('A stand-in for Electron: node=0 signalbox://run/x');
      expect(asked('runs', '--json')).toBe(`A stand-in for Electron: node=1 ${cli} runs --json`);
      expect(asked('--help')).toBe(`A stand-in for Electron: node=1 ${cli} --help`);
    });
  });

  describe('the archive', () => {
    it('holds the bundles, what they show and read, and no source, map, test or document of ours', () => {
      const shipped = ['out/main', 'out/preload', 'out/renderer', 'resources/tray', 'resources/workflows'];
      const wanted = shipped
        .flatMap((start) => filesBelow(start).map((path) => `${start}/${path}`))
        .filter((path) => !path.endsWith('.map'));
      const ours = filesBelow(extracted).filter((path) => !path.startsWith('node_modules/'));
      expect(ours).toEqual([...wanted, 'package.json', 'resources/icons/png/256x256.png'].sort());
      expect(ours).toContain('resources/workflows/app.yaml');
    });

    it('holds the packages that the engine needs, and of them nothing that is only there to build, test or read', () => {
      const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
      const needed = shippedPackages(packages, []).map(({ name, version }) => `${name} ${version}`);
      const held = filesBelow(extracted)
        .filter((path) => /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^@/]+\/package\.json$/.test(path))
        .map((path) => JSON.parse(readFileSync(join(extracted, path), 'utf8')))
        .map(({ name, version }) => `${name} ${version}`);
      // Only for who compiles the native module.
      const wanted = needed.filter((one) => !one.startsWith('node-addon-api '));
      expect(held.sort()).toEqual(wanted.sort());
      const kinds = filesBelow(join(extracted, 'node_modules')).map((path) =>
        /\.?[^./]*$/.exec(path)?.[0].toLowerCase(),
      );
      expect([...new Set(kinds)].sort()).toEqual(['.cjs', '.js', '.json', '.mjs', '.node', 'license']);
    });

    it('says what to start, and nothing of how it was built', () => {
      const inside = JSON.parse(readFileSync(join(extracted, 'package.json'), 'utf8'));
      expect(inside).toMatchObject({
        name: 'signalbox',
        productName: 'Signalbox',
        desktopName: 'signalbox.desktop',
        version: signalbox.version,
        main: 'out/main/index.js',
      });
      expect(Object.keys(inside)).not.toContain('scripts');
      expect(Object.keys(inside)).not.toContain('devDependencies');
    });
  });

  describe('the native module', () => {
    it('lies beside the archive as a file that the system loads', () => {
      const path = join(
        resources,
        `app.asar.unpacked/node_modules/better-sqlite3/prebuilds/linux-${process.arch}.node`,
      );
      const loaded: { exports: Record<string, unknown> } = { exports: {} };
      process.dlopen(loaded, path);
      expect(Object.keys(loaded.exports)).toContain('Database');
    });
  });

  describe('the program', () => {
    it('R78 starts, opens its window, and does a task from submit to its stored output (R04)', async () => {
      const dataFolder = temporaryFolder();
      const browser = await chromium.launch({
        executablePath: findChromium(),
        args: ['--no-sandbox', '--disable-gpu'],
      });
      onTestFinished(() => browser.close());
      const desktop = await Desktop.start({
        browser,
        main: join(extracted, 'out/main/index.js'),
        args: ['--data', dataFolder],
        env: {
          ...cleanEnvironment(),
          NODE_OPTIONS: `--import=${join(import.meta.dirname, 'like-an-archive.ts')}`,
          SIGNALBOX_ARCHIVE: extracted,
        },
        onPage: () => {},
      });
      onTestFinished(async () => {
        await desktop.dispose();
        await waitUntilNone(dataFolder);
      });
      const [page] = await desktop.waitForWindows(1);
      await page?.getByText('Overview').first().waitFor();
      const engine = await connectToEngine(dataFolder);
      onTestFinished(() => engine.close());
      const argv = ['sh', '-c', 'printf \'{"from":"the packed application"}\' > "$SIGNALBOX_OUTPUT"'];
      const taskId = await submitCommand(engine.api, argv, dataFolder);
      await waitForTask(engine.api, taskId, 'completed');
      const { task } = expectOk(await engine.api.getTask({ taskId }));
      expect(task).toMatchObject({ state: 'completed', outputs: { from: 'the packed application' } });
      const { workflows } = expectOk(await engine.api.listWorkflows({}));
      const bundled = workflows.map(({ name, problems }) => [name, problems]);
      expect(bundled.sort()).toEqual(['app', 'bugfix', 'feature'].map((name) => [name, []]));
    });

    it('answers as a command line, too', () => {
      const answer = execFileSync(process.execPath, [join(extracted, 'out/main/cli.js'), '--version'], {
        encoding: 'utf8',
      });
      expect(answer).toContain(signalbox.version);
    });
  });
});
