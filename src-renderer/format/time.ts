const absolute = new Intl.DateTimeFormat(undefined, {
  year: 'numeric',
  month: 'short',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
});
const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
});

const minute = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hour12: false });
const timeOfDay = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const dayOnly = new Intl.DateTimeFormat(undefined, { month: 'short', day: '2-digit' });

const units = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
  { name: 's', ms: 1_000 },
] as const;

/** A time as far from now as it is, in one unit: `just now`, `42 s ago`, `3 h ago`, `in 5 min`. Times in ms. */
export function formatRelative(at: number, now: number): string {
  const distance = Math.abs(now - at);
  const unit = units.find(({ ms }) => distance >= ms);
  if (unit === undefined || distance < 2_000) return 'just now';
  const words = `${Math.floor(distance / unit.ms)} ${unit.name}`;
  return at > now ? `in ${words}` : `${words} ago`;
}

/** A time in full, in the person's language and zone. */
export function formatAbsolute(at: number): string {
  return absolute.format(at);
}

/** The time of day with seconds. */
export function formatClock(at: number): string {
  return clock.format(at);
}

/** A time on an axis whose marks are `stepMs` apart: only as exact as they are. */
export function formatTick(at: number, stepMs: number): string {
  if (stepMs >= 86_400_000) return dayOnly.format(at);
  return stepMs >= 60_000 ? minute.format(at) : clock.format(at);
}

/** A time of a day that is not far, with the time of day as {@link formatTimeOfDay} writes it: `Nov 22, 08:00`. */
export function formatDayAndTime(at: number): string {
  return `${dayOnly.format(at)}, ${timeOfDay.format(at)}`;
}

/** A time of day such as `22:00` as the person's language writes it, which is how its field shows it. */
export function formatTimeOfDay(time: string): string {
  const [hours, minutes] = time.split(':');
  return timeOfDay.format(new Date(2000, 0, 1, Number(hours), Number(minutes)));
}

/** In how many ms the words of {@link formatRelative} may change. */
export function relativeChangesIn(at: number, now: number): number {
  const distance = Math.abs(now - at);
  if (distance < 60_000) return 1_000;
  return distance < 3_600_000 ? 30_000 : 300_000;
}
