/**
 * Loaded before an engine (`--import`): the wall clock of its process is off by as many milliseconds as a file says,
 * which a test may change at any time. Its monotonic time is the machine's.
 */
import { readFileSync } from 'node:fs';

const file = process.env.JUMPING_CLOCK ?? '';
const machine = Date.now.bind(Date);
let offset = 0;
let lookedAt = 0;

function currentOffset(): number {
  const now = performance.now();
  if (now - lookedAt < 10) return offset;
  lookedAt = now;
  try {
    offset = Number(readFileSync(file, 'utf8'));
  } catch {
    offset = 0;
  }
  return offset;
}

Date.now = () => machine() + currentOffset();
