/** The two files that hold one icon in several sizes; both may hold PNG pictures as they are. */

/**
 * @typedef {object} Picture
 * @property {number} size pixels of a side; at most 256 in an ICO
 * @property {Buffer} png
 */

/**
 * An icon for Windows.
 *
 * @param {readonly Picture[]} pictures
 * @returns {Buffer}
 */
export function icoFile(pictures) {
  const header = Buffer.alloc(6);
  header.writeUInt16LE(1, 2); // an icon, not a cursor
  header.writeUInt16LE(pictures.length, 4);
  let offset = header.length + 16 * pictures.length;
  const entries = pictures.map(({ size, png }) => {
    const entry = Buffer.alloc(16);
    entry.writeUInt8(size % 256, 0); // 0 means 256
    entry.writeUInt8(size % 256, 1);
    entry.writeUInt16LE(1, 4); // colour planes
    entry.writeUInt16LE(32, 6); // bits of a pixel
    entry.writeUInt32LE(png.length, 8);
    entry.writeUInt32LE(offset, 12);
    offset += png.length;
    return entry;
  });
  return Buffer.concat([header, ...entries, ...pictures.map(({ png }) => png)]);
}

/**
 * What macOS calls each size. 16 and 32 pixels at simple density are left out: those types want a format of their own,
 * and macOS makes them of the next ones.
 *
 * @type {ReadonlyArray<readonly [type: string, size: number]>}
 */
const icnsTypes = [
  ['ic11', 32], // 16 at double density
  ['ic12', 64], // 32 at double density
  ['ic07', 128],
  ['ic13', 256], // 128 at double density
  ['ic08', 256],
  ['ic14', 512], // 256 at double density
  ['ic09', 512],
  ['ic10', 1024], // 512 at double density
];

/**
 * An icon for macOS.
 *
 * @param {(size: number) => Buffer} draw a PNG of that size
 * @returns {Buffer}
 */
export function icnsFile(draw) {
  const blocks = icnsTypes.map(([type, size]) => icnsBlock(type, draw(size)));
  return icnsBlock('icns', Buffer.concat(blocks));
}

/**
 * @param {string} type four characters
 * @param {Buffer} content
 */
function icnsBlock(type, content) {
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32BE(head.length + content.length, 4);
  return Buffer.concat([head, content]);
}
