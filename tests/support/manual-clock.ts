import type { Clock, Stop } from '../../src-main/core/ports.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/** A clock that moves only when a test moves it: timers fire in the order of their times, then of their making. */
export class ManualClock implements Clock {
  #wall: number;
  #mono = 1_000;
  #order = 0;
  readonly #timers = new Set<Timer>();

  /** @param start wall clock, ms since the epoch. */
  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#wall = start;
  }

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#mono;
  }

  after(ms: number, callback: () => void): Stop {
    this.#order += 1;
    const timer = { at: this.#mono + Math.max(0, ms), order: this.#order, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** How many timers are running. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Moves both clocks on, firing what falls due on the way, timers made meanwhile included. */
  advance(ms: number): void {
    const end = this.#mono + ms;
    for (let timer = this.#due(end); timer !== null; timer = this.#due(end)) {
      this.#timers.delete(timer);
      const leftMs = Math.max(0, timer.at - this.#mono);
      this.#wall += leftMs;
      this.#mono += leftMs;
      timer.callback();
    }
    this.#wall += end - this.#mono;
    this.#mono = end;
  }

  /** Moves both clocks on while nothing happens, as when the process is suspended: what fell due is late. */
  standStill(ms: number): void {
    this.#wall += ms;
    this.#mono += ms;
  }

  /** Moves the wall clock alone, as a person, a time server or daylight saving would. */
  jump(ms: number): void {
    this.#wall += ms;
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
