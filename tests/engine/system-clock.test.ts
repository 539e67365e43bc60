import { expect, test, vi } from 'vitest';
import { systemClock } from '../../src-main/engine/system-clock.ts';

test('the clock tells the time, and a time that only grows', () => {
  expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1_000);
  const before = systemClock.monotonic();
  expect(systemClock.monotonic()).toBeGreaterThanOrEqual(before);
});

test('a timer calls back once, unless it is stopped', async () => {
  const stopped = vi.fn();
  systemClock.after(0, stopped)();
  await new Promise<void>((resolve) => void systemClock.after(1, resolve));
  expect(stopped).not.toHaveBeenCalled();
});

test('a timer that is longer than Node can have does not end at once', () => {
  vi.useFakeTimers();
  try {
    const callback = vi.fn();
    const stop = systemClock.after(2 ** 40, callback);
    vi.advanceTimersByTime(1_000_000);
    expect(callback).not.toHaveBeenCalled();
    stop();
  } finally {
    vi.useRealTimers();
  }
});
