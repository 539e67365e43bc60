/** Time as links need it; tests pass one that they move by hand. */
export interface Timer {
  /** Wall clock, ms. */
  now(): number;
  /** Calls back once, after at least this long. @returns stops it. */
  after(ms: number, callback: () => void): () => void;
}

/** The browser's own time. */
export const windowTimer: Timer = {
  now: () => Date.now(),
  after(ms, callback) {
    const handle = setTimeout(callback, ms);
    return () => clearTimeout(handle);
  },
};
