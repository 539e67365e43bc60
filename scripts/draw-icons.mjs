/**
 * Draws every picture of the product from the sources in `resources/icons/`: the application's icon in all sizes and
 * containers, and the signs for the tray. What is drawn is kept in the repository; a test draws it again and compares.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import { icnsFile, icoFile } from './packaging/icon-containers.mjs';
import { root } from './source-files.mjs';

/** What the tray shows; each has a shape of its own. */
export const trayStates = /** @type {const} */ (['idle', 'running', 'needs-you', 'failed']);

/**
 * Colours of the sign and of the track on each kind of panel, those of `src-renderer/theme/tokens.css`; the amber for
 * light panels is brighter than that for text, and still three times as dark as the panel. A template of macOS is
 * black; the system colours it.
 *
 * @type {Readonly<Record<'dark' | 'light' | 'template', Readonly<Record<(typeof trayStates)[number] | 'track', string>>>>}
 */
const palettes = {
  dark: { idle: '#dce4ea', running: '#4cc2ff', 'needs-you': '#f2b33d', failed: '#f56e72', track: '#94a2af' },
  light: { idle: '#1b232b', running: '#036fa3', 'needs-you': '#b36b00', failed: '#c0272d', track: '#566370' },
  template: { idle: '#000', running: '#000', 'needs-you': '#000', failed: '#000', track: '#000' },
};

const linuxSizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
const windowsSizes = [16, 20, 24, 32, 40, 48, 64, 128, 256];
/** From here down the small drawing is used. */
const smallUpTo = 32;

/**
 * Ends of the names of the tray's pictures, and their pixels. Electron picks by `@`; Linux takes the simple density
 * whatever the screen has, and its panels are 22 to 24 pixels high, so that it has pictures of its own.
 *
 * @type {ReadonlyArray<readonly [end: string, size: number]>}
 */
const panelSizes = [
  ['', 16],
  ['@1.25x', 20],
  ['@1.5x', 24],
  ['@2x', 32],
  ['-24', 24],
  ['-24@2x', 48],
];
/** @type {typeof panelSizes} */
const templateSizes = [
  ['', 16],
  ['@2x', 32],
];

/**
 * @param {string} svg
 * @param {number} size pixels of a side
 * @returns {Buffer} a PNG
 */
function draw(svg, size) {
  const drawing = new Resvg(svg, { fitTo: { mode: 'width', value: size }, font: { loadSystemFonts: false } });
  return drawing.render().asPng();
}

/**
 * Every picture as it should be.
 *
 * @returns {Map<string, Buffer>} by path from the root
 */
export function drawAll() {
  return new Map([...applicationIcons(), ...trayStates.flatMap(trayPictures)]);
}

/** @returns {[string, Buffer][]} */
function applicationIcons() {
  const large = source('signalbox');
  const small = source('signalbox-small');
  /** @param {number} size */
  const plain = (size) => draw(size > smallUpTo ? large : small, size);
  // An icon of macOS leaves a margin of a tenth around it.
  const withMargin = large.replace('viewBox="0 0 512 512"', 'viewBox="-62 -62 636 636"');
  return [
    ...linuxSizes.map(
      (size) => /** @type {[string, Buffer]} */ ([`resources/icons/png/${size}x${size}.png`, plain(size)]),
    ),
    ['resources/icons/signalbox.ico', icoFile(windowsSizes.map((size) => ({ size, png: plain(size) })))],
    ['resources/icons/signalbox.icns', icnsFile((size) => draw(withMargin, size))],
  ];
}

/**
 * @param {(typeof trayStates)[number]} state
 * @returns {[string, Buffer][]}
 */
function trayPictures(state) {
  const drawing = source(`tray/${state}`);
  /** @param {keyof typeof palettes} name */
  const coloured = (name) =>
    drawing.replaceAll('"sign"', `"${palettes[name][state]}"`).replaceAll('"track"', `"${palettes[name].track}"`);
  return [
    ...panelSizes.flatMap(([end, size]) =>
      /** @type {const} */ (['dark', 'light']).map(
        (panel) =>
          /** @type {[string, Buffer]} */ ([`resources/tray/${state}-${panel}${end}.png`, draw(coloured(panel), size)]),
      ),
    ),
    ...templateSizes.map(
      ([end, size]) =>
        /** @type {[string, Buffer]} */ ([
          `resources/tray/${state}Template${end}.png`,
          draw(coloured('template'), size),
        ]),
    ),
  ];
}

/** @param {string} name */
function source(name) {
  return readFileSync(join(root, 'resources/icons', `${name}.svg`), 'utf8');
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const [path, content] of drawAll()) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}
