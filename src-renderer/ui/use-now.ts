import { useEffect, useState } from 'react';

/**
 * The wall clock, which ticks. One component, one timer, none while it is not shown.
 * @param everyMs how often; null: it stands still.
 */
export function useNow(everyMs: number | null): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (everyMs === null) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
