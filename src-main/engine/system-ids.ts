import { randomBytes, randomUUID } from 'node:crypto';
import {
  approvalIdSchema,
  attemptIdSchema,
  permissionIdSchema,
  permissionRuleIdSchema,
  runIdSchema,
  taskIdSchema,
  traceIdSchema,
} from '../contract/ids.ts';
import type { IdSource } from '../core/ports.ts';

/** Crockford's base 32: no i, l, o, u. */
const digits = '0123456789abcdefghjkmnpqrstvwxyz';
const timeLength = 10;
const randomLength = 16;
const traceBytes = 16;
/** Random bytes are drawn so many at a time: a draw costs the same for one and for thousands. */
const poolBytes = 4_096;

/**
 * Ids of this machine. They sort by time of creation, also those of one millisecond, and also when the clock is set
 * back while the engine runs.
 * @param now wall clock, milliseconds since the epoch
 */
export function createSystemIds(now: () => number): IdSource {
  let lastTime = -1;
  let lastRandom: number[] = [];
  let pool = Buffer.alloc(0);

  function takeRandom(count: number): Buffer {
    if (pool.length < count) pool = randomBytes(poolBytes);
    const taken = pool.subarray(0, count);
    pool = pool.subarray(count);
    return taken;
  }

  function nextPart(): string {
    const time = now();
    if (time > lastTime) {
      lastTime = time;
      // Masks the bytes to five bits: 256 is a multiple of 32, so every digit is equally likely.
      lastRandom = Array.from(takeRandom(randomLength), (byte) => byte % digits.length);
    } else {
      increase(lastRandom);
    }
    return encodeTime(lastTime) + lastRandom.map((digit) => digits[digit]).join('');
  }

  return {
    runId: () => runIdSchema.parse(`run_${nextPart()}`),
    taskId: () => taskIdSchema.parse(`task_${nextPart()}`),
    attemptId: () => attemptIdSchema.parse(`attempt_${nextPart()}`),
    approvalId: () => approvalIdSchema.parse(`approval_${nextPart()}`),
    permissionId: () => permissionIdSchema.parse(`permission_${nextPart()}`),
    permissionRuleId: () => permissionRuleIdSchema.parse(`rule_${nextPart()}`),
    traceId: () => traceIdSchema.parse(takeRandom(traceBytes).toString('hex')),
    requestId: () => randomUUID(),
    random: () => Math.random(),
  };
}

function encodeTime(time: number): string {
  let rest = time;
  let text = '';
  for (let index = 0; index < timeLength; index += 1) {
    text = digits[rest % digits.length] + text;
    rest = Math.floor(rest / digits.length);
  }
  return text;
}

/** Adds one to a number of base 32, in place. */
function increase(number: number[]): void {
  for (let index = number.length - 1; index >= 0; index -= 1) {
    const digit = (number[index] ?? 0) + 1;
    number[index] = digit % digits.length;
    if (digit < digits.length) return;
  }
}
