const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * A length of time in two units at most: `340 ms`, `4.2 s`, `2 min 05 s`, `3 h 20 min`, `2 d 4 h`.
 * @param ms null: not known, which is written as a dash.
 */
export function formatDuration(ms: number | null): string {
  if (ms === null) return '–';
  const length = Math.max(0, ms);
  if (length < second) return `${Math.round(length)} ms`;
  if (length < 10 * second) return `${(Math.floor(length / 100) / 10).toFixed(1)} s`;
  if (length < minute) return `${Math.floor(length / second)} s`;
  if (length < hour) return `${Math.floor(length / minute)} min ${pad((length % minute) / second)} s`;
  if (length < day) return `${Math.floor(length / hour)} h ${pad((length % hour) / minute)} min`;
  return `${Math.floor(length / day)} d ${Math.floor((length % day) / hour)} h`;
}

/** A length of time that is still growing: whole seconds, so that it ticks and does not flicker. */
export function formatElapsed(ms: number): string {
  return ms < 10 * second ? `${Math.floor(Math.max(0, ms) / second)} s` : formatDuration(ms);
}

function pad(value: number): string {
  return String(Math.floor(value)).padStart(2, '0');
}
