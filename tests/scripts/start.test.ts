import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { chooseHost, fetchRuntime, findRuntime } from '../../scripts/start.mjs';
import { temporaryFolder } from '../support/temporary-folder.ts';

const here = {
  platform: 'linux',
  env: { DISPLAY: ':0' },
  findRuntime: () => '/electron',
  fetchRuntime: vi.fn(),
} as const;

test.each([
  ['linux', { DISPLAY: ':0' }],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }],
  ['darwin', {}],
  ['win32', {}],
] as const)('on %s with %j the application is opened, and nothing is downloaded', (platform, env) => {
  const fetch = vi.fn();
  expect(chooseHost({ ...here, platform, env, fetchRuntime: fetch })).toEqual({ kind: 'electron', path: '/electron' });
  expect(fetch).not.toHaveBeenCalled();
});

test.each([{}, { DISPLAY: '' }])('without a display (%j) the window is served, and nothing is downloaded', (env) => {
  const fetch = vi.fn();
  const host = chooseHost({ ...here, env, findRuntime: () => null, fetchRuntime: fetch });
  expect(host).toMatchObject({ kind: 'browser', open: false, because: expect.stringContaining('no display') });
  expect(fetch).not.toHaveBeenCalled();
});

test('a missing runtime is fetched once', () => {
  const find = vi.fn((): string | null => '/electron').mockReturnValueOnce(null);
  const fetch = vi.fn();
  expect(chooseHost({ ...here, findRuntime: find, fetchRuntime: fetch })).toEqual({
    kind: 'electron',
    path: '/electron',
  });
  expect(fetch).toHaveBeenCalledOnce();
});

test('where no runtime can be had, the window is served and a browser opened', () => {
  expect(chooseHost({ ...here, findRuntime: () => null })).toMatchObject({
    kind: 'browser',
    open: true,
    because: expect.stringContaining('could not be downloaded'),
  });
});

test('the runtime is looked for where its package or the person says it is', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'dist'));
  mkdirSync(join(folder, 'own'));
  writeFileSync(join(folder, 'own', 'electron'), '');
  const own = { ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'own') };
  expect(findRuntime(folder, own)).toBe(join(folder, 'own', 'electron'));
  expect(findRuntime(folder, {})).toBeNull();
  writeFileSync(join(folder, 'path.txt'), 'program\n');
  expect(findRuntime(folder, {})).toBeNull();
  writeFileSync(join(folder, 'dist', 'program'), '');
  expect(findRuntime(folder, {})).toBe(join(folder, 'dist', 'program'));
});

test('a download that does not end is killed', () => {
  const folder = temporaryFolder();
  const script = join(folder, 'install.mjs');
  writeFileSync(script, 'setInterval(() => {}, 1_000);');
  const startedAt = performance.now();
  fetchRuntime(script, 300);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  writeFileSync(
    script,
    `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(join(folder, 'done'))}, '');`,
  );
  fetchRuntime(script, 5_000);
  expect(existsSync(join(folder, 'done'))).toBe(true);
});
