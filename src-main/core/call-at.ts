import type { Clock, Stop } from './ports.ts';

/** The longest wait of a timer, in milliseconds: Node's timers end at 2^31 - 1 ms. */
const longestWaitMs = 24 * 3_600_000;

/**
 * Calls back once at a moment of the wall clock, or at once when it has passed. A far moment is called early, after a
 * day: whoever waits looks at the time again, which also makes up for a clock that jumped.
 * @param at wall clock, ms.
 * @param longestMs how long at most until it is called, for who has to notice a jump sooner; a day.
 */
export function callAt(clock: Clock, at: number, callback: () => void, longestMs = longestWaitMs): Stop {
  return clock.after(Math.min(longestMs, Math.max(0, at - clock.now())), callback);
}
