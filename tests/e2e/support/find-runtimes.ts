import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from '@playwright/test';

const root = join(import.meta.dirname, '../../..');

/** Under which names Chromium is known, the usual first. */
const browserNames = ['chromium', 'chromium-browser', 'google-chrome', 'chrome'];

/** The browser for the tests: SIGNALBOX_CHROMIUM, one on the path, or Playwright's own. @throws when there is none. */
export function findChromium(): string {
  const asked = process.env.SIGNALBOX_CHROMIUM;
  const candidates = asked === undefined || asked === '' ? [...onPath(), chromium.executablePath()] : [asked];
  const found = candidates.find((path) => isExecutable(path));
  if (found !== undefined) return found;
  throw new Error(
    `The end-to-end tests need a Chromium. There is none at ${candidates.join(', ') || 'any place of the path'}. ` +
      'Install the package chromium, run "npx playwright install chromium", or name one with SIGNALBOX_CHROMIUM.',
  );
}

function onPath(): string[] {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return browserNames.flatMap((name) => folders.map((folder) => join(folder, name)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The Electron runtime, or why the tests do not run on it. Nothing is downloaded for them. */
export function findElectron(): { readonly path: string } | { readonly reason: string } {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(root, 'node_modules/electron/dist');
  const pathFile = join(root, 'node_modules/electron/path.txt');
  const path = join(folder, existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : 'electron');
  if (!isExecutable(path)) return { reason: 'no Electron runtime is installed (npx install-electron brings one)' };
  const isWithoutDisplay = process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY;
  return isWithoutDisplay ? { reason: 'this machine has no display (xvfb-run gives it one)' } : { path };
}
