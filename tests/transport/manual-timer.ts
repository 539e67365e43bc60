import type { FeedTimer } from '../../src-main/transport/feed.ts';

/** A timer that only moves when a test moves it. */
export interface ManualTimer extends FeedTimer {
  /** Moves time on, and calls back what has become due, in the order of its time. */
  advance(ms: number): void;
  /** How many timers run. */
  readonly running: number;
}

export function createManualTimer(): ManualTimer {
  let now = 0;
  let timers: { at: number; callback: () => void }[] = [];
  return {
    monotonic: () => now,
    after(ms, callback) {
      const timer = { at: now + ms, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advance(ms) {
      now += ms;
      const due = timers.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
      timers = timers.filter(({ at }) => at > now);
      for (const { callback } of due) callback();
    },
    get running() {
      return timers.length;
    },
  };
}
