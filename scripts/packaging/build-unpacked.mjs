/** The application as installers contain it: Electron's runtime, the archive of the program, and what lies beside it. */
import { readdirSync } from 'node:fs';
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
 * @param {BuildOptions} options
 * @returns {Promise<readonly string[]>} their paths
 */
export function buildInstallers(options) {
  return runBuilder(options, null);
}

/**
 * @param {BuildOptions} options
 * @param {string | null} target null: those of the configuration
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
