/**
 * Builds the three bundles into out/. With `--if-stale` it does nothing when they match the sources, or when there
 * is nothing to build with or from: after `npm ci --omit=dev`, and in an installed package.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const compiler = join(root, 'node_modules/electron-vite/bin/electron-vite.js');
const configuration = join(root, 'electron.vite.config.ts');
const stamp = join(root, 'out/sources.sha256');

/** Everything the bundles are made from. */
function hashSources() {
  const hash = createHash('sha256');
  const folders = ['src-main', 'src-preload', 'src-renderer'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const configuration = [
    'electron.vite.config.ts',
    'package.json',
    'package-lock.json',
    'scripts/write-licences.mjs',
  ].map((file) => join(root, file));
  for (const file of [...folders.sort(), ...configuration]) {
    hash
      .update(`${file.slice(root.length)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

function isFresh() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hashSources();
}

async function build() {
  const { status } = spawnSync(process.execPath, [compiler, 'build'], { cwd: root, stdio: 'inherit' });
  if (status === 0) {
    // Not there where there is nothing to build with.
    const { writeLicenceTexts } = await import('./write-licences.mjs');
    writeLicenceTexts();
    writeFileSync(stamp, hashSources());
  }
  process.exitCode = status ?? 1;
}

/** @returns {boolean} */
function needsBuild() {
  return existsSync(compiler) && existsSync(configuration) && !isFresh();
}

if (!process.argv.includes('--if-stale') || needsBuild()) {
  await build();
}
