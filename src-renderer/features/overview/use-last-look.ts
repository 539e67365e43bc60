import { useCallback, useState } from 'react';
import { readStored, writeStored } from '../../ui/stored.ts';

const name = 'signalbox.overview.since';
/** How far back the first look goes, in ms: a day. */
const firstLookMs = 24 * 3_600_000;

export interface LastLook {
  /** When the person last said that they had seen everything, wall clock, ms. */
  readonly since: number;
  /** Everything up to now is seen. */
  readonly markSeen: () => void;
}

/** When the person last looked, as this browser keeps it. The first look begins a day ago. */
export function useLastLook(): LastLook {
  const [since, setSince] = useState(() => {
    const stored = Number(readStored(name)?.[0]);
    return Number.isInteger(stored) && stored > 0 ? stored : Date.now() - firstLookMs;
  });
  const markSeen = useCallback(() => {
    const now = Date.now();
    writeStored(name, [String(now)]);
    setSince(now);
  }, []);
  return { since, markSeen };
}
