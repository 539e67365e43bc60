/** What `npm install signalbox` and `npx signalbox` give somebody who has no checkout and no Electron. */
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { waitUntilNone } from '../support/process-census.ts';
import { InstalledPackage } from './installed-package.ts';

const mebibyte = 2 ** 20;
/** Stands in front of the command, and makes this Node look like one that is too old. */
const pretendOld = `data:text/javascript,Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2', napi: '9' } })`;

let installed: InstalledPackage;

beforeAll(async () => {
  installed = await InstalledPackage.install();
}, 240_000);

afterAll(() => installed?.remove());

describe('the npm package', () => {
  test('holds the bundles, the bundled workflows and the command, and no sources, maps or tests', () => {
    const { files, size, unpackedSize } = installed.packed;
    const paths = files.map(({ path }) => path);
    const folders = new Set(paths.map((path) => path.replace(/^(out\/\w+|(?!out\/)[^/]+)\/.*$/, '$1/')));
    const expected = [
      'LICENSE',
      'README.md',
      'bin/',
      'out/THIRD-PARTY-LICENSES.txt',
      'out/main/',
      'out/renderer/',
      'package.json',
      'resources/',
      'scripts/',
    ];
    expect([...folders].sort()).toEqual(expected);
    expect(paths.filter((path) => /\.(map|tsx?|png|icns|ico)$|^tests|^src-|^out\/preload/.test(path))).toEqual([]);
    // Only the desktop application updates itself.
    expect(paths.filter((path) => path.includes('updater'))).toEqual([]);
    expect(paths.filter((path) => path.startsWith('scripts/'))).toEqual(['scripts/build.mjs']);
    expect(paths).toContain('resources/workflows/app.yaml');
    expect(size, 'bytes of the archive').toBeLessThan(2 * mebibyte);
    expect(unpackedSize, 'bytes of the files').toBeLessThan(6 * mebibyte);
  });

  test('brings neither Electron nor anything that only builds or draws', () => {
    const there = readdirSync(join(installed.folder, 'node_modules'));
    expect(there).toContain('better-sqlite3');
    const unwanted = [
      'electron',
      'electron-builder',
      'electron-updater',
      'node',
      'react',
      'typescript',
      'vite',
      'vitest',
    ];
    expect(unwanted.filter((name) => !(name in manifest.devDependencies))).toEqual([]);
    expect(there.filter((name) => unwanted.includes(name))).toEqual([]);
  });

  test('has nothing to build where it is installed, and says so by doing nothing', async () => {
    const builtAt = () => statSync(installed.path('out/main/cli.js')).mtimeMs;
    const before = builtAt();
    await installed.npm('npm', 'explore', 'signalbox', '--', 'npm', 'run', 'prepare');
    expect(builtAt()).toBe(before);
  });

  test('npx finds the command', async () => {
    expect((await installed.npm('npx', '--offline', '--', 'signalbox', '--version')).trim()).toBe(manifest.version);
  });

  test('says on a Node that is too old which one it needs', async () => {
    const { code, out, err } = await installed.run(['doctor'], ['--import', pretendOld]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^Signalbox cannot run on this Node 20\.20\.2: .* Node 22\.14 or newer\. Install a newer Node/);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});

describe.skipIf(process.platform !== 'linux')('the installed command (its processes are counted on Linux only)', () => {
  test('has help and a doctor that finds nothing wrong', async () => {
    const help = await installed.run(['--help']);
    expect(help).toMatchObject({ code: 0, err: '' });
    expect(help.out).toContain('serve');
    const doctor = await installed.run(['doctor']);
    expect(doctor).toMatchObject({ code: 0 });
    expect(doctor.out).toContain('Everything works.');
  });

  test('does a task and the bundled workflow to their ends, and leaves no process behind', async () => {
    expect(await installed.run(['submit', '--wait', '--command', '--', 'git', '--version'])).toMatchObject({ code: 0 });
    const run = await installed.run(['run', 'app', '--json', '-i', 'name=calculator-app', '-i', 'requirements=add']);
    expect(run, run.err).toMatchObject({ code: 0 });
    await waitUntilNone(installed.data);
  });

  test('serves the window and the interface, to who has the token, until it is ended', async () => {
    const serve = installed.start(['serve', '--json']);
    const closed = once(serve, 'close');
    onTestFinished(async () => {
      serve.kill('SIGKILL');
      await closed;
    });
    if (serve.stdout === null) throw new Error('The server has no output.');
    const { value } = await createInterface(serve.stdout)[Symbol.asyncIterator]().next();
    const { url } = JSON.parse(String(value)) as { url: string };
    const { origin } = new URL(url);

    const entered = await fetch(url, { redirect: 'manual' });
    const cookie = entered.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ');
    const page = await fetch(`${origin}/`, { headers: { cookie } });
    const html = await page.text();
    expect({ status: page.status, title: /<title>(.*)<\/title>/.exec(html)?.[1] }).toEqual({
      status: 200,
      title: 'Signalbox',
    });
    const script = /<script type="module"[^>]* src="\.?\/?([^"]+)"/.exec(html)?.[1];
    expect((await fetch(`${origin}/${script}`, { headers: { cookie } })).status).toBe(200);

    const ask = (headers: Record<string, string>) =>
      fetch(`${origin}/api/listRuns`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify({ limit: 5 }),
      });
    expect((await ask({})).status).toBe(401);
    const token = readFileSync(join(installed.data, 'api-token'), 'utf8').trim();
    expect(await (await ask({ Authorization: `Bearer ${token}` })).json()).toMatchObject({ ok: true });

    serve.kill('SIGTERM');
    expect(await closed).toEqual([143, null]);
    await waitUntilNone(installed.data);
    await expect(fetch(origin)).rejects.toThrow('fetch failed');
  });
});
