/**
 * A folder laid out like Electron's runtime for Linux, for machines that cannot have the real one: packaging does with
 * it what it does with Electron, its fuses included. What it makes cannot be started.
 */
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createPackage } from '@electron/asar';

/** Marks the place of the fuses in Electron's program. */
const fuseSentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** As many as Electron has, each as Electron ships it, after the version of this format and their number. */
const fuseWire = Buffer.concat([Buffer.from([1, 8]), Buffer.from('10110001', 'latin1')]);

/** What stands for programs says what it was asked for. */
const program = `#!/bin/sh
echo "A stand-in for Electron: node=\${ELECTRON_RUN_AS_NODE:-0} $*"
exit 0
`;

const files = [
  'LICENSE',
  'LICENSES.chromium.html',
  'chrome_100_percent.pak',
  'chrome_200_percent.pak',
  'icudtl.dat',
  'libEGL.so',
  'libGLESv2.so',
  'libffmpeg.so',
  'libvk_swiftshader.so',
  'libvulkan.so.1',
  'locales/de.pak',
  'locales/en-US.pak',
  'resources.pak',
  'snapshot_blob.bin',
  'v8_context_snapshot.bin',
  'version',
  'vk_swiftshader_icd.json',
];

/**
 * @param {string} folder is made
 * @returns {Promise<string>} the folder
 */
export async function makeStandInRuntime(folder) {
  for (const path of files) write(folder, path, `${path}: a stand-in\n`);
  for (const path of ['chrome-sandbox', 'chrome_crashpad_handler']) write(folder, path, program, 0o755);
  write(folder, 'electron', Buffer.concat([Buffer.from(`${program}# ${fuseSentinel}`), fuseWire]), 0o755);
  const page = join(folder, 'resources/default_app');
  write(page, 'package.json', '{}');
  await createPackage(page, `${page}.asar`);
  rmSync(page, { recursive: true });
  return folder;
}

/**
 * @param {string} folder
 * @param {string} path
 * @param {string | Buffer} content
 * @param {number} [mode]
 */
function write(folder, path, content, mode = 0o644) {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  chmodSync(file, mode);
}
