export interface PulseOptions {
  /** How often the other end is asked for a sign of life, in ms. */
  readonly everyMs: number;
  readonly ask: () => void;
  /** Called once, when it was asked in vain several times; nothing is asked after that. */
  readonly silent: () => void;
}

/** Notices when the other end of a connection lives on as a process but answers nobody. */
export interface Pulse {
  /** To be called with everything that is heard. */
  heard(): void;
  stop(): void;
}

/** How many asks in a row may stay without a sound. They are counted, not timed: this process may have slept itself. */
const maxUnheard = 3;

/** Starts to ask. The other end counts as silent after four times `everyMs` without a sound, or up to one more. */
export function startPulse({ everyMs, ask, silent }: PulseOptions): Pulse {
  let unheard = 0;
  const timer = setInterval(() => {
    if (unheard < maxUnheard) {
      unheard += 1;
      ask();
      return;
    }
    clearInterval(timer);
    silent();
  }, everyMs);
  return {
    heard() {
      unheard = 0;
    },
    stop: () => clearInterval(timer),
  };
}
