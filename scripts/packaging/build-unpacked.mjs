/** The application as installers contain it: Electron's runtime, the archive of the program, and what lies beside it. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build, Platform } from 'electron-builder';
import { configure } from '../../electron-builder.config.mjs';
import { root } from '../source-files.mjs';

/**
 * Builds the unpacked application for the system that this runs on, from `out/`, which must have been built.
 *
 * @param {object} options
 * @param {string} [options.electronDist] folder laid out like Electron's own; without it electron-builder gets one
 * @param {string} options.output folder to build in; is made
 * @returns {Promise<string>} the folder of the application, in `output`
 */
export async function buildUnpacked({ electronDist, output }) {
  await build({
    projectDir: root,
    publish: 'never',
    targets: Platform.current().createTarget('dir'),
    config: { ...configure({ output }), ...(electronDist === undefined ? {} : { electronDist }) },
  });
  const folder = readdirSync(output).find((name) => /unpacked$|^mac/.test(name));
  if (folder === undefined) throw new Error(`electron-builder left no application in ${output}`);
  return join(output, folder);
}
