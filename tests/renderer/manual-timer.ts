import type { Timer } from '../../src-renderer/api/timer.ts';

/** A timer that only moves when a test moves it. */
export interface ManualTimer extends Timer {
  /** Moves time on, calling back what becomes due on the way, in the order of its time. */
  advance(ms: number): Promise<void>;
  /** How many timers run. */
  readonly running: number;
}

export function createManualTimer(): ManualTimer {
  let now = 0;
  let timers: { readonly at: number; readonly callback: () => void }[] = [];
  return {
    now: () => now,
    after(ms, callback) {
      const timer = { at: now + ms, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    async advance(ms) {
      const until = now + ms;
      for (;;) {
        const due = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
        if (due === undefined) break;
        timers = timers.filter((other) => other !== due);
        now = due.at;
        due.callback();
        await settle();
      }
      now = until;
      await settle();
    },
    get running() {
      return timers.length;
    },
  };
}

/** Lets every promise that can go on go on. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
