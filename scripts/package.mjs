/**
 * `npm run package` builds the installers of the system that it runs on, into `dist/`.
 *
 * --dir                    only the unpacked application
 * --electron-dist FOLDER   Electron's runtime, where there is one already; otherwise electron-builder gets it
 * --stand-in               a stand-in for the runtime, where none can be had: the application is laid out, but cannot
 *                          be started; only with --dir
 * --output FOLDER          another folder than `dist/`
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildInstallers, buildUnpacked } from './packaging/build-unpacked.mjs';
import { makeStandInRuntime } from './packaging/stand-in-runtime.mjs';
import { root } from './source-files.mjs';

const { values } = parseArgs({
  options: {
    dir: { type: 'boolean', default: false },
    'electron-dist': { type: 'string' },
    'stand-in': { type: 'boolean', default: false },
    output: { type: 'string', default: join(root, 'dist') },
  },
});

/** @param {string | undefined} electronDist */
async function makePackages(electronDist) {
  const options = { electronDist, output: resolve(values.output) };
  for (const path of values.dir ? [await buildUnpacked(options)] : await buildInstallers(options)) {
    console.log(`${path}: ${(bytesOf(path) / 1_000_000).toFixed(1)} MB`);
  }
}

/**
 * @param {string} path of a file or folder
 * @returns {number}
 */
function bytesOf(path) {
  const facts = statSync(path);
  if (!facts.isDirectory()) return facts.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0);
}

async function main() {
  if (values['stand-in'] && !values.dir) {
    console.error('An installer of a stand-in would install nothing that starts: --stand-in goes with --dir.');
    process.exitCode = 2;
    return;
  }
  const built = spawnSync(process.execPath, [join(root, 'scripts/build.mjs'), '--if-stale'], { stdio: 'inherit' });
  if (built.status !== 0) {
    process.exitCode = built.status ?? 1;
    return;
  }
  const given = values['electron-dist'];
  if (!values['stand-in']) {
    await makePackages(given === undefined ? undefined : resolve(given));
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-runtime-'));
  try {
    await makePackages(await makeStandInRuntime(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

await main();
