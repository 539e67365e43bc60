/** A program that does what is least: starts `flood.ts LINES`, reads what it prints, discards it, and says how long it took. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const flood = fileURLToPath(new URL('./flood.ts', import.meta.url));
const start = performance.now();
const child = spawn(process.execPath, [flood, process.argv[2] ?? '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
let bytes = 0;
child.stdout.on('data', (chunk: Buffer) => {
  bytes += chunk.length;
});
child.once('close', () => {
  process.send?.({ bytes, elapsedMs: performance.now() - start });
});
