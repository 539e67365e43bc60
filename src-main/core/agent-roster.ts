import type { Agent } from '../contract/agent.ts';
import type { AgentId } from '../contract/ids.ts';
import { liesIn } from '../contract/project.ts';
import type { Task } from '../contract/task.ts';
import type { AgentSelector } from '../contract/workflow.ts';

/** How many attempts are live, in total, per agent type and per agent. */
export interface LiveCounts {
  readonly total: number;
  ofType(type: string): number;
  ofAgent(agentId: AgentId): number;
}

/** The limits of settings: in total, and for the types that have one. */
export interface SlotLimits {
  readonly total: number;
  readonly perType: Readonly<Record<string, number>>;
}

/**
 * Whether an agent is one that the selector asks for, whatever its state.
 * @param project of the work: an agent that a project brings gets none but that project's. Null or undefined: none.
 */
export function matchesSelector(agent: Agent, selector: AgentSelector, project: string | null | undefined): boolean {
  const { definition } = agent;
  return (
    (definition.project === undefined || definition.project === project) &&
    (selector.id === undefined || selector.id === agent.id) &&
    (selector.type === undefined || selector.type === definition.type) &&
    selector.capabilities.every((capability) => definition.capabilities.includes(capability))
  );
}

/** What may keep work from an agent that is well by itself. */
export interface AgentGuard {
  /** Why it gets no more work, in words; null when it does. `now`: wall clock, ms. */
  heldBecause(agent: Agent, now: number): string | null;
}

/**
 * Why an agent takes no work now, in words; null when it does. Slots are not looked at.
 * @param now wall clock, ms.
 */
export function unavailableBecause(agent: Agent, now: number, guard: AgentGuard): string | null {
  return stateBecause(agent, now) ?? guard.heldBecause(agent, now);
}

function stateBecause(agent: Agent, now: number): string | null {
  switch (agent.state) {
    case 'stopped':
      return agent.startsOnDemand
        ? null
        : `agent ${agent.id} was stopped by a person (${agent.reason ?? 'no reason given'})`;
    case 'draining':
    case 'disabled':
    case 'unhealthy':
      return `agent ${agent.id} is ${agent.state}${agent.reason === null ? '' : ` (${agent.reason})`}`;
    case 'crashed':
      if (agent.restartAt !== null && agent.restartAt <= now) return null;
      return agent.restartAt === null
        ? `agent ${agent.id} crashed ${agent.crashesInRow} times in a row and waits for a person to start it (${agent.reason ?? 'no reason kept'})`
        : `agent ${agent.id} crashed and is started again in ${Math.ceil((agent.restartAt - now) / 1000)} s`;
    default:
      return null;
  }
}

/** How many more attempts an agent may take now: its own slots, its type's limit and the total considered. */
export function freeSlots(agent: Agent, live: LiveCounts, limits: SlotLimits): number {
  const { type, slots } = agent.definition;
  const ofType = Object.hasOwn(limits.perType, type) ? limits.perType[type] : undefined;
  const typeLimit = ofType ?? limits.total;
  return Math.max(
    0,
    Math.min(slots - live.ofAgent(agent.id), typeLimit - live.ofType(type), limits.total - live.total),
  );
}

function knowsFolder(agent: Agent, folder: string): boolean {
  return agent.definition.repositories.some((repository) => liesIn(folder, repository.replace(/[/\\]+$/, '')));
}

/** Those that a project brings get no other work, so that they are the nearest to any that they may take. */
function nearness(agent: Agent, folder: string): number {
  return agent.definition.project === undefined ? Number(knowsFolder(agent, folder)) : 2;
}

/**
 * Chooses the agent for a task among those that may take it (`first` and the `others`): one that the task's project
 * brings first, then one that knows its repository, then the one that was used longest ago.
 * @param lastUsed a number that rises with every use; 0 for an agent that was never used.
 */
export function selectAgent<T extends { readonly agent: Agent }>(
  first: T,
  others: readonly T[],
  task: Task,
  lastUsed: (agentId: AgentId) => number,
): T {
  const { folder } = task.spec;
  let best = first;
  for (const other of others) {
    const nearer = nearness(other.agent, folder) - nearness(best.agent, folder);
    if (nearer > 0 || (nearer === 0 && lastUsed(other.agent.id) < lastUsed(best.agent.id))) best = other;
  }
  return best;
}
