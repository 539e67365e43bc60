import type { Clock, Stop } from '../../../src-main/core/ports.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/**
 * Time in the hand of a history. It moves from timer to timer, and what a timer caused happens before the next one
 * fires, as in an engine that keeps up. The wall clock may jump by itself; the monotonic one never does.
 */
export class VirtualClock {
  #wall = Date.UTC(2026, 0, 1);
  #latest = this.#wall;
  #mono = 1_000;
  #order = 0;
  readonly #timers = new Set<Timer>();

  /** Wall clock, ms since the epoch. */
  now(): number {
    return this.#wall;
  }

  /** Milliseconds that only grow. */
  monotonic(): number {
    return this.#mono;
  }

  /** The latest time that the wall clock has ever shown. */
  get latest(): number {
    this.#latest = Math.max(this.#latest, this.#wall);
    return this.#latest;
  }

  /** Moves the wall clock alone. */
  jump(ms: number): void {
    this.#latest = this.latest;
    this.#wall += ms;
  }

  /** Calls back after a time of the monotonic clock. */
  after(ms: number, callback: () => void): Stop {
    this.#order += 1;
    const timer = { at: this.#mono + Math.max(0, ms), order: this.#order, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** A clock for one life of an engine: when the life ends its timers are gone, as those of a dead process are. */
  life(): { readonly clock: Clock; end(): void } {
    const stops = new Set<Stop>();
    let ended = false;
    const after = (ms: number, callback: () => void): Stop => {
      if (ended) return () => {};
      const drop = this.after(ms, () => {
        stops.delete(drop);
        callback();
      });
      stops.add(drop);
      return () => {
        drop();
        stops.delete(drop);
      };
    };
    return {
      clock: { now: () => this.now(), monotonic: () => this.monotonic(), after },
      end: () => {
        ended = true;
        for (const stop of stops) stop();
      },
    };
  }

  /**
   * Moves both clocks on.
   * @param settle lets everything happen that can happen without the clock.
   */
  async advance(ms: number, settle: () => Promise<void>): Promise<void> {
    const end = this.#mono + ms;
    for (let timer = this.#due(end); timer !== null; timer = this.#due(end)) {
      this.#timers.delete(timer);
      this.#wall += timer.at - this.#mono;
      this.#mono = timer.at;
      timer.callback();
      await settle();
    }
    this.#wall += end - this.#mono;
    this.#mono = end;
  }

  #due(end: number): Timer | null {
    let first: Timer | null = null;
    for (const timer of this.#timers) {
      if (timer.at > end) continue;
      if (first === null || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) first = timer;
    }
    return first;
  }
}
