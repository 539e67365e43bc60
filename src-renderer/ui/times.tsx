import { formatDuration, formatElapsed } from '../format/duration.ts';
import { formatAbsolute, formatRelative, relativeChangesIn } from '../format/time.ts';
import { usePreferences } from '../stores/preferences-store.ts';
import { useNow } from './use-now.ts';

/** A time as far from now as it is, with the time in full on hover; the other way round when the person prefers it. */
export function RelativeTime({ at }: { /** Wall clock, ms. */ readonly at: number }) {
  const { timestamps } = usePreferences();
  const now = useNow(timestamps === 'absolute' ? null : relativeChangesIn(at, Date.now()));
  const relative = formatRelative(at, now);
  const absolute = formatAbsolute(at);
  return (
    <time dateTime={new Date(at).toISOString()} title={timestamps === 'absolute' ? relative : absolute}>
      {timestamps === 'absolute' ? absolute : relative}
    </time>
  );
}

export interface DurationProps {
  /** When it began, ms; null: it has not begun, which is a dash. */
  readonly from: number | null;
  /** When it ended, ms; null: it goes on, and ticks. */
  readonly to: number | null;
}

/** How long something took, or has been going on. */
export function Duration({ from, to }: DurationProps) {
  const isLive = from !== null && to === null;
  const now = useNow(isLive ? 1_000 : null);
  if (from === null) return <span>–</span>;
  return <span>{isLive ? formatElapsed(now - from) : formatDuration((to ?? now) - from)}</span>;
}
