import { breakerOfAgent, breakerOfProvider } from '../../../src-main/contract/breaker.ts';
import type { Event, EventOf } from '../../../src-main/contract/event.ts';
import type { RowKind, Rows } from '../../../src-main/contract/evolve.ts';
import { evolve, forEachRowKind, touchedRows } from '../../../src-main/contract/evolve.ts';
import type { AgentId } from '../../../src-main/contract/ids.ts';
import { firingKey } from '../../../src-main/contract/schedule.ts';
import { isTaskLive } from '../../../src-main/contract/states.ts';

type Folded = { readonly [K in RowKind]: Map<string, Rows[K]> };

/**
 * Follows the events of a history and says which claims should not have been made, and which work was begun twice. It
 * knows nothing of how the dispatcher decides: only what must be true when it has.
 */
export class ClaimRules {
  readonly violations: string[] = [];
  readonly #rows = forEachRowKind(() => new Map()) as Folded;

  /**
   * Takes the next event in.
   * @param latest the latest time that the wall clock has ever shown: what was due then stays due when it jumps back.
   */
  follow(event: Event, latest: number): void {
    const wrong = event.kind === 'task.claimed' ? this.#wrongClaim(event, latest) : this.#wrongOther(event);
    if (wrong !== null) this.violations.push(`Event ${event.seq} (${event.kind}): ${wrong}.`);
    for (const { kind, id } of touchedRows(event)) this.#fold(kind, id, event);
  }

  /** Rows as the events so far give them. */
  rows<K extends RowKind>(kind: K): ReadonlyMap<string, Rows[K]> {
    return this.#rows[kind];
  }

  #fold<K extends RowKind>(kind: K, id: string, event: Event): void {
    const rows: Map<string, Rows[K]> = this.#rows[kind];
    const row = evolve(kind, rows.get(id) ?? null, event);
    if (row === null) rows.delete(id);
    else rows.set(id, row);
  }

  #wrongClaim(event: EventOf<'task.claimed'>, latest: number): string | null {
    const task = this.#rows.task.get(event.taskId);
    const agent = this.#rows.agent.get(event.agentId);
    if (task === undefined || agent === undefined) return 'its task or its agent is not there';
    if (this.#rows.engine.get('engine')?.frozenAt != null) return 'everything is frozen';
    if (task.held) return 'the task is held by the pause of its run';
    if (task.availableAt > latest)
      return `the task is delayed until ${task.availableAt}, and it is ${latest} at the latest`;
    if (task.cancelRequestedAt !== null) return 'the task is being cancelled';
    const unmet = task.spec.needs.filter((need) => this.#rows.task.get(need)?.state !== 'completed');
    if (unmet.length > 0) return `the task needs ${unmet.join(', ')}`;
    const { state, startsOnDemand, restartAt, definition } = agent;
    if (state === 'draining' || state === 'disabled' || state === 'unhealthy') return `agent ${agent.id} is ${state}`;
    if (state === 'stopped' && !startsOnDemand) return `agent ${agent.id} was stopped by a person`;
    if (state === 'crashed' && (restartAt === null || restartAt > event.at)) return `agent ${agent.id} has crashed`;
    if (definition.project !== undefined && definition.project !== task.spec.project) {
      return `agent ${agent.id} gets work of ${definition.project} only`;
    }
    const shut = this.#openBreaker(agent.id, definition.provider);
    if (shut !== null) return `breaker ${shut} is open`;
    const held = [...this.#rows.task.values()].filter((other) => isTaskLive(other.state) && other.agentId === agent.id);
    return held.length < definition.slots
      ? null
      : `agent ${agent.id} holds ${held.length} of ${definition.slots} slots`;
  }

  #openBreaker(agentId: AgentId, provider: string | undefined): string | null {
    const ids = [breakerOfAgent(agentId), ...(provider === undefined ? [] : [breakerOfProvider(provider)])];
    return ids.find((id) => this.#rows.breaker.get(id)?.state === 'open') ?? null;
  }

  #wrongOther(event: Event): string | null {
    if (event.kind === 'stage.dispatched') {
      const stage = this.#rows.run.get(event.runId)?.stages.find(({ name }) => name === event.stage);
      return stage?.taskId == null ? null : `stage ${event.stage} has task ${stage.taskId} already`;
    }
    if (event.kind === 'schedule.fired' && event.outcome === 'started') {
      const firing = this.#rows.firing.get(firingKey(event.scheduleId, event.dueAt));
      return firing?.outcome === 'started' ? `it has started for ${event.dueAt} already` : null;
    }
    if (event.kind === 'run.created') {
      const same = [...this.#rows.run.values()].find(({ requestId }) => requestId === event.requestId);
      return same === undefined ? null : `request ${event.requestId} has started run ${same.id} already`;
    }
    return null;
  }
}
