import type { NotificationSettings } from '../../contract/desktop-settings.ts';

type QuietHours = NotificationSettings['quietHours'];

const minuteMs = 60_000;
/** Longer than any quiet hours, also over a change of daylight saving time. */
const mostMinutes = 50 * 60;

/**
 * When the quiet hours end in which a moment lies, by the machine's clock: the first minute that is not in them, so that
 * an hour which daylight saving time leaves out or repeats changes nothing of what a clock on the wall says.
 * @param at wall clock, ms. @returns null when they do not hold at that moment.
 */
export function quietUntil(hours: QuietHours, at: number): number | null {
  if (!isQuiet(hours, at)) return null;
  const usual = nextTime(hours.to, at);
  if (!isQuiet(hours, usual) && isQuiet(hours, usual - minuteMs)) return usual;
  // Only around a change of the clocks.
  const first = Math.floor(at / minuteMs) * minuteMs;
  for (let minute = 1; minute < mostMinutes; minute += 1) {
    const then = first + minute * minuteMs;
    if (!isQuiet(hours, then)) return then;
  }
  return null;
}

/** When a clock on the wall shows a time of day next, if it does. */
function nextTime(timeOfDay: string, at: number): number {
  const minutes = minutesOf(timeOfDay);
  const [today, tomorrow] = [new Date(at), new Date(at)];
  today.setHours(Math.floor(minutes / 60), minutes % 60, 0, 0);
  tomorrow.setDate(tomorrow.getDate() + 1);
  tomorrow.setHours(Math.floor(minutes / 60), minutes % 60, 0, 0);
  return today.getTime() > at ? today.getTime() : tomorrow.getTime();
}

function isQuiet({ on, from, to }: QuietHours, at: number): boolean {
  if (!on) return false;
  const time = new Date(at);
  const now = time.getHours() * 60 + time.getMinutes();
  const [begin, end] = [minutesOf(from), minutesOf(to)];
  return begin < end ? now >= begin && now < end : now >= begin || now < end;
}

function minutesOf(timeOfDay: string): number {
  const [hours, minutes] = timeOfDay.split(':');
  return Number(hours) * 60 + Number(minutes);
}
