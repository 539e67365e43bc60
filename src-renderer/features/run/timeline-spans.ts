/** What a stretch of time was spent on. */
export type SpanKind = 'work' | 'queue' | 'person' | 'paused';

/** A stretch of time, wall clock in ms; `to` null: it goes on. */
export interface Span {
  readonly kind: SpanKind;
  readonly from: number;
  readonly to: number | null;
}

/** What the axis shows: from one time to a later one, ms. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** Where a bar is on its track, in per cent of its width. */
export interface Place {
  readonly left: number;
  readonly width: number;
}

/**
 * Takes holes out of a span and puts them in as spans of their own: work, in which a person was waited for.
 * Holes may overlap each other and reach over the ends; of two that overlap the earlier one counts.
 */
export function carve(base: Span, holes: readonly Span[]): Span[] {
  const end = base.to ?? Number.POSITIVE_INFINITY;
  const spans: Span[] = [];
  let at = base.from;
  for (const hole of holes.toSorted((a, b) => a.from - b.from)) {
    const from = Math.max(at, hole.from);
    const to = Math.min(end, hole.to ?? Number.POSITIVE_INFINITY);
    if (from >= to) continue;
    if (from > at) spans.push({ kind: base.kind, from: at, to: from });
    spans.push({ kind: hole.kind, from, to: Number.isFinite(to) ? to : null });
    at = to;
  }
  if (at < end || spans.length === 0) spans.push({ kind: base.kind, from: at, to: base.to });
  return spans;
}

/** How long each kind took together, ms; spans that go on are taken up to now. */
export function totalsOf(spans: readonly Span[], now: number): Readonly<Record<SpanKind, number>> {
  const totals = { work: 0, queue: 0, person: 0, paused: 0 };
  for (const { kind, from, to } of spans) totals[kind] += Math.max(0, (to ?? now) - from);
  return totals;
}

/** Where a span is in a window; null: it is outside of it. */
export function placeSpan(span: Span, window: TimeWindow, now: number): Place | null {
  const to = span.to ?? Math.max(now, span.from);
  if (to < window.from || span.from > window.to) return null;
  const length = window.to - window.from;
  const left = ((Math.max(span.from, window.from) - window.from) / length) * 100;
  const right = ((Math.min(to, window.to) - window.from) / length) * 100;
  return { left, width: right - left };
}

/** The window that shows all of the spans, with a little room at the end; never empty. */
export function fitWindow(spans: readonly Span[], now: number): TimeWindow {
  if (spans.length === 0) return { from: now - 1_000, to: now };
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const span of spans) {
    from = Math.min(from, span.from);
    to = Math.max(to, span.to ?? now);
  }
  const length = Math.max(100, to - from);
  return { from, to: from + length * 1.02 };
}

/** The shortest window that can be looked at, ms. */
const shortestMs = 20;

/** A window made shorter (factor below 1) or longer around its middle, within the whole. */
export function zoomWindow(window: TimeWindow, factor: number, whole: TimeWindow): TimeWindow {
  const length = Math.min(whole.to - whole.from, Math.max(shortestMs, (window.to - window.from) * factor));
  const middle = (window.from + window.to) / 2;
  return moveInto({ from: middle - length / 2, to: middle + length / 2 }, whole);
}

/** A window moved by a share of its length, within the whole. */
export function panWindow(window: TimeWindow, share: number, whole: TimeWindow): TimeWindow {
  const by = (window.to - window.from) * share;
  return moveInto({ from: window.from + by, to: window.to + by }, whole);
}

function moveInto(window: TimeWindow, whole: TimeWindow): TimeWindow {
  const length = window.to - window.from;
  const from = Math.max(whole.from, Math.min(window.from, whole.to - length));
  return { from, to: from + length };
}

const steps = [
  5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000,
  1_800_000, 3_600_000, 7_200_000, 14_400_000, 43_200_000, 86_400_000,
];

/** A mark of the axis: how long after the beginning, ms, and where, in per cent. */
export interface Tick {
  readonly offsetMs: number;
  readonly left: number;
  readonly label: string;
}

/** Marks at round lengths of time since the beginning, at most `most` of them. */
export function ticksOf(window: TimeWindow, beginning: number, most: number): Tick[] {
  const length = window.to - window.from;
  const largest = steps.at(-1) ?? 1;
  const step = steps.find((each) => length / each <= most) ?? Math.ceil(length / most / largest) * largest;
  const ticks: Tick[] = [];
  const first = Math.ceil((window.from - beginning) / step) * step;
  for (let offsetMs = first; beginning + offsetMs <= window.to; offsetMs += step) {
    const left = ((beginning + offsetMs - window.from) / length) * 100;
    ticks.push({ offsetMs, left, label: offsetLabel(offsetMs, step) });
  }
  return ticks;
}

/** A length of time on an axis, only as exact as its marks: `250 ms`, `1.5 s`, `12 s`, `3:30`, `2 h 05`. */
export function offsetLabel(offsetMs: number, step: number): string {
  if (offsetMs === 0) return '0';
  const seconds = offsetMs / 1_000;
  if (step < 1_000) return seconds < 1 ? `${offsetMs} ms` : `${Number(seconds.toFixed(3))} s`;
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  const pad = (value: number) => String(value).padStart(2, '0');
  if (minutes < 60) return step < 60_000 ? `${minutes}:${pad(Math.floor(seconds % 60))}` : `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)}`;
}
