import type { Event, EventOf } from '../../../src-main/contract/event.ts';

/** What the watchdog said last of an attempt that does nothing. */
export type StuckAttempt = EventOf<'attempt.stuck'>;

/** The attempts of which the watchdog said last that they do nothing. @param events newest first */
export function stuckAttempts(events: readonly Event[]): ReadonlyMap<string, StuckAttempt> {
  const stuck = new Map<string, StuckAttempt>();
  const told = new Set<string>();
  for (const event of events) {
    if (event.kind !== 'attempt.stuck' && event.kind !== 'attempt.unstuck') continue;
    if (!told.has(event.attemptId) && event.kind === 'attempt.stuck') stuck.set(event.attemptId, event);
    told.add(event.attemptId);
  }
  return stuck;
}
