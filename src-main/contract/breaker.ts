import { z } from 'zod';
import { failureSchema } from './error-schemas.ts';
import type { AgentId, BreakerId } from './ids.ts';
import { breakerIdSchema } from './ids.ts';
import { breakerStates } from './states.ts';
import { timeSchema } from './values.ts';

/**
 * A circuit breaker: after failures in a row it opens, and work for its agent, or for all agents of its provider, waits
 * instead of failing too. After a while some work is let through; when that goes well it closes.
 * (M. Nygard, "Release It!", 2nd edition, chapter 5.)
 */
export const breakerSchema = z.object({
  id: breakerIdSchema,
  state: z.enum(breakerStates),
  failuresInRow: z.number().int(),
  /** Since it was half open. */
  successesInRow: z.number().int(),
  /** How often it has opened since it was closed. */
  opened: z.number().int(),
  /** When it is tried again; null unless it is open. */
  retryAt: timeSchema.nullable(),
  lastFailure: failureSchema.nullable(),
  stateSince: timeSchema,
});
export type Breaker = z.infer<typeof breakerSchema>;

/** The breaker of an agent. */
export function breakerOfAgent(agentId: AgentId): BreakerId {
  return `agent:${agentId}` as BreakerId;
}

/** The breaker of all agents of a provider. */
export function breakerOfProvider(provider: string): BreakerId {
  return `provider:${provider}` as BreakerId;
}
