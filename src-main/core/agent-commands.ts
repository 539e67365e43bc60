import type { Agent } from '../contract/agent.ts';
import type { ApiOutput, ApiParsedInput } from '../contract/api.ts';
import type { Breaker } from '../contract/breaker.ts';
import { breakerOfAgent } from '../contract/breaker.ts';
import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { AgentId, BreakerId } from '../contract/ids.ts';
import { defaultTimeouts } from '../contract/policies.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';
import type { AgentState } from '../contract/states.ts';
import { agentTransitions, mayFollow } from '../contract/states.ts';
import { changeAgent } from './agent-lifecycle.ts';
import type { AttemptRunner } from './attempt-runner.ts';
import type { Breakers } from './breakers.ts';
import type { CommandDesk } from './command-desk.ts';
import { notFound } from './command-desk.ts';
import { nameOfBreaker } from './decide-breaker.ts';
import type { LiveAttempts } from './live-attempts.ts';
import { mustRow } from './must-row.ts';
import { removeRulesOf } from './permission-answers.ts';
import type { AgentLauncher, Clock, Store, StoreUnit } from './ports.ts';
import { settleIdle } from './recovery.ts';
import type { Moment } from './refusals.ts';

export interface AgentCommandDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly desk: CommandDesk;
  readonly launcher: AgentLauncher;
  readonly live: LiveAttempts;
  readonly runner: AttemptRunner;
  readonly breakers: Breakers;
  /** Something may be claimable now. */
  readonly nudge: () => void;
}

/** Registering agents, starting and stopping them by hand, and closing their circuit breakers. */
export class AgentCommands {
  readonly #deps: AgentCommandDeps;

  constructor(deps: AgentCommandDeps) {
    this.#deps = deps;
  }

  /** Adds an agent, or changes one; a change counts from its next process on. */
  async saveAgent(definition: ApiParsedInput<'saveAgent'>): Promise<Result<Agent, ApiError>> {
    const agentId = definition.id;
    const result = await this.#deps.desk.run('saveAgent', { agentId }, (unit, moment) => {
      const row = unit.row('agent', agentId);
      if (definition.builtin || row?.definition.builtin) return builtinRefused(agentId);
      const project = row?.definition.project ?? definition.project;
      if (project !== undefined) return ofProjectRefused(agentId, project);
      unit.record([{ ...moment, kind: 'agent.registered', agentId, definition }]);
      // What failed before may be what was changed.
      this.#deps.breakers.reset(unit, breakerOfAgent(agentId), 'the agent was changed', moment);
      settleIdle(unit, agentId, { ...moment, actor: 'engine' });
      return ok(mustRow(unit, 'agent', agentId));
    });
    if (result.ok) this.#deps.nudge();
    return result;
  }

  async removeAgent({ agentId }: ApiParsedInput<'removeAgent'>): Promise<Result<ApiOutput<'removeAgent'>, ApiError>> {
    const { desk, live, launcher } = this.#deps;
    const stopped = await desk.run('removeAgent', { agentId }, (unit, moment) => {
      const row = unit.row('agent', agentId);
      if (row === null) return notFound('agent', agentId);
      if (row.definition.builtin) return builtinRefused(agentId);
      if (row.definition.project !== undefined) return ofProjectRefused(agentId, row.definition.project);
      if (live.ofAgent(agentId) > 0) {
        return refuse(
          'refused',
          `Agent ${agentId} cannot be removed: it holds ${live.ofAgent(agentId)} live attempts.`,
          `Let them end first: signalbox agents drain ${agentId}`,
        );
      }
      removeRulesOf(unit, agentId, moment);
      this.#deps.breakers.reset(unit, breakerOfAgent(agentId), 'the agent was removed', moment);
      unit.record([{ ...moment, kind: 'agent.removed', agentId }]);
      return ok({});
    });
    if (stopped.ok) await launcher.stopAgent(agentId, defaultTimeouts.stopMs);
    return stopped;
  }

  /** Starts a stopped or crashed agent, and answers when it is ready or has failed to become so. */
  async startAgent({ agentId }: ApiParsedInput<'startAgent'>): Promise<Result<Agent, ApiError>> {
    const { launcher, nudge } = this.#deps;
    const allowed = await this.#change('startAgent', agentId, (unit, agent, moment) => {
      if (agent.state === 'disabled' || agent.state === 'draining') return stateRefused(agent, 'started');
      const down = agent.state === 'stopped' || agent.state === 'crashed';
      const persistent = agent.definition.protocol === 'acp';
      this.#deps.breakers.reset(unit, breakerOfAgent(agentId), 'the agent was started by a person', moment);
      if (down) changeAgent(unit, agentId, persistent ? 'starting' : 'idle', null, moment);
      return ok(null);
    });
    if (!allowed.ok) return allowed;
    const started = await launcher.startAgent(allowed.value.definition);
    if (!started.ok) {
      const { message, remedy } = started.error;
      return refuse(
        'unavailable',
        `Agent ${agentId} did not start: ${message}`,
        remedy ?? 'Look at its command and its log.',
      );
    }
    nudge();
    return this.#read('startAgent', agentId);
  }

  drainAgent({ agentId, reason }: ApiParsedInput<'drainAgent'>): Promise<Result<Agent, ApiError>> {
    return this.#stop(
      'drainAgent',
      agentId,
      this.#deps.live.ofAgent(agentId) > 0 ? 'draining' : 'stopped',
      reason,
      false,
    );
  }

  stopAgent({ agentId, reason }: ApiParsedInput<'stopAgent'>): Promise<Result<Agent, ApiError>> {
    return this.#stop('stopAgent', agentId, 'stopped', reason, true);
  }

  disableAgent({ agentId, reason }: ApiParsedInput<'disableAgent'>): Promise<Result<Agent, ApiError>> {
    return this.#stop('disableAgent', agentId, 'disabled', reason, true);
  }

  async enableAgent({ agentId }: ApiParsedInput<'enableAgent'>): Promise<Result<Agent, ApiError>> {
    const result = await this.#change('enableAgent', agentId, (unit, agent, moment) => {
      if (agent.state !== 'disabled') return enableRefused(agent);
      changeAgent(unit, agentId, 'stopped', null, moment);
      settleIdle(unit, agentId, { ...moment, actor: 'engine' });
      return ok(null);
    });
    if (result.ok) this.#deps.nudge();
    return result;
  }

  /** Closes a circuit breaker, so that work goes on as if nothing had failed. */
  async resetBreaker({ breakerId, reason }: ApiParsedInput<'resetBreaker'>): Promise<Result<Breaker, ApiError>> {
    const result = await this.#deps.desk.run('resetBreaker', {}, (unit, moment) => {
      if (!this.#deps.breakers.reset(unit, breakerId, reason, moment)) return closedAlready(breakerId);
      return ok(mustRow(unit, 'breaker', breakerId));
    });
    if (result.ok) this.#deps.nudge();
    return result;
  }

  async #stop(
    command: string,
    agentId: AgentId,
    to: AgentState,
    reason: string,
    now: boolean,
  ): Promise<Result<Agent, ApiError>> {
    const { runner, live, launcher } = this.#deps;
    const result = await this.#change(command, agentId, (unit, agent, moment) => {
      if (agent.state !== to && !mayFollow(agentTransitions, agent.state, to)) return stateRefused(agent, to);
      // One that has just no process would be started by the next work, unless it is told that a person stopped it.
      if (agent.state === to && to === 'stopped' && agent.startsOnDemand) {
        unit.record([{ ...moment, kind: 'agent.changed', agentId, to, reason }]);
      } else changeAgent(unit, agentId, to, reason, moment);
      return ok(null);
    });
    if (!result.ok) return result;
    if (now) runner.stopAll({ kind: 'agentStopped', reason }, agentId);
    if (now || live.ofAgent(agentId) === 0) await launcher.stopAgent(agentId, defaultTimeouts.stopMs);
    return this.#read(command, agentId);
  }

  #change(
    command: string,
    agentId: AgentId,
    change: (unit: StoreUnit, agent: Agent, moment: Moment) => Result<null, ApiError>,
  ): Promise<Result<Agent, ApiError>> {
    return this.#deps.desk.run(command, { agentId }, (unit, moment) => {
      const agent = unit.row('agent', agentId);
      if (agent === null) return notFound('agent', agentId);
      const changed = change(unit, agent, moment);
      return changed.ok ? ok(mustRow(unit, 'agent', agentId)) : changed;
    });
  }

  /** The agent after everything that was told before this: what its processes reported is being stored until then. */
  #read(command: string, agentId: AgentId): Promise<Result<Agent, ApiError>> {
    return this.#change(command, agentId, () => ok(null));
  }
}

function builtinRefused(agentId: AgentId) {
  return refuse(
    'refused',
    `Agent ${agentId} is built in and cannot be changed or removed.`,
    `Disable it (signalbox agents disable ${agentId}), or add an agent with another id.`,
    { field: 'id' },
  );
}

function ofProjectRefused(agentId: AgentId, project: string) {
  return refuse(
    'refused',
    `Agent ${agentId} comes with project ${project}, and is what its file ${agentId} in .signalbox/agents there says.`,
    `Change or delete that file, or forget the project: signalbox projects forget ${project}`,
    { field: 'id' },
  );
}

function stateRefused(agent: Agent, to: string) {
  return refuse(
    'refused',
    `Agent ${agent.id} cannot be ${to}: it is ${agent.state}.`,
    agent.state === 'disabled'
      ? `Enable it first: signalbox agents enable ${agent.id}`
      : 'Wait until its state changes.',
  );
}

function closedAlready(breakerId: BreakerId) {
  const message = `The circuit breaker of ${nameOfBreaker(breakerId)} is closed, and has counted no failure.`;
  return refuse('refused', message, 'Nothing to do; which agents get no work, and why: signalbox agents');
}

function enableRefused({ id, state }: Agent) {
  return refuse(
    'refused',
    `Agent ${id} cannot be enabled: it is ${state}, not disabled.`,
    `Nothing to do; to start a stopped or crashed agent: signalbox agents start ${id}`,
  );
}
