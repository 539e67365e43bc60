import { useMemo } from 'react';
import { useEntry } from '../../api/use-entry.ts';
import type { StuckAttempt } from './stuck-attempts.ts';
import { stuckAttempts } from './stuck-attempts.ts';

/** Far more than are stuck at once; one question for all cards of a view. */
const newestEvents = 200;

/** The attempts that do nothing, by the watchdog; some of them may have ended since. */
export function useStuckAttempts(): ReadonlyMap<string, StuckAttempt> {
  const { data } = useEntry('listEvents', {
    kinds: ['attempt.stuck', 'attempt.unstuck'],
    order: 'newest',
    limit: newestEvents,
  });
  return useMemo(() => stuckAttempts(data?.events ?? []), [data]);
}
