const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** A range of time that ends now, in equal parts. */
export interface MetricRange {
  readonly id: string;
  readonly label: string;
  /** In ms. */
  readonly lengthMs: number;
  /** Length of one part, in ms; the range is a whole number of them. */
  readonly partMs: number;
}

/** The ranges that are offered, shortest first. */
export const metricRanges: readonly MetricRange[] = [
  { id: '15m', label: '15 min', lengthMs: 15 * minute, partMs: minute / 4 },
  { id: '1h', label: '1 h', lengthMs: hour, partMs: minute },
  { id: '24h', label: '24 h', lengthMs: day, partMs: hour / 4 },
  { id: '7d', label: '7 d', lengthMs: 7 * day, partMs: 2 * hour },
];

/** What is asked of the engine: the input of `getMetrics`. Times in ms. */
export interface AskedMetrics {
  readonly from: number;
  readonly to: number;
  readonly buckets: number;
}

/**
 * A range up to now. It ends where the part that now belongs to ends, so that parts stay the same while they fill, and
 * the question stays the same for the length of one part.
 */
export function rangeUpTo(now: number, { lengthMs, partMs }: MetricRange): AskedMetrics {
  const to = Math.floor(now / partMs) * partMs + partMs;
  return { from: to - lengthMs, to, buckets: lengthMs / partMs };
}

/** How many parts a range has that a person chose. */
const customParts = 60;

/** A range that a person chose, from the texts of two fields (local time); or why it is none. */
export function customRange(
  from: string | null,
  to: string | null,
): { readonly asked: AskedMetrics; readonly fault: null } | { readonly asked: null; readonly fault: string } {
  const start = Date.parse(from ?? '');
  const end = Date.parse(to ?? '');
  if (Number.isNaN(start)) return { asked: null, fault: 'Choose when the range begins.' };
  if (Number.isNaN(end)) return { asked: null, fault: 'Choose when the range ends.' };
  if (start >= end) return { asked: null, fault: 'The range must begin before it ends.' };
  return { asked: { from: start, to: end, buckets: customParts }, fault: null };
}

/** A time as a `datetime-local` field wants it, in local time to the minute. */
export function fieldTime(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * minute);
  return local.toISOString().slice(0, 16);
}
