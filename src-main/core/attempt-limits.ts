import type { TaskSpec } from '../contract/task.ts';
import type { Clock, Stop } from './ports.ts';

/** The limits that may end an attempt. */
export type Limit = 'start' | 'run' | 'idle';

/**
 * Watches how long an attempt takes. While its agent waits for a person neither the time it may run nor the time it
 * may be silent passes: a person who is away is no fault of the agent's. The timers end with `end`.
 */
export class AttemptLimits {
  readonly #clock: Clock;
  readonly #timeouts: TaskSpec['timeouts'];
  readonly #reached: (limit: Limit, limitMs: number) => void;
  readonly #timers = new Map<Limit, Stop>();
  #runs = false;
  #watchesIdle = true;
  /** How many questions wait for a person. */
  #waits = 0;
  #runLeftMs: number;
  #runSince = 0;

  /** @param options.reached told once at most for each limit; the timers are the caller's to end. */
  constructor(options: {
    readonly clock: Clock;
    readonly timeouts: TaskSpec['timeouts'];
    readonly reached: (limit: Limit, limitMs: number) => void;
  }) {
    this.#clock = options.clock;
    this.#timeouts = options.timeouts;
    this.#reached = options.reached;
    this.#runLeftMs = options.timeouts.runMs;
  }

  /** The attempt is being started. */
  starting(): void {
    this.#arm('start', this.#timeouts.startMs, this.#timeouts.startMs);
  }

  /** It runs. */
  started(): void {
    this.#disarm('start');
    this.#runs = true;
    this.#go();
  }

  /** It did something. */
  active(): void {
    const { idleMs } = this.#timeouts;
    if (idleMs > 0 && this.#runs && this.#watchesIdle && this.#waits === 0) this.#arm('idle', idleMs, idleMs);
  }

  /** Silence no longer counts: its gates are checked, which have limits of their own. */
  ignoreIdle(): void {
    this.#watchesIdle = false;
    this.#disarm('idle');
  }

  /** It waits for a person, perhaps for several answers at once. */
  suspend(): void {
    this.#waits += 1;
    if (this.#waits > 1 || !this.#runs) return;
    this.#runLeftMs -= this.#clock.monotonic() - this.#runSince;
    this.#disarm('run');
    this.#disarm('idle');
  }

  /** One answer has come; with the last one time goes on. */
  resume(): void {
    this.#waits -= 1;
    this.#go();
  }

  /** Nothing is watched any more. */
  end(): void {
    this.#runs = false;
    for (const limit of [...this.#timers.keys()]) this.#disarm(limit);
  }

  #go(): void {
    if (!this.#runs || this.#waits > 0) return;
    this.#runSince = this.#clock.monotonic();
    this.#arm('run', Math.max(0, this.#runLeftMs), this.#timeouts.runMs);
    this.active();
  }

  #arm(limit: Limit, afterMs: number, limitMs: number): void {
    this.#disarm(limit);
    this.#timers.set(
      limit,
      this.#clock.after(afterMs, () => this.#reached(limit, limitMs)),
    );
  }

  #disarm(limit: Limit): void {
    this.#timers.get(limit)?.();
    this.#timers.delete(limit);
  }
}
