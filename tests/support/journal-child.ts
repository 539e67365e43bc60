/**
 * A command that keeps a journal of its life, so that a test can tell when it ran without asking the engine: for every
 * attempt a line at its beginning, a line every few milliseconds, and one at its end, each with the system's
 * monotonic time. It starts nothing and loads nothing, because many of it run at once.
 *
 * Usage: journal-child.ts <folder> <name> <ms>
 */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder = '', name = '', ms = '0'] = process.argv.slice(2);
const file = join(folder, name);
const everyMs = 10;

function note(word: string): void {
  appendFileSync(file, `${process.env.SIGNALBOX_ATTEMPT_ID} ${word} ${process.hrtime.bigint()}\n`);
}

note('began');
const timer = setInterval(() => note('lives'), everyMs);
setTimeout(() => {
  clearInterval(timer);
  note('ended');
}, Number(ms));
