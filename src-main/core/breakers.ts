import type { Agent } from '../contract/agent.ts';
import type { Breaker } from '../contract/breaker.ts';
import { breakerOfAgent, breakerOfProvider } from '../contract/breaker.ts';
import type { AttemptId, BreakerId } from '../contract/ids.ts';
import type { Settings } from '../contract/settings.ts';
import type { Attempt, Task } from '../contract/task.ts';
import type { AgentGuard } from './agent-roster.ts';
import type { AttemptEnd } from './decide-attempt.ts';
import { decideVerdict, heldBecause, isClean, judgeEnd, lettingThrough } from './decide-breaker.ts';
import { mustRow } from './must-row.ts';
import type { Clock, Store, StoreReads, StoreUnit } from './ports.ts';
import type { Moment } from './refusals.ts';

/** Where rows are read: inside a unit of work, or outside. */
type Rows = Pick<StoreReads, 'row'>;

/**
 * The circuit breakers of agents and their providers. What ends counts in the unit of work that ends it, so that both
 * are committed, or neither. As long as nothing has failed, all this costs is a look at an empty set.
 */
export class Breakers {
  readonly #store: Pick<Store, 'reads'>;
  readonly #clock: Clock;
  readonly #settings: Pick<Settings, 'breaker'>;
  /**
   * Breakers that may have something to say. One stays until the engine ends: a unit that closes it may be rolled back,
   * and looking at a row too many costs little.
   */
  #marked: Set<BreakerId> | null = null;
  /** Attempts that half-open breakers let through. None outlives the engine, so that memory is enough. */
  readonly #passing = new Map<AttemptId, readonly BreakerId[]>();
  /** Until when open breakers stay open by a clock that does not jump, and the time of the wall clock it stands for. */
  readonly #due = new Map<BreakerId, { readonly retryAt: number; readonly at: number }>();

  constructor(deps: {
    readonly store: Pick<Store, 'reads'>;
    readonly clock: Clock;
    readonly settings: Pick<Settings, 'breaker'>;
  }) {
    this.#store = deps.store;
    this.#clock = deps.clock;
    this.#settings = deps.settings;
  }

  /** Counts the end of an attempt, for or against its agent and its provider. */
  ended(unit: StoreUnit, task: Task, attempt: Attempt, end: AttemptEnd, moment: Moment): void {
    if (end.outcome.kind === 'completed' && this.#mark().size === 0) return;
    const { definition } = mustRow(unit, 'agent', attempt.agentId);
    for (const judgement of judgeEnd(definition, task.spec.work, end)) {
      const { breakerId, verdict } = judgement;
      if (verdict.kind === 'good' && !this.#mark().has(breakerId)) continue;
      const row = unit.row('breaker', breakerId);
      const event = decideVerdict(row, judgement, attempt.id, this.#settings.breaker, moment);
      if (event === null) continue;
      this.#mark().add(breakerId);
      unit.record([event]);
    }
  }

  /** An attempt was claimed for an agent: a half-open breaker has let it through. */
  claimed(unit: StoreUnit, agent: Agent, attemptId: AttemptId): void {
    if (this.#mark().size === 0) return;
    const halfOpen = this.#of(unit, agent).filter(({ state }) => state === 'half_open');
    if (halfOpen.length > 0)
      this.#passing.set(
        attemptId,
        halfOpen.map(({ id }) => id),
      );
  }

  /** An attempt is over, or its claim was not committed. */
  passed(attemptId: AttemptId): void {
    this.#passing.delete(attemptId);
  }

  /** How many more attempts an agent's breakers let through now; null: as many as there are slots. */
  room(reads: Rows, agent: Agent): number | null {
    if (this.#mark().size === 0) return null;
    let room: number | null = null;
    for (const breaker of this.#of(reads, agent)) {
      const limit = lettingThrough(breaker, this.#settings.breaker);
      if (limit !== null) room = Math.min(room ?? limit, limit - this.#countPassing(breaker.id));
    }
    return room;
  }

  /** Says why an agent's breakers let no more work through, by the rows that are read through `reads`. */
  guard(reads: Rows): AgentGuard {
    return { heldBecause: (agent, now) => this.#heldBecause(reads, agent, now) };
  }

  /**
   * Opens those half whose time has come.
   * @returns wall clock of when the next one is due; null: none is open.
   */
  openHalf(unit: StoreUnit, moment: Moment): number | null {
    let next: number | null = null;
    for (const breakerId of this.#mark()) {
      const row = unit.row('breaker', breakerId);
      if (row?.state !== 'open') continue;
      const leftMs = this.#leftMs(row, moment.at);
      if (leftMs > 0) next = Math.min(next ?? Number.POSITIVE_INFINITY, moment.at + leftMs);
      else unit.record([{ ...moment, kind: 'breaker.halfOpened', breakerId }]);
    }
    return next;
  }

  /** Closes a breaker. @returns false: it is closed, and has nothing to forget. */
  reset(unit: StoreUnit, breakerId: BreakerId, reason: string, moment: Moment): boolean {
    const row = unit.row('breaker', breakerId);
    if (row === null || isClean(row)) return false;
    unit.record([{ ...moment, kind: 'breaker.reset', breakerId, reason }]);
    return true;
  }

  /** Those that are open or half open, as committed. */
  notClosed(): readonly Breaker[] {
    const { reads } = this.#store;
    const rows = [...this.#mark()].map((id) => reads.row('breaker', id));
    return rows.filter((row) => row !== null).filter(({ state }) => state !== 'closed');
  }

  #heldBecause(reads: Rows, agent: Agent, now: number): string | null {
    if (this.#mark().size === 0) return null;
    const { breaker: settings } = this.#settings;
    const reasons = this.#of(reads, agent)
      .map((breaker) => heldBecause(breaker, this.#countPassing(breaker.id), settings, now))
      .filter((reason) => reason !== null);
    return reasons.length === 0 ? null : reasons.join('; ');
  }

  /** The breakers of an agent, and of its provider, that may have something to say. */
  #of(reads: Rows, { id, definition }: Agent): readonly Breaker[] {
    const { provider } = definition;
    const ids = [breakerOfAgent(id), ...(provider === undefined ? [] : [breakerOfProvider(provider)])];
    return ids
      .filter((breakerId) => this.#mark().has(breakerId))
      .map((breakerId) => reads.row('breaker', breakerId))
      .filter((breaker) => breaker !== null);
  }

  #mark(): Set<BreakerId> {
    this.#marked ??= new Set(
      this.#store.reads
        .breakers()
        .filter((breaker) => !isClean(breaker))
        .map(({ id }) => id),
    );
    return this.#marked;
  }

  #countPassing(breakerId: BreakerId): number {
    let count = 0;
    for (const ids of this.#passing.values()) if (ids.includes(breakerId)) count += 1;
    return count;
  }

  /**
   * How long it stays open. The wall clock counts, because it goes on while nothing runs; but a clock that is put back
   * keeps nothing open for longer than was decided.
   */
  #leftMs({ id, retryAt, stateSince }: Breaker, now: number): number {
    const until = Number(retryAt);
    const byWall = until - now;
    const monotonic = this.#clock.monotonic();
    const known = this.#due.get(id);
    const due =
      known?.retryAt === until ? known : { retryAt: until, at: monotonic + Math.min(byWall, until - stateSince) };
    this.#due.set(id, due);
    return Math.min(byWall, due.at - monotonic);
  }
}
