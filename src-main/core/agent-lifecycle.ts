import type { Agent } from '../contract/agent.ts';
import type { NewEvent } from '../contract/event.ts';
import { crashesAfter } from '../contract/evolve-agent.ts';
import type { AgentId } from '../contract/ids.ts';
import type { Settings } from '../contract/settings.ts';
import type { AgentState } from '../contract/states.ts';
import { agentTransitions, mayFollow } from '../contract/states.ts';
import type { ProcessIdentity } from '../contract/task.ts';
import { mustRow } from './must-row.ts';
import type { StoreUnit } from './ports.ts';
import type { Moment } from './refusals.ts';

/** Moves an agent to a state, when the table lets it; it is left alone where it is already, or may not go. */
export function changeAgent(unit: StoreUnit, agentId: AgentId, to: AgentState, reason: string | null, moment: Moment) {
  const agent = unit.row('agent', agentId);
  if (agent === null || !mayFollow(agentTransitions, agent.state, to)) return;
  unit.record([{ ...moment, kind: 'agent.changed', agentId, to, reason }]);
}

/** An attempt takes a slot: an agent that was ready becomes busy. One that must be started first tells so itself. */
export function agentTaken(unit: StoreUnit, agent: Agent, moment: Moment): void {
  const persistent = agent.definition.protocol === 'acp';
  if (agent.state === 'idle' || (!persistent && agent.state !== 'busy')) {
    changeAgent(unit, agent.id, 'busy', null, moment);
  }
}

/**
 * An attempt gave its slot back. An agent without processes of its own that gave no sign of life is trusted again: what
 * was silent was killed. Of one that keeps its processes that is told when the silent one has ended.
 * @param left how many attempts the agent still holds.
 * @param good whether the attempt ended well: then earlier crashes are forgiven.
 * @returns whether this ended its draining: its processes are to be stopped.
 */
export function agentFreed(unit: StoreUnit, agentId: AgentId, left: number, good: boolean, moment: Moment): boolean {
  const agent = mustRow(unit, 'agent', agentId);
  if (good && agent.crashesInRow > 0) unit.record([{ ...moment, kind: 'agent.recovered', agentId }]);
  if (agent.definition.protocol !== 'acp') trustAgain(unit, agent, left, moment);
  if (left > 0) return false;
  if (agent.state === 'busy') changeAgent(unit, agentId, 'idle', null, moment);
  if (agent.state === 'draining') changeAgent(unit, agentId, 'stopped', agent.reason, moment);
  return agent.state === 'draining';
}

/** Ends the distrust in an agent that was silent. @param left how many attempts it still holds. */
function trustAgain(unit: StoreUnit, agent: Agent, left: number, moment: Moment): void {
  if (agent.state === 'unhealthy') changeAgent(unit, agent.id, left > 0 ? 'busy' : 'idle', null, moment);
}

/** An agent's process is being started. */
export function agentStarting(unit: StoreUnit, agentId: AgentId, moment: Moment): void {
  const agent = unit.row('agent', agentId);
  if (agent?.state === 'stopped' || agent?.state === 'crashed') changeAgent(unit, agentId, 'starting', null, moment);
}

/** An agent's process answered the handshake. */
export function agentReady(
  unit: StoreUnit,
  agentId: AgentId,
  ready: { readonly process: ProcessIdentity; readonly version: string | null; readonly live: number },
  moment: Moment,
): void {
  const agent = unit.row('agent', agentId);
  if (agent === null) return;
  const { process, version } = ready;
  unit.record([{ ...moment, kind: 'agent.processStarted', agentId, process, version }]);
  if (agent.state === 'starting' || agent.state === 'stopped' || agent.state === 'crashed') {
    changeAgent(unit, agentId, ready.live > 0 ? 'busy' : 'idle', null, moment);
  }
}

/**
 * An agent's process ended, or never became ready. After an unexpected end the agent is started again after a
 * delay that doubles with every crash in a row, and after too many of them only by a person.
 */
export function agentEnded(
  unit: StoreUnit,
  agentId: AgentId,
  end: { readonly process: ProcessIdentity | null; readonly expected: boolean; readonly reason: string },
  restart: Settings['restart'],
  moment: Moment,
): void {
  const agent = unit.row('agent', agentId);
  if (agent === null) return;
  const crashes = crashesAfter(agent, moment.at);
  const delay = Math.min(restart.maxDelayMs, restart.delayMs * 2 ** (crashes - 1));
  const restartAt = end.expected || crashes >= restart.maxCrashes ? null : moment.at + delay;
  const ended: NewEvent = { ...moment, kind: 'agent.processEnded', agentId, ...end, restartAt };
  unit.record([ended]);
  const after = mustRow(unit, 'agent', agentId);
  if (after.processes.length > 0) {
    if (end.expected) trustAgain(unit, after, unit.leaseCount(agentId), moment);
    return;
  }
  if (!end.expected) changeAgent(unit, agentId, 'crashed', end.reason, moment);
  else if (after.state !== 'crashed') changeAgent(unit, agentId, 'stopped', after.reason, moment);
}
