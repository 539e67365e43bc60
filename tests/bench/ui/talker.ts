/** Prints as many lines as it is told at once, then as many per second as a file says, until the file says `end`. */
import { readFileSync, writeSync } from 'node:fs';

const [, , control = '', first = '0'] = process.argv;
const everyMs = 25;
let printed = 0;

function print(count: number): void {
  let text = '';
  for (let index = 0; index < count; index += 1) {
    printed += 1;
    const state = printed % 997 === 0 ? '\x1b[31mError\x1b[0m: the disk is full' : '\x1b[32mall fine\x1b[0m';
    text += `\x1b[2mstep\x1b[0m ${printed} of the build: ${state}, module ${printed % 97} in ${printed % 89} ms\n`;
  }
  const bytes = Buffer.from(text);
  for (let offset = 0; offset < bytes.length; offset += writeSync(1, bytes, offset));
}

for (let left = Number(first); left > 0; left -= 5_000) print(Math.min(left, 5_000));
let before = performance.now();
let owed = 0;
const timer = setInterval(() => {
  const said = readFileSync(control, 'utf8').trim();
  if (said === 'end') clearInterval(timer);
  const now = performance.now();
  owed += ((now - before) / 1_000) * (Number(said) || 0);
  before = now;
  print(Math.floor(owed));
  owed -= Math.floor(owed);
}, everyMs);
