const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A length of time in words that keep their width while they grow: "0.4 s", "12 s", "3 m 05 s", "2 h 03 m", "4 d 1 h". */
export function durationWords(ms: number): string {
  const length = Math.max(0, ms);
  if (length < 10 * second) return `${(Math.floor(length / 100) / 10).toFixed(1)} s`;
  if (length < minute) return `${Math.floor(length / second)} s`;
  if (length < hour) return `${Math.floor(length / minute)} m ${two((length % minute) / second)} s`;
  if (length < day) return `${Math.floor(length / hour)} h ${two((length % hour) / minute)} m`;
  return `${Math.floor(length / day)} d ${Math.floor((length % day) / hour)} h`;
}

/** How long ago something was; a date when that says more. Times in the future (another clock) are "just now". */
export function agoWords(now: number, at: number): string {
  const ms = now - at;
  if (ms < 5 * second) return 'just now';
  if (ms < minute) return `${Math.floor(ms / second)} s ago`;
  if (ms < hour) return `${Math.floor(ms / minute)} min ago`;
  if (ms < day) return `${Math.floor(ms / hour)} h ago`;
  if (ms < 30 * day) return `${Math.floor(ms / day)} d ago`;
  return new Date(at).toISOString().slice(0, 10);
}

/** How far in the future something is. */
export function inWords(now: number, at: number): string {
  return at <= now ? 'now' : `in ${durationWords(at - now)}`;
}

/** A date and a time of day on this machine, to the second: "2026-01-06 06:00:00". */
export function dateWords(at: number): string {
  const time = new Date(at);
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

/** The time of day on this machine, to the millisecond, for lines that follow each other closely. */
export function clockWords(at: number): string {
  const time = new Date(at);
  const ms = String(time.getMilliseconds()).padStart(3, '0');
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${ms}`;
}

function two(value: number): string {
  return String(Math.floor(value)).padStart(2, '0');
}
