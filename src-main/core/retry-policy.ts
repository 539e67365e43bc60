import type { RetryPolicy } from '../contract/policies.ts';

/**
 * How long to wait before the next attempt, in whole milliseconds: the policy's growing delay, capped, then spread so
 * that work that failed together does not come back together. The spread may exceed `maxDelayMs` by the jitter.
 *
 * @param failures how many attempts have failed so far, from 1
 * @param random a number in [0, 1); 0.5 gives the delay without spread
 */
export function retryDelayMs(policy: RetryPolicy, failures: number, random: number): number {
  const grown = policy.delayMs * Math.min(policy.factor ** (failures - 1), Number.MAX_VALUE);
  const spread = 1 + policy.jitter * (2 * random - 1);
  return Math.round(Math.min(grown, policy.maxDelayMs) * spread);
}
