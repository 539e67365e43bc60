import { describe, expect, test } from 'vitest';
import type { Breaker } from '../../src-main/contract/breaker.ts';
import { breakerOfAgent, breakerOfProvider } from '../../src-main/contract/breaker.ts';
import type { NewEvent } from '../../src-main/contract/event.ts';
import { evolveBreaker } from '../../src-main/contract/evolve-breaker.ts';
import { breakerIdSchema } from '../../src-main/contract/ids.ts';
import { countingIds } from '../support/counting-ids.ts';
import { agentRow } from '../support/samples.ts';

const breakerId = breakerOfAgent(agentRow().id);
const attemptId = countingIds().attemptId();
const failure = { category: 'timeout' as const, class: 'transient' as const, message: 'too slow' };
const closed: Breaker = {
  id: breakerId,
  state: 'closed',
  failuresInRow: 0,
  successesInRow: 0,
  opened: 0,
  retryAt: null,
  lastFailure: null,
  stateSince: 10,
};
const open: Breaker = { ...closed, state: 'open', failuresInRow: 5, opened: 1, retryAt: 60, lastFailure: failure };
const halfOpen: Breaker = { ...open, state: 'half_open', retryAt: null };
const now = { at: 700, actor: 'engine' as const, breakerId };
const failed = (to: Breaker['state'], retryAt: number | null): NewEvent => ({
  ...now,
  kind: 'breaker.failed',
  attemptId,
  failure,
  to,
  retryAt,
});
const succeeded = (to: Breaker['state']): NewEvent => ({ ...now, kind: 'breaker.succeeded', attemptId, to });

test('R59 a breaker is named for its agent or provider', () => {
  expect(breakerId).toBe('agent:worker');
  expect(breakerIdSchema.parse(breakerOfProvider('anthropic'))).toBe('provider:anthropic');
  expect(breakerIdSchema.safeParse('anthropic').success).toBe(false);
});

describe('R59 an event changes a breaker:', () => {
  const cases: readonly [string, Breaker | null, NewEvent, Breaker | null][] = [
    [
      'the first failure makes it',
      null,
      failed('closed', null),
      { ...closed, failuresInRow: 1, lastFailure: failure, stateSince: 700 },
    ],
    ['a failure counts', closed, failed('closed', null), { ...closed, failuresInRow: 1, lastFailure: failure }],
    [
      'the last failure opens it',
      { ...closed, failuresInRow: 4 },
      failed('open', 900),
      { ...open, retryAt: 900, stateSince: 700 },
    ],
    [
      'a later time is kept, and is no further opening',
      open,
      failed('open', 950),
      { ...open, failuresInRow: 6, retryAt: 950 },
    ],
    [
      'a failure while it is half open opens it again',
      { ...halfOpen, successesInRow: 1 },
      failed('open', 900),
      { ...open, failuresInRow: 6, opened: 2, retryAt: 900, stateSince: 700 },
    ],
    ['half open, it forgets its time', open, { ...now, kind: 'breaker.halfOpened' }, { ...halfOpen, stateSince: 700 }],
    [
      'a success while it is half open counts',
      halfOpen,
      succeeded('half_open'),
      { ...halfOpen, failuresInRow: 0, successesInRow: 1 },
    ],
    ['the last success closes it, and all is forgotten', halfOpen, succeeded('closed'), { ...closed, stateSince: 700 }],
    ['a success ends failures in a row', { ...closed, failuresInRow: 3 }, succeeded('closed'), closed],
    ['a person closes it', open, { ...now, kind: 'breaker.reset', reason: 'repaired' }, { ...closed, stateSince: 700 }],
    ['what came before may be forgotten', null, { ...now, kind: 'breaker.condensed', row: open }, open],
    ['a success of none makes none', null, succeeded('closed'), null],
    ['none does not become half open', null, { ...now, kind: 'breaker.halfOpened' }, null],
    ['none is not reset', null, { ...now, kind: 'breaker.reset', reason: 'repaired' }, null],
    ['another event leaves it', open, { at: 1, actor: 'engine', kind: 'engine.thawed', reason: 'on' }, open],
  ];
  test.each(cases)('%s', (_, before, event, after) => {
    expect(evolveBreaker(before, event)).toEqual(after);
  });
});
