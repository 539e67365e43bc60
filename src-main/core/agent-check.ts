import type { Agent } from '../contract/agent.ts';
import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';
import type { AgentSelector } from '../contract/workflow.ts';
import { matchesSelector } from './agent-roster.ts';
import { nearestName } from './nearest-name.ts';

/** A selector in words. */
export function nameSelector(selector: AgentSelector): string {
  const who = selector.id === undefined ? `agent type ${selector.type}` : `agent ${selector.id}`;
  return selector.capabilities.length === 0 ? who : `${who} with ${selector.capabilities.join(', ')}`;
}

/** Refuses a selector that no registered agent matches; it names what is missing, and what is there. */
export function checkSelector(
  agents: readonly Agent[],
  selector: AgentSelector,
  field: string,
): Result<null, ApiError> {
  if (agents.some((agent) => matchesSelector(agent, selector))) return ok(null);
  const byId = selector.id !== undefined;
  const known = [...new Set(agents.map((agent) => (byId ? agent.id : agent.definition.type)))].sort();
  const wanted = selector.id ?? String(selector.type);
  const nearest = known.includes(wanted) ? null : nearestName(wanted, known);
  const hint = nearest === null ? '' : ` Did you mean ${nearest}?`;
  return refuse(
    'invalidInput',
    `No agent matches ${nameSelector(selector)}.${hint}`,
    `Use one of: ${known.join(', ') || 'none yet'}; or add an agent: signalbox agents add`,
    { field },
  );
}
