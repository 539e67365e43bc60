/** The application as installers contain it: Electron's runtime, the archive of the program, and what lies beside it. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, Platform } from 'electron-builder';
import { configure } from '../../electron-builder.config.mjs';
import { root } from '../source-files.mjs';

/**
 * @typedef {object} BuildOptions
 * @property {string | undefined} [electronDist] folder laid out like Electron's own; without it electron-builder gets the runtime
 * @property {string} output folder to build in; is made
 */

/**
 * Builds the unpacked application for the system that this runs on, from `out/`, which must have been built.
 *
 * @param {BuildOptions} options
 * @returns {Promise<string>} the folder of the application, in `output`
 */
export async function buildUnpacked({ electronDist, output }) {
  await runBuilder({ electronDist, output }, 'dir');
  const folder = readdirSync(output).find((name) => /unpacked$|^mac/.test(name));
  if (folder === undefined) throw new Error(`electron-builder left no application in ${output}`);
  return join(output, folder);
}

/**
 * Builds every installer of this system, and what an installed application looks for updates in where a release is made.
 *
 * On Linux in two steps: deb and rpm leave a mark of their kind in the folder that everything is made of, by which the
 * system is known to bring newer versions. An AppImage brings its own, and what is said of the newest one is its alone.
 *
 * @param {BuildOptions} options
 * @returns {Promise<readonly string[]>} their paths
 */
export async function buildInstallers(options) {
  if (process.platform !== 'linux') return runBuilder(options, null);
  const packages = await runBuilder(options, ['deb', 'rpm']);
  for (const name of readdirSync(options.output).filter((name) => name.endsWith('-unpacked'))) {
    rmSync(join(options.output, name), { recursive: true });
  }
  return [...packages, ...(await runBuilder(options, ['AppImage']))];
}

/**
 * @param {BuildOptions} options
 * @param {string | string[] | null} target null: those of the configuration
 */
function runBuilder({ electronDist, output }, target) {
  return build({
    projectDir: root,
    // What is released is decided by a person who looks at what was built.
    publish: 'never',
    targets: Platform.current().createTarget(target),
    config: { ...configure({ output }), ...(electronDist === undefined ? {} : { electronDist }) },
  });
}
