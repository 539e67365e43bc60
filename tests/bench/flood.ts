/**
 * A program that prints lines of 100 bytes as fast as it can: `flood.ts LINES`. Each line starts with its number, so
 * that none looks like another.
 */
import { writeSync } from 'node:fs';

const lineLength = 100;
const linesPerWrite = 640;

const total = Number(process.argv[2]);
const rest = 'x'.repeat(lineLength);
for (let first = 1; first <= total; first += linesPerWrite) {
  let text = '';
  for (let line = first; line < Math.min(first + linesPerWrite, total + 1); line += 1) {
    const number = `${line} `;
    text += `${number}${rest.slice(number.length + 1)}\n`;
  }
  writeFully(Buffer.from(text, 'latin1'));
}

function writeFully(bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(1, bytes, written);
}
