import type { Agent } from './agent.ts';
import type { Approval } from './approval.ts';
import type { Event, NewEvent } from './event.ts';
import type { AgentState } from './states.ts';
import type { ProcessIdentity } from './task.ts';
import type { Actor } from './values.ts';

/** Whether two identities name the same process: a reused PID has another start mark. */
export function isSameProcess(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return a.pid === b.pid && a.startMark === b.startMark;
}

/**
 * How many crashes in a row there are once a process has died. Processes that die before the agent may be started again
 * belong to the crash that was counted: an agent with eight of them has not crashed eight times.
 * @param at wall clock, ms.
 */
export function crashesAfter(agent: Agent, at: number): number {
  const isSameCrash = agent.restartAt !== null && at < agent.restartAt;
  return isSameCrash ? agent.crashesInRow : agent.crashesInRow + 1;
}

/**
 * A person's stop lasts until a person's start, and enabling is such a start. The engine's own stops (idle, restart)
 * change nothing.
 */
function wantsWork(agent: Agent, to: AgentState, actor: Actor): boolean {
  if (actor !== 'person') return agent.startsOnDemand;
  return agent.state === 'disabled' || (to !== 'stopped' && to !== 'draining' && to !== 'disabled');
}

/**
 * Folds an event into the agent it names.
 * @param agent the agent so far; null before `agent.registered`.
 * @returns null after `agent.removed`.
 */
export function evolveAgent(agent: Agent | null, event: Event | NewEvent): Agent | null {
  if (event.kind === 'agent.condensed') return event.row;
  if (event.kind === 'agent.registered') {
    if (agent !== null) return { ...agent, definition: event.definition };
    return {
      id: event.agentId,
      definition: event.definition,
      state: 'stopped',
      reason: null,
      version: null,
      processes: [],
      startsOnDemand: true,
      crashesInRow: 0,
      restarts: 0,
      restartAt: null,
      registeredAt: event.at,
      stateSince: event.at,
    };
  }
  if (agent === null) return null;
  switch (event.kind) {
    case 'agent.removed':
      return null;
    case 'agent.changed':
      return {
        ...agent,
        state: event.to,
        reason: event.reason,
        stateSince: event.at,
        startsOnDemand: wantsWork(agent, event.to, event.actor),
      };
    case 'agent.processStarted':
      return {
        ...agent,
        processes: [...agent.processes, event.process],
        version: event.version ?? agent.version,
        restarts: agent.restarts + (agent.crashesInRow > 0 ? 1 : 0),
        restartAt: null,
      };
    case 'agent.processEnded': {
      const ended = event.process;
      return {
        ...agent,
        processes: agent.processes.filter((process) => ended === null || !isSameProcess(process, ended)),
        crashesInRow: event.expected ? agent.crashesInRow : crashesAfter(agent, event.at),
        restartAt: event.expected ? agent.restartAt : event.restartAt,
      };
    }
    case 'agent.recovered':
      return { ...agent, crashesInRow: 0, restartAt: null };
    default:
      return agent;
  }
}

/**
 * Folds an event into the approval it names.
 * @param approval the approval so far; null before `approval.requested`.
 */
export function evolveApproval(approval: Approval | null, event: Event | NewEvent): Approval | null {
  if (event.kind === 'approval.requested') {
    return {
      id: event.approvalId,
      runId: event.runId,
      stage: event.stage,
      question: event.question,
      state: 'open',
      onTimeout: event.onTimeout,
      expiresAt: event.expiresAt,
      requestedAt: event.at,
      answeredAt: null,
      comment: null,
    };
  }
  if (approval === null || event.kind !== 'approval.answered') return approval;
  return { ...approval, state: event.answer, answeredAt: event.at, comment: event.comment };
}
