import type { Breaker } from './breaker.ts';
import type { Event, NewEvent } from './event.ts';
import type { BreakerId } from './ids.ts';

function closed(id: BreakerId, at: number): Breaker {
  return {
    id,
    state: 'closed',
    failuresInRow: 0,
    successesInRow: 0,
    opened: 0,
    retryAt: null,
    lastFailure: null,
    stateSince: at,
  };
}

function moved(breaker: Breaker, to: Breaker['state'], at: number): Pick<Breaker, 'state' | 'stateSince'> {
  return { state: to, stateSince: breaker.state === to ? breaker.stateSince : at };
}

/**
 * Folds an event into the breaker it names.
 * @param breaker the breaker so far; null before its first failure, which is to say closed.
 */
export function evolveBreaker(breaker: Breaker | null, event: Event | NewEvent): Breaker | null {
  switch (event.kind) {
    case 'breaker.condensed':
      return event.row;
    case 'breaker.failed': {
      const before = breaker ?? closed(event.breakerId, event.at);
      const opens = event.to === 'open' && before.state !== 'open';
      return {
        ...before,
        ...moved(before, event.to, event.at),
        failuresInRow: before.failuresInRow + 1,
        successesInRow: 0,
        opened: before.opened + (opens ? 1 : 0),
        retryAt: event.retryAt,
        lastFailure: event.failure,
      };
    }
    case 'breaker.succeeded': {
      if (breaker === null) return null;
      if (event.to === 'closed') return { ...closed(breaker.id, event.at), ...moved(breaker, 'closed', event.at) };
      return { ...breaker, failuresInRow: 0, successesInRow: breaker.successesInRow + 1 };
    }
    case 'breaker.halfOpened':
      return breaker === null
        ? null
        : { ...breaker, ...moved(breaker, 'half_open', event.at), successesInRow: 0, retryAt: null };
    case 'breaker.reset':
      return breaker === null ? null : { ...closed(breaker.id, event.at), ...moved(breaker, 'closed', event.at) };
    default:
      return breaker;
  }
}
