import type { Agent, AgentDefinition } from '../contract/agent.ts';
import type { ProjectView } from '../contract/api-projects.ts';
import { breakerOfAgent } from '../contract/breaker.ts';
import type { AgentId } from '../contract/ids.ts';
import type { Breakers } from './breakers.ts';
import { removeRulesOf } from './permission-answers.ts';
import type { StoreUnit } from './ports.ts';
import type { ReadProject } from './ports-projects.ts';
import { settleIdle } from './recovery.ts';
import type { Moment } from './refusals.ts';

/** What has to be done so that the agents of a project are those of its files. */
export interface AgentChanges {
  readonly register: readonly AgentDefinition[];
  readonly remove: readonly AgentId[];
}

/**
 * Compares the registered agents with the files of a project. A file with faults, or a `.signalbox` folder that is away,
 * changes nothing; an agent whose file is gone stays until it has no live work.
 */
export function agentChanges(
  read: ReadProject,
  agents: readonly Agent[],
  liveOf: (agentId: AgentId) => number,
): AgentChanges {
  if (!read.isThere) return { register: [], remove: [] };
  const rows = new Map<string, Agent>(agents.map((agent) => [agent.id, agent]));
  const register = read.agents
    .map(({ definition }) => definition)
    .filter((definition) => {
      const row = rows.get(definition.id);
      if (row === undefined) return true;
      return row.definition.project === read.folder && JSON.stringify(row.definition) !== JSON.stringify(definition);
    });
  const named = new Set<AgentId>([...read.agents.map(({ definition }) => definition.id), ...read.faultyAgents]);
  const remove = agents
    .filter(({ id, definition }) => definition.project === read.folder && !named.has(id) && liveOf(id) === 0)
    .map(({ id }) => id);
  return { register, remove };
}

/** Carries changes out inside a unit of work. */
export function applyAgentChanges(unit: StoreUnit, breakers: Breakers, changes: AgentChanges, moment: Moment): void {
  for (const definition of changes.register) {
    const agentId = definition.id;
    unit.record([{ ...moment, kind: 'agent.registered', agentId, definition }]);
    // What failed before may be what was changed.
    breakers.reset(unit, breakerOfAgent(agentId), 'the agent was changed', moment);
    settleIdle(unit, agentId, { ...moment, actor: 'engine' });
  }
  for (const agentId of changes.remove) {
    removeRulesOf(unit, agentId, moment);
    breakers.reset(unit, breakerOfAgent(agentId), 'the agent was removed', moment);
    unit.record([{ ...moment, kind: 'agent.removed', agentId }]);
  }
}

/** Agents of a project whose id another source has already: they cannot be used. */
export function idConflicts(read: ReadProject, agents: readonly Agent[]): ProjectView['problems'] {
  return read.agents.flatMap(({ path, definition: { id } }) => {
    const other = agents.find((agent) => agent.id === id)?.definition;
    if (other === undefined || other.project === read.folder) return [];
    const whose = other.project === undefined ? 'registered here already' : `that of project ${other.project}`;
    const message = `An agent ${id} is ${whose}, so this one is not used; give its file another name`;
    return [{ path, problem: { severity: 'error' as const, message, line: 1, column: 1, path: 'id' } }];
  });
}
