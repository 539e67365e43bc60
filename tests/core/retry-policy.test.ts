import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultRetryPolicy, retryPolicySchema } from '../../src-main/contract/policies.ts';
import { retryDelayMs } from '../../src-main/core/retry-policy.ts';

const share = fc.double({ min: 0, max: 0.999_999, noNaN: true });
const policies = fc.record({
  maxAttempts: fc.integer({ min: 1, max: 100 }),
  delayMs: fc.integer({ min: 0, max: 100_000 }),
  maxDelayMs: fc.integer({ min: 0, max: 1_000_000 }),
  factor: fc.double({ min: 1, max: 10, noNaN: true }),
  jitter: fc.double({ min: 0, max: 1, noNaN: true }),
});

test('delays double from one second up to a minute by default', () => {
  const delays = [1, 2, 3, 4, 5, 6, 7, 8].map((failures) => retryDelayMs(defaultRetryPolicy, failures, 0.5));
  expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
});

test('jitter spreads a delay evenly below and above it', () => {
  const delays = [0, 0.25, 0.5, 0.75].map((random) => retryDelayMs(defaultRetryPolicy, 1, random));
  expect(delays).toEqual([800, 900, 1_000, 1_100]);
});

test('a delay of nothing stays nothing, however many failures there were', () => {
  expect(retryDelayMs({ ...defaultRetryPolicy, delayMs: 0, factor: 10 }, 1_000, 0.9)).toBe(0);
});

test('a delay is always a whole number of milliseconds within the cap and its spread', () => {
  fc.assert(
    fc.property(policies, fc.integer({ min: 1, max: 10_000 }), share, (policy, failures, random) => {
      expect(retryPolicySchema.safeParse(policy).success).toBe(true);
      const delay = retryDelayMs(policy, failures, random);
      expect(Number.isSafeInteger(delay)).toBe(true);
      expect(delay).toBeGreaterThanOrEqual(0);
      expect(delay).toBeLessThanOrEqual(Math.ceil(policy.maxDelayMs * (1 + policy.jitter)));
    }),
  );
});

test('without jitter a later failure never waits less than an earlier one', () => {
  fc.assert(
    fc.property(policies, fc.integer({ min: 1, max: 200 }), share, (policy, failures, random) => {
      const calm = { ...policy, jitter: 0 };
      expect(retryDelayMs(calm, failures + 1, random)).toBeGreaterThanOrEqual(retryDelayMs(calm, failures, 0));
    }),
  );
});
