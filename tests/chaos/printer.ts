/**
 * A command that prints what is hard to keep, and notes in a file how many bytes the system took of it, so that a
 * trial knows it past the engine.
 *
 * Usage: printer.ts <kind> <amount> <note>; kinds are those of `tests/chaos/printed-kinds.ts`.
 */
import { spawn } from 'node:child_process';
import { openSync, writeSync } from 'node:fs';
import { makePieces } from './printed-kinds.ts';

const [kind = '', amount = '0', note = ''] = process.argv.slice(2);
const noteFile = openSync(note, 'a', 0o600);

/** Writes all of it, and notes what was taken after each call. The pipe blocks while nobody reads. */
function print(bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) {
    const count = writeSync(1, bytes, done);
    done += count;
    writeSync(noteFile, `${count}\n`);
  }
}

function flood(forMs: number): void {
  const chunk = Buffer.from(`${'flood '.repeat(15)}\n`.repeat(700));
  for (const end = performance.now() + forMs; performance.now() < end; ) print(chunk);
}

if (kind === 'flood') flood(Number(amount));
else if (kind === 'afterExit') {
  // The child keeps the pipe and goes on when this process has ended.
  const rest = [import.meta.filename, 'flood', amount, note];
  spawn(process.execPath, rest, { stdio: ['ignore', 'inherit', 'ignore'], detached: true }).unref();
  print(Buffer.from('the parent ends\n'));
} else {
  for (const piece of makePieces(kind, Number(amount))) {
    print(piece);
    if (kind === 'splitUtf8') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
  }
}
