import { useCallback, useState } from 'react';
import { readStored, writeStored } from '../../ui/stored.ts';

const name = 'signalbox.overview.since';
/** How far back the first look goes, in ms: a day. */
const firstLookMs = 24 * 3_600_000;

export interface LastLook {
  /** When the person last said that they had seen everything, wall clock, ms. */
  readonly since: number;
  /** They never said so in this browser: `since` is a day ago. */
  readonly isFirst: boolean;
  /** Everything up to now is seen. */
  readonly markSeen: () => void;
}

/** When the person last looked, as this browser keeps it. The first look begins a day ago. */
export function useLastLook(): LastLook {
  const [{ since, isFirst }, setLook] = useState(() => {
    const stored = Number(readStored(name)?.[0]);
    const isStored = Number.isInteger(stored) && stored > 0;
    return { since: isStored ? stored : Date.now() - firstLookMs, isFirst: !isStored };
  });
  const markSeen = useCallback(() => {
    const now = Date.now();
    writeStored(name, [String(now)]);
    setLook({ since: now, isFirst: false });
  }, []);
  return { since, isFirst, markSeen };
}
