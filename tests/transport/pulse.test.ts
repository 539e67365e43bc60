import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startPulse } from '../../src-main/transport/pulse.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function start() {
  const ask = vi.fn();
  const silent = vi.fn();
  return { ask, silent, pulse: startPulse({ everyMs: 400, ask, silent }) };
}

test('one who answers no more is silent within two seconds of the last sound, and is told of once', () => {
  const { ask, silent, pulse } = start();
  vi.advanceTimersByTime(4_100);
  expect(ask).toHaveBeenCalledTimes(3);
  expect(silent).toHaveBeenCalledOnce();
  pulse.stop();
});

test('any sound counts as an answer', () => {
  const { ask, silent, pulse } = start();
  for (let beat = 0; beat < 20; beat += 1) {
    vi.advanceTimersByTime(1_200);
    pulse.heard();
  }
  expect(ask).toHaveBeenCalledTimes(60);
  expect(silent).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1_600);
  expect(silent).toHaveBeenCalledOnce();
});

test('nobody is asked after the end', () => {
  const { ask, silent, pulse } = start();
  pulse.stop();
  vi.advanceTimersByTime(10_000);
  expect([ask, silent].flatMap((spy) => spy.mock.calls)).toEqual([]);
});
