/** What runs after a deb or rpm was installed or removed. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** What electron-builder would link `/usr/bin/signalbox` to: the window. It fills the names in itself. */
const theWindow = `'/opt/\${sanitizedProductName}/\${executable}'`;
const theCommandLine = `'/opt/\${sanitizedProductName}/resources/bin/signalbox'`;

/**
 * Writes electron-builder's own scripts with one difference: the command `signalbox` is the whole command line
 * too, by `resources/installers/signalbox.sh`.
 *
 * @param {string} folder is made
 * @returns {{ afterInstall: string, afterRemove: string }} their paths
 */
export function writeLinuxScripts(folder) {
  const templates = join(
    dirname(createRequire(import.meta.url).resolve('app-builder-lib/package.json')),
    'templates/linux',
  );
  mkdirSync(folder, { recursive: true });
  /** @param {string} name */
  const write = (name) => {
    const script = readFileSync(join(templates, name), 'utf8');
    if (!script.includes(theWindow)) throw new Error(`electron-builder's ${name} does not link ${theWindow} any more`);
    const path = join(folder, name);
    writeFileSync(path, script.replaceAll(theWindow, theCommandLine));
    return path;
  };
  return { afterInstall: write('after-install.tpl'), afterRemove: write('after-remove.tpl') };
}
