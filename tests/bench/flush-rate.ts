import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const pageBytes = 4_096;
const pages = 1_024;

/**
 * How many times a second this machine makes a page durable: write 4 KiB in place, fdatasync, again. Nothing that
 * flushes once per change can be faster than this.
 */
export function measureFlushRate(folder: string, durationMs: number): number {
  const file = openSync(join(folder, 'flush-rate'), 'w');
  try {
    const page = Buffer.alloc(pageBytes, 1);
    for (let index = 0; index < pages; index += 1) writeSync(file, page, 0, pageBytes, index * pageBytes);
    fdatasyncSync(file);
    const start = performance.now();
    let flushes = 0;
    let elapsed = 0;
    for (; elapsed < durationMs; elapsed = performance.now() - start) {
      writeSync(file, page, 0, pageBytes, (flushes % pages) * pageBytes);
      fdatasyncSync(file);
      flushes += 1;
    }
    return (flushes * 1_000) / elapsed;
  } finally {
    closeSync(file);
  }
}
