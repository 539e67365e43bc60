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

/**
 * Refuses a selector that no registered agent matches; it names what is missing, and what is there.
 * @param project of the work: agents that other projects bring do not count. Null: none.
 */
export function checkSelector(
  agents: readonly Agent[],
  selector: AgentSelector,
  field: string,
  project: string | null,
): Result<null, ApiError> {
  if (agents.some((agent) => matchesSelector(agent, selector, project))) return ok(null);
  const elsewhere = agents.find((agent) => matchesSelector(agent, selector, agent.definition.project));
  if (elsewhere !== undefined) return ofAnotherProject(elsewhere, field);
  const usable = agents.filter(({ definition }) => definition.project === undefined || definition.project === project);
  const byId = selector.id !== undefined;
  const known = [...new Set(usable.map((agent) => (byId ? agent.id : agent.definition.type)))].sort();
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

function ofAnotherProject({ id, definition }: Agent, field: string) {
  return refuse(
    'invalidInput',
    `Agent ${id} comes with project ${definition.project}, and gets work in that folder only.`,
    `Do the work in ${definition.project} (--folder), or name another agent.`,
    { field },
  );
}
