import type { AgentDefinition } from '../../../src-main/contract/agent.ts';
import type { Breaker } from '../../../src-main/contract/breaker.ts';
import { breakerOfAgent, breakerOfProvider } from '../../../src-main/contract/breaker.ts';
import { formatCounted } from '../../format/amount.ts';

/** The breakers that keep work from an agent now, or let only some of it through: its own, and its provider's. */
export function breakersOf(
  { id, provider }: Pick<AgentDefinition, 'id' | 'provider'>,
  breakers: readonly Breaker[],
): readonly Breaker[] {
  const own = [breakerOfAgent(id), ...(provider === undefined ? [] : [breakerOfProvider(provider)])];
  return breakers.filter((breaker) => breaker.state !== 'closed' && own.includes(breaker.id));
}

/** Whose breaker it is, in words. */
export function breakerSubject({ id }: Pick<Breaker, 'id'>): string {
  const [kind, name] = id.split(':');
  return kind === 'provider' ? `all agents of ${name}` : 'this agent';
}

/** Why it is as it is: `5 failures in a row. The last one: …`. */
export function breakerWhy({ failuresInRow, successesInRow, state, lastFailure }: Breaker): string {
  const passed = state === 'half_open' ? `${formatCounted(successesInRow, 'success', 'successes')} so far. ` : '';
  const counted = failuresInRow === 0 ? '' : `${formatCounted(failuresInRow, 'failure')} in a row. `;
  const last = lastFailure === null ? '' : `The last one: ${lastFailure.message}`;
  return `${passed}${counted}${last}`.trim();
}
