import { expect, it } from 'vitest';
import { AttemptLimits } from '../../src-main/core/attempt-limits.ts';
import { ManualClock } from '../support/manual-clock.ts';

const timeouts = { startMs: 1_000, runMs: 60_000, idleMs: 5_000, stopMs: 250 };

function watch(change: Partial<typeof timeouts> = {}) {
  const clock = new ManualClock();
  const reached: [string, number][] = [];
  const limits = new AttemptLimits({
    clock,
    timeouts: { ...timeouts, ...change },
    reached: (limit, limitMs) => reached.push([limit, limitMs]),
  });
  limits.starting();
  return { clock, reached, limits };
}

it('R47 neither the time to run nor the time to be silent passes while a person is asked', () => {
  const { clock, reached, limits } = watch();
  clock.advance(900);
  limits.started();
  clock.advance(4_000);
  limits.suspend();
  limits.suspend();
  limits.active();
  clock.advance(10 * 24 * 3_600_000);
  limits.resume();
  clock.advance(3_600_000);
  expect(reached).toEqual([]);
  limits.resume();
  clock.advance(4_999);
  limits.active();
  clock.advance(1);
  expect(reached).toEqual([]);
  clock.advance(5_000);
  expect(reached).toEqual([['idle', 5_000]]);
});

it('R22 counts what ran before and after the wait against the one limit', () => {
  const { clock, reached, limits } = watch({ idleMs: 0 });
  limits.started();
  clock.advance(59_000);
  limits.suspend();
  clock.advance(100_000);
  limits.resume();
  clock.advance(999);
  expect(reached).toEqual([]);
  clock.advance(1);
  expect(reached).toEqual([['run', 60_000]]);
});

it('watches nothing after its end, whatever comes later', () => {
  const { clock, reached, limits } = watch();
  limits.suspend();
  limits.started();
  limits.end();
  limits.resume();
  limits.active();
  clock.advance(1_000_000);
  expect(reached).toEqual([]);
  expect(clock.timers).toBe(0);
});

it('does not count silence once it is told to ignore it', () => {
  const { clock, reached, limits } = watch();
  limits.started();
  limits.ignoreIdle();
  limits.active();
  clock.advance(59_999);
  expect(reached).toEqual([]);
});
