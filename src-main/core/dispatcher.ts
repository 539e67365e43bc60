import type { Agent } from '../contract/agent.ts';
import type { Settings } from '../contract/settings.ts';
import type { Attempt, Task } from '../contract/task.ts';
import type { AgentSelector } from '../contract/workflow.ts';
import { agentTaken } from './agent-lifecycle.ts';
import { freeSlots, matchesSelector, selectAgent, unavailableBecause } from './agent-roster.ts';
import type { Breakers } from './breakers.ts';
import { callAt } from './call-at.ts';
import { decideClaim } from './decide-task.ts';
import type { LiveAttempts } from './live-attempts.ts';
import { mustRow } from './must-row.ts';
import { Passes } from './passes.ts';
import type { Clock, IdSource, Logger, ReadyHead, Stop, Store, StoreUnit } from './ports.ts';
import type { Moment } from './refusals.ts';
import { projectOfRoute, selectorOfRoute } from './route.ts';
import type { RunFlow } from './run-flow.ts';

/** A task that was given to an agent, and the attempt that was made for it. */
export interface Claim {
  readonly task: Task;
  readonly attempt: Attempt;
  readonly agent: Agent;
  /** Name of the run's workflow; null for a task that stands alone. */
  readonly workflow: string | null;
}

export interface DispatcherDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  readonly live: LiveAttempts;
  readonly flow: RunFlow;
  readonly breakers: Breakers;
  readonly settings: Settings;
  /** Starts the worker of a claim that was committed. Must not throw. */
  readonly launch: (claim: Claim) => void;
}

/** The most claims of one unit of work, so that it stays short. */
const claimsPerPass = 64;
/** Tasks of a lane looked at beyond its free slots, in case some turn out not to be ready. */
const spareHeads = 16;
/** The most delayed tasks that become ready in one unit of work. */
const readiedPerPass = 1_000;

/** An agent that takes work; looked up once in a pass, which keeps it in step with its own claims. */
interface Seat {
  readonly agent: Agent;
  /** How many leases it holds: a lease may outlast the attempt whose end could not be stored yet. */
  leases: number;
}

interface Lane {
  readonly seats: readonly Seat[];
  readonly heads: ReadyHead[];
}

/**
 * Gives queued tasks to free slots, most urgent first. It is told (`nudge`) whenever something may have become
 * possible: a task was queued, a slot freed, an agent came, a pause ended. For what only time brings (delayed tasks,
 * a crashed agent's restart, a circuit breaker that is tried again) it keeps one timer; idle, it keeps none.
 */
export class Dispatcher {
  readonly #deps: DispatcherDeps;
  readonly #passes = new Passes(() => this.#pass());
  #wake: Stop = () => {};

  constructor(deps: DispatcherDeps) {
    this.#deps = deps;
  }

  /** Begins to claim. */
  start(): void {
    this.#passes.open();
    this.nudge();
  }

  /** Claims nothing more. Resolves when a pass under way has ended. */
  async stop(): Promise<void> {
    this.#wake();
    await this.#passes.close();
  }

  /** Looks for work that can start now. Cheap when called often: calls during a pass make one more pass. */
  nudge(): void {
    this.#passes.ask();
  }

  async #pass(): Promise<void> {
    const { store, live, breakers, clock, logger, launch } = this.#deps;
    // Others may queue or end something in this turn, too: the pass comes behind them, in their transaction.
    await null;
    // What was told up to now lies before this pass; only what comes behind it asks for another one.
    this.#passes.catchUp();
    const taken: Claim[] = [];
    let wakeAt: number | null;
    try {
      wakeAt = await store.write((unit) => this.#claimAll(unit, taken));
    } catch (error) {
      for (const { agent, attempt } of taken.splice(0)) {
        live.free(agent.id, agent.definition.type);
        breakers.passed(attempt.id);
      }
      logger.error('Claiming failed; it is tried again in a second.', { error });
      wakeAt = clock.now() + 1_000;
    }
    for (const claim of taken) launch(claim);
    // Without a free slot there is nothing to look for before an attempt ends, which tells so itself.
    if (taken.length === claimsPerPass && live.total < this.#deps.settings.slots.total) this.#passes.ask();
    this.#setTimer(wakeAt);
  }

  #setTimer(wakeAt: number | null): void {
    this.#wake();
    if (wakeAt === null || !this.#passes.isOpen) return;
    this.#wake = callAt(this.#deps.clock, wakeAt, () => this.nudge());
  }

  /**
   * @param taken receives the claims, also when the unit fails later: their slots are then given back.
   * @returns wall clock of the next moment at which something may be claimed without a nudge; null: none.
   */
  #claimAll(unit: StoreUnit, taken: Claim[]): number | null {
    const { clock } = this.#deps;
    const moment: Moment = { at: clock.now(), actor: 'engine' };
    const readied = unit.readyDelayed(moment.at, readiedPerPass);
    if (readied === readiedPerPass) this.#passes.ask();
    const frozen = unit.row('engine', 'engine')?.frozenAt ?? null;
    if (frozen !== null) return null;
    const breakerDueAt = this.#deps.breakers.openHalf(unit, moment);
    const agents = unit.agents();
    // Asked before anything is claimed, while there is nothing to be written for it.
    const nextDelayedAt = unit.nextDelayedAt();
    const lanes = this.#look(unit, agents, moment.at);
    while (taken.length < claimsPerPass) {
      const claim = this.#claimNext(unit, lanes, moment);
      if (claim === null) break;
      taken.push(claim);
    }
    return earliest(breakerDueAt, earliest(nextDelayedAt, nextRestart(agents, moment.at)));
  }

  #look(unit: StoreUnit, agents: readonly Agent[], now: number): readonly Lane[] {
    const guard = this.#deps.breakers.guard(unit);
    const available = agents.filter(
      (agent) => unavailableBecause(agent, now, guard) === null && this.#free(unit, agent) > 0,
    );
    const routes = available.length === 0 ? [] : unit.readyRoutes();
    if (routes.length === 0) return [];
    const all = available.map((agent): Seat => ({ agent, leases: unit.leaseCount(agent.id) }));
    const lanes: Lane[] = [];
    for (const route of routes) {
      const selector: AgentSelector = selectorOfRoute(route);
      const project = projectOfRoute(route);
      const seats = all.filter(({ agent }) => matchesSelector(agent, selector, project));
      const free = seats.reduce((sum, { agent }) => sum + this.#free(unit, agent), 0);
      if (free > 0)
        lanes.push({ seats, heads: [...unit.readyHeads(route, Math.min(claimsPerPass, free) + spareHeads)] });
    }
    return lanes;
  }

  #free(unit: StoreUnit, agent: Agent): number {
    const { live, settings, breakers } = this.#deps;
    const free = freeSlots(agent, live, settings.slots);
    return Math.min(free, breakers.room(unit, agent) ?? free);
  }

  /** Claims the most urgent task that has a free agent. @returns null when there is none. */
  #claimNext(unit: StoreUnit, lanes: readonly Lane[], moment: Moment): Claim | null {
    for (let next = mostUrgent(lanes); next !== null; next = mostUrgent(lanes)) {
      const { seats, heads } = next.lane;
      const [first, ...others] = seats.filter(
        ({ agent, leases }) => this.#free(unit, agent) > 0 && leases < agent.definition.slots,
      );
      if (first === undefined) {
        heads.length = 0;
        continue;
      }
      heads.shift();
      const task = mustRow(unit, 'task', next.head.taskId);
      const seat = selectAgent(first, others, task, this.#deps.live.lastUsed);
      const claim = this.#claim(unit, task, seat.agent, moment);
      if (claim === null) continue;
      seat.leases += 1;
      return claim;
    }
    return null;
  }

  /** @returns null for a task that is not ready although its lane says so: one wrong row must not hold up the others. */
  #claim(unit: StoreUnit, task: Task, agent: Agent, moment: Moment): Claim | null {
    const { ids, flow, live, breakers, logger } = this.#deps;
    const attemptId = ids.attemptId();
    const decided = decideClaim(task, { attemptId, agentId: agent.id }, moment);
    if (!decided.ok) {
      logger.error('The queue holds a task that is not ready; it was passed over.', { error: decided.error });
      return null;
    }
    unit.record([decided.value]);
    const claimed = mustRow(unit, 'task', task.id);
    const attempt = mustRow(unit, 'attempt', attemptId);
    flow.taskClaimed(unit, claimed, moment);
    agentTaken(unit, mustRow(unit, 'agent', agent.id), moment);
    live.take(agent.id, agent.definition.type);
    breakers.claimed(unit, agent, attemptId);
    const workflow = task.runId === null ? null : mustRow(unit, 'run', task.runId).workflow;
    return { task: claimed, attempt, agent, workflow };
  }
}

/** The lane whose first task comes before those of all others, and that task. @returns null when all are empty. */
function mostUrgent(lanes: readonly Lane[]): { readonly lane: Lane; readonly head: ReadyHead } | null {
  let best: { lane: Lane; head: ReadyHead } | null = null;
  for (const lane of lanes) {
    const head = lane.heads[0];
    if (head !== undefined && (best === null || isSooner(head, best.head))) best = { lane, head };
  }
  return best;
}

function isSooner(a: ReadyHead, b: ReadyHead): boolean {
  return a.priority === b.priority ? a.position < b.position : a.priority < b.priority;
}

function nextRestart(agents: readonly Agent[], now: number): number | null {
  let next: number | null = null;
  for (const agent of agents) {
    const restartAt =
      agent.state === 'crashed' && agent.restartAt !== null && agent.restartAt > now ? agent.restartAt : null;
    next = earliest(next, restartAt);
  }
  return next;
}

function earliest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
