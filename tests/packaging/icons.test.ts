import { readdirSync, readFileSync } from 'node:fs';
import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { drawAll, trayStates } from '../../scripts/draw-icons.mjs';

const drawn = drawAll();

/** Width and height that a PNG says it has. */
function sizeOf(png: Buffer): [number, number] {
  expect(png.toString('latin1', 1, 4)).toBe('PNG');
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

/** Red, green, blue and alpha of every pixel. */
function pixelsOf(png: Buffer, side: number): Buffer {
  const address = `data:image/png;base64,${png.toString('base64')}`;
  const page = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}"><image href="${address}" width="${side}" height="${side}"/></svg>`;
  return new Resvg(page, { font: { loadSystemFonts: false } }).render().pixels;
}

function picture(path: string): Buffer {
  const found = drawn.get(path);
  if (found === undefined) throw new Error(`${path} is not drawn`);
  return found;
}

describe('pictures', () => {
  // Processors of another kind may round a pixel's edge otherwise.
  it.skipIf(process.arch !== 'x64')('are those that the sources in resources/icons draw: npm run icons', () => {
    const differing = [...drawn].filter(([path, content]) => !readFileSync(path).equals(content)).map(([path]) => path);
    expect(differing).toEqual([]);
  });

  it('lie where nothing else lies, so that nothing old is shipped', () => {
    const kept = ['resources/tray', 'resources/icons/png'].flatMap((folder) =>
      readdirSync(folder).map((name) => `${folder}/${name}`),
    );
    const wanted = [...drawn.keys()].filter((path) => path.endsWith('.png'));
    expect(kept.sort()).toEqual(wanted.sort());
  });

  it.each([16, 24, 32, 48, 64, 128, 256, 512, 1024])(
    'of the application have %i pixels where their name says so',
    (size) => {
      expect(sizeOf(picture(`resources/icons/png/${size}x${size}.png`))).toEqual([size, size]);
    },
  );

  it.each(trayStates)('of the tray exist for dark and light panels and for macOS, in every density (%s)', (state) => {
    const sizes = (name: string, ends: readonly string[]) =>
      ends.map((end) => sizeOf(picture(`resources/tray/${state}${name}${end}.png`))[0]);
    for (const panel of ['-dark', '-light']) {
      expect(sizes(panel, ['', '@1.25x', '@1.5x', '@2x', '-24', '-24@2x'])).toEqual([16, 20, 24, 32, 24, 48]);
    }
    expect(sizes('Template', ['', '@2x'])).toEqual([16, 32]);
  });
});

describe('the tray', () => {
  const shapes = trayStates.map((state) => {
    const pixels = pixelsOf(picture(`resources/tray/${state}Template.png`), 16);
    return { state, pixels, alpha: pixels.filter((_, at) => at % 4 === 3) };
  });

  it('has templates for macOS that are black and alpha, and nothing else', () => {
    for (const { pixels, alpha } of shapes) {
      expect(pixels.filter((value, at) => at % 4 !== 3 && value !== 0)).toHaveLength(0);
      expect(new Set(alpha).size).toBeGreaterThan(2);
    }
  });

  it('has a shape for each state that is another one without its colour', () => {
    const pairs = shapes.flatMap((one, at) => shapes.slice(at + 1).map((other) => [one, other] as const));
    for (const [one, other] of pairs) {
      const differing = one.alpha.filter((value, at) => Math.abs(value - (other.alpha[at] ?? 0)) > 128).length;
      expect(differing, `pixels of 256 that differ between ${one.state} and ${other.state}`).toBeGreaterThan(25);
    }
  });
});

describe('containers', () => {
  it('the icon for Windows holds a picture of each size that it says', () => {
    const ico = picture('resources/icons/signalbox.ico');
    const count = ico.readUInt16LE(4);
    const sizes = Array.from({ length: count }, (_, at) => {
      const entry = ico.subarray(6 + 16 * at, 22 + 16 * at);
      const png = ico.subarray(entry.readUInt32LE(12), entry.readUInt32LE(12) + entry.readUInt32LE(8));
      expect(entry.readUInt8(0)).toBe(sizeOf(png)[0] % 256);
      return sizeOf(png)[0];
    });
    expect(sizes).toEqual([16, 20, 24, 32, 40, 48, 64, 128, 256]);
  });

  it('the icon for macOS holds a picture for each of its types, and ends where it says', () => {
    const icns = picture('resources/icons/signalbox.icns');
    expect([icns.toString('latin1', 0, 4), icns.readUInt32BE(4)]).toEqual(['icns', icns.length]);
    const found: string[] = [];
    for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) {
      const png = icns.subarray(at + 8, at + icns.readUInt32BE(at + 4));
      found.push(`${icns.toString('latin1', at, at + 4)} ${sizeOf(png)[0]}`);
    }
    expect(found).toEqual([
      'ic11 32',
      'ic12 64',
      'ic07 128',
      'ic13 256',
      'ic08 256',
      'ic14 512',
      'ic09 512',
      'ic10 1024',
    ]);
  });
});
