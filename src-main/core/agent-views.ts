import type { Agent } from '../contract/agent.ts';
import type { ApiOutput } from '../contract/api.ts';
import type { AgentView } from '../contract/api-agents.ts';
import type { ApiError } from '../contract/errors.ts';
import type { AgentId } from '../contract/ids.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';
import type { Attempt, ProcessIdentity } from '../contract/task.ts';
import type { Breakers } from './breakers.ts';
import type { LiveAttempts } from './live-attempts.ts';
import type { AgentLauncher, AgentUsage, Clock, Machine, Store } from './ports.ts';

export interface AgentViewDeps {
  readonly store: Store;
  readonly launcher: AgentLauncher;
  readonly live: LiveAttempts;
  readonly breakers: Breakers;
  readonly clock: Clock;
  readonly machine: Machine;
  /** Wall clock of an agent's last sign of life; null when it never gave one. */
  readonly lastBeat: (agentId: AgentId) => number | null;
}

/** The mean time is that of so many completed attempts. */
const averagedAttempts = 100;
/** So many failures are looked through for one that was the agent's. */
const failuresLookedAt = 20;
/** Failures that say nothing about the agent: the engine, or a person, ended its work. */
const notTheAgents: readonly string[] = ['engine', 'frozen', 'cancelled'];

/** Everything about agents that only asks. What they use of the machine is measured when this is asked for. */
export class AgentViews {
  readonly #deps: AgentViewDeps;

  constructor(deps: AgentViewDeps) {
    this.#deps = deps;
  }

  async listAgents(): Promise<Result<ApiOutput<'listAgents'>, ApiError>> {
    const { store, launcher } = this.#deps;
    const agents = store.reads.agents();
    const attempts = Map.groupBy(store.reads.liveAttempts(), ({ agentId }) => agentId);
    const processes = new Map(agents.map((agent) => [agent.id, processesOf(agent, attempts.get(agent.id) ?? [])]));
    const usage = await launcher.measureAgents(processes);
    return ok({ agents: agents.map((agent) => this.#view(agent, usage)) });
  }

  detectAgents(): Result<ApiOutput<'detectAgents'>, ApiError> {
    const { machine, store } = this.#deps;
    const known = new Set(store.reads.agents().map(({ id }) => id));
    const agents = machine.detectAgents().map((found) => ({ ...found, registered: known.has(found.definition.id) }));
    return ok({ agents });
  }

  #view(agent: Agent, usage: ReadonlyMap<AgentId, AgentUsage>): AgentView {
    const { store, live, breakers, clock, lastBeat } = this.#deps;
    const { reads } = store;
    return {
      ...agent,
      slotsUsed: live.ofAgent(agent.id),
      heldBecause: breakers.guard(reads).heldBecause(agent, clock.now()),
      ...reads.agentTally(agent.id),
      lastHeartbeatAt: lastBeat(agent.id),
      live: this.#liveOf(agent.id),
      usage: usage.get(agent.id) ?? null,
      averageMs: reads.agentAverageMs(agent.id, averagedAttempts),
      lastFailure: lastFailureOf(reads.failedAttemptsOf(agent.id, failuresLookedAt)),
    };
  }

  #liveOf(agentId: AgentId): AgentView['live'] {
    const workers = [...this.#deps.live.workers.values()].filter(({ job }) => job.agent.id === agentId);
    return workers.map(({ job: { task, attempt } }) => ({
      attemptId: attempt.id,
      taskId: task.id,
      runId: task.runId,
      stage: task.stage,
      title: task.spec.title,
      claimedAt: attempt.claimedAt,
    }));
  }
}

/** An agent's own processes, and those that were started for one attempt each. */
function processesOf(agent: Agent, attempts: readonly Attempt[]): readonly ProcessIdentity[] {
  return [...agent.processes, ...attempts.flatMap(({ process }) => process ?? [])];
}

function lastFailureOf(failed: readonly Attempt[]): AgentView['lastFailure'] {
  for (const { id, endedAt, failure } of failed) {
    if (endedAt !== null && failure !== null && !notTheAgents.includes(failure.category)) {
      return { at: endedAt, attemptId: id, failure };
    }
  }
  return null;
}
