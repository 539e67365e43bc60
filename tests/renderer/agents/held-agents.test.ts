import { describe, expect, it } from 'vitest';
import type { Breaker } from '../../../src-main/contract/breaker.ts';
import type { Event } from '../../../src-main/contract/event.ts';
import { breakerIdSchema } from '../../../src-main/contract/ids.ts';
import { breakerSubject, breakersOf, breakerWhy } from '../../../src-renderer/features/agents/breaker-words.ts';
import { stuckAttempts } from '../../../src-renderer/features/agents/stuck-attempts.ts';
import { agentDefinition } from '../../support/samples.ts';

function breaker(id: string, change: Partial<Breaker> = {}): Breaker {
  return {
    id: breakerIdSchema.parse(id),
    state: 'open',
    failuresInRow: 5,
    successesInRow: 0,
    opened: 1,
    retryAt: 60_000,
    lastFailure: { category: 'process', class: 'transient', message: 'It died.' } as never,
    stateSince: 0,
    ...change,
  };
}

describe('the circuit breakers of an agent', () => {
  const agent = agentDefinition({ provider: 'acme' });

  it('are its own and its provider’s, as far as they hold work back', () => {
    const own = breaker(`agent:${agent.id}`);
    const shared = breaker('provider:acme', { state: 'half_open' });
    const others = [breaker('agent:other'), breaker('provider:other')];
    expect(breakersOf(agent, [own, shared, ...others])).toEqual([own, shared]);
    expect(breakersOf(agent, [{ ...own, state: 'closed' }])).toEqual([]);
    const { provider: _, ...alone } = agent;
    expect(breakersOf(alone, [own, shared])).toEqual([own]);
  });

  it('say whose they are and why they are as they are', () => {
    expect(breakerSubject(breaker('agent:gemini'))).toBe('this agent');
    expect(breakerSubject(breaker('provider:acme'))).toBe('all agents of acme');
    expect(breakerWhy(breaker('agent:gemini'))).toBe('5 failures in a row. The last one: It died.');
    expect(breakerWhy(breaker('agent:gemini', { state: 'half_open', successesInRow: 1, lastFailure: null }))).toBe(
      '1 success so far. 5 failures in a row.',
    );
    expect(breakerWhy(breaker('agent:gemini', { failuresInRow: 0 }))).toBe('The last one: It died.');
  });
});

it('takes for stuck what the watchdog said last', () => {
  const event = (kind: string, attemptId: string) => ({ kind, attemptId }) as Event;
  const stuck = stuckAttempts([
    event('attempt.unstuck', 'awake'),
    event('attempt.stuck', 'asleep'),
    event('attempt.stuck', 'awake'),
    event('run.created', 'other'),
  ]);
  expect([...stuck.keys()]).toEqual(['asleep']);
});
