import { systemClock } from '../engine/system-clock.ts';

/** Time, as the desktop's parts need it. */
export interface DesktopClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once, after at least this long. @returns stops it. */
  after(ms: number, callback: () => void): () => void;
}

/** The machine's own time. */
export const desktopClock: DesktopClock = systemClock;
