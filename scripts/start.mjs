/**
 * `npm start`: builds what is stale, and opens the application. Where it cannot be opened, because there is no display
 * or no Electron runtime to be had, the same window is served to a browser. What is given after `--` is passed on.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { relaunch } from '../bin/launcher.mjs';
import './require-node.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const electronFolder = join(root, 'node_modules/electron');
/** A download that takes longer is given up: the person waits for a window. */
const downloadMs = 60_000;
/** What a program ends with when the system lacks a library that it needs. */
const cannotRun = 127;

/**
 * @typedef {object} Machine
 * @property {NodeJS.Platform} platform
 * @property {Readonly<Record<string, string | undefined>>} env
 * @property {() => string | null} findRuntime path of Electron's program, null when it is not here
 * @property {() => void} fetchRuntime tries to get it, for a bounded time
 */

/**
 * @typedef {{ kind: 'electron', path: string } | { kind: 'browser', because: string, open: boolean }} Host
 */

/**
 * What shows the window on this machine. Nothing is downloaded where there is no display to show it on.
 *
 * @param {Machine} machine
 * @returns {Host}
 */
export function chooseHost({ platform, env, findRuntime, fetchRuntime }) {
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) {
    return { kind: 'browser', because: 'there is no display here (neither DISPLAY nor WAYLAND_DISPLAY)', open: false };
  }
  if (findRuntime() === null) fetchRuntime();
  const path = findRuntime();
  if (path !== null) return { kind: 'electron', path };
  return { kind: 'browser', because: 'the Electron runtime is not installed and could not be downloaded', open: true };
}

/**
 * Electron's program: where `ELECTRON_OVERRIDE_DIST_PATH` says, else in its package. Its own `index.js` is not asked,
 * since that downloads without an end.
 *
 * @param {string} folder of the package
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {string | null}
 */
export function findRuntime(folder, env) {
  const pathFile = join(folder, 'path.txt');
  const named = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : 'electron';
  const path = join(env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist'), named);
  return existsSync(path) ? path : null;
}

/**
 * Runs a script that gets the runtime; it is killed when it takes too long. Nothing of it is shown: what counts is
 * whether the runtime is there afterwards.
 *
 * @param {string} script
 * @param {number} timeoutMs
 */
export function fetchRuntime(script, timeoutMs) {
  spawnSync(process.execPath, [script], { stdio: 'ignore', timeout: timeoutMs, killSignal: 'SIGKILL' });
}

/**
 * Runs the application until it ends.
 *
 * @param {string} program
 * @param {readonly string[]} given
 * @returns {Promise<number | null>} its exit code; null: it could not be started
 */
function runElectron(program, given) {
  // An agent's environment may say that Electron is to be a plain Node.
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  const child = spawn(program, [root, ...given], { stdio: 'inherit', env });
  // From a terminal Ctrl-C reaches the application too: it ends by itself, after it has parked its work.
  process.on('SIGINT', () => {});
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.on('error', () => resolve(null));
    child.on('exit', (code) => resolve(code === cannotRun ? null : (code ?? 1)));
  });
}

/**
 * @param {string} because
 * @param {boolean} open
 * @param {readonly string[]} given
 */
function serve(because, open, given) {
  console.log(`The window is served to a browser instead of opened as an application: ${because}.`);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(signal);
  relaunch(process.execPath, [join(root, 'bin/signalbox.mjs'), 'serve', ...(open ? ['--open'] : []), ...given]);
}

async function main() {
  const given = process.argv.slice(2);
  const { platform, env, execPath } = process;
  const built = spawnSync(execPath, [join(root, 'scripts/build.mjs'), '--if-stale'], { stdio: 'inherit' });
  if (built.status !== 0) {
    process.exitCode = built.status ?? 1;
    return;
  }
  const host = chooseHost({
    platform,
    env,
    findRuntime: () => findRuntime(electronFolder, env),
    fetchRuntime: () => {
      console.log(`Getting the Electron runtime, for at most ${downloadMs / 1_000} s …`);
      fetchRuntime(join(electronFolder, 'install.js'), downloadMs);
    },
  });
  if (host.kind === 'browser') {
    serve(host.because, host.open, given);
    return;
  }
  const code = await runElectron(host.path, given);
  if (code === null) serve('the Electron runtime does not start on this machine', true, given);
  else process.exitCode = code;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main();
}
