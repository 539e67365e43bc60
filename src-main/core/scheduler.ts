import type { Event } from '../contract/event.ts';
import { evolve } from '../contract/evolve.ts';
import type { ScheduleId } from '../contract/ids.ts';
import type { Schedule } from '../contract/schedule.ts';
import { firingKey } from '../contract/schedule.ts';
import { callAt } from './call-at.ts';
import type { DueDecision } from './decide-schedule.ts';
import { decideDue, onTimeMs, wantedTimes } from './decide-schedule.ts';
import type { Parts } from './parts.ts';
import { Passes } from './passes.ts';
import type { Clock, Logger, Stop, Store, StoreUnit } from './ports.ts';
import type { Moment } from './refusals.ts';
import type { PreparedStart, ScheduleStarts } from './schedule-starts.ts';
import { earlierOf, fired, nextUnfired } from './schedule-starts.ts';
import { dueTimes } from './schedule-times.ts';

export interface SchedulerDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly parts: Pick<Parts, 'report'>;
  readonly starts: ScheduleStarts;
  /** Something may be claimable now. */
  readonly nudge: () => void;
}

/** After this long a schedule is looked at again whose times could not be stored, in ms. */
const retryMs = 10_000;
/** The part of all schedules together, in health. */
const part = 'schedules';

/** What is to be done for a schedule now. */
interface Plan {
  readonly decisions: readonly DueDecision[];
  readonly nextAt: number | null;
  /** What it started before and has not ended; null: nothing. */
  readonly earlier: string | null;
  /** Why nothing can be started by this definition, whatever is due; null: it can be tried. */
  readonly fault: string | null;
}

/**
 * Starts what schedules start, once for each due time. A due time, what became of it and what it started are one
 * transaction: after a crash the time is either still due, or done. Keeps one timer, for the next due time, and none
 * when nothing is due; while something is, it looks at the clock every minute, because a clock that jumps and a machine
 * that sleeps do not tell.
 */
export class Scheduler {
  readonly #deps: SchedulerDeps;
  /** All schedules, kept as the store has them by the events that change them. */
  readonly #rows = new Map<ScheduleId, Schedule>();
  /** What the oldest waiting time of a schedule waits for the end of. */
  readonly #awaited = new Map<ScheduleId, string>();
  /** When those are tried again whose last try failed, monotonic ms. */
  readonly #failed = new Map<ScheduleId, number>();
  readonly #passes = new Passes(() => this.#pass());
  #wake: Stop = () => {};

  constructor(deps: SchedulerDeps) {
    this.#deps = deps;
  }

  /** Begins with what was due while no engine was there. */
  start(): void {
    const { store, parts, logger } = this.#deps;
    this.#passes.open();
    try {
      for (const row of store.reads.schedules()) this.#rows.set(row.id, row);
      for (const row of this.#rows.values()) this.#tellLastFailure(row);
    } catch (error) {
      // Work goes on without what cannot be read.
      logger.error('The schedules could not be read.', { error });
      const message = 'The schedules cannot be read; nothing is started by them.';
      parts.report(part, { message, remedy: 'Find out what is wrong with them: signalbox doctor' });
    }
    this.look();
  }

  /** Starts nothing more. Resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.#wake();
    await this.#passes.close();
  }

  /** What a commit means for schedules: they changed, or what a time waits for has ended. */
  committed(event: Event): void {
    switch (event.kind) {
      case 'schedule.saved':
      case 'schedule.switched':
      case 'schedule.removed':
      case 'schedule.fired':
        this.#changed(event.scheduleId, event);
        break;
      case 'run.completed':
      case 'run.failed':
      case 'run.cancelled':
        this.#ended(event.runId);
        break;
      case 'task.completed':
      case 'task.failed':
      case 'task.died':
      case 'task.cancelled':
        this.#ended(event.taskId);
        break;
      default:
    }
  }

  #changed(id: ScheduleId, event: Event): void {
    const row = evolve('schedule', this.#rows.get(id) ?? null, event);
    if (row === null) this.#rows.delete(id);
    else this.#rows.set(id, row);
    this.#failed.delete(id);
    this.#awaited.delete(id);
    this.#deps.parts.report(storingOf(id), null);
    this.#report(id, event);
    this.look();
  }

  /** Costs nothing while nothing waits. */
  #ended(id: string): void {
    for (const awaited of this.#awaited.values()) if (awaited === id) this.look();
  }

  /** Looks for what is due. Calls during a look make one more. */
  look(): void {
    this.#passes.ask();
  }

  async #pass(): Promise<void> {
    await null;
    for (const { id } of [...this.#rows.values()]) {
      if (this.#passes.isOpen) await this.#serve(id);
    }
    this.#setTimer();
  }

  async #serve(id: ScheduleId): Promise<void> {
    const { clock, logger, parts } = this.#deps;
    const row = this.#rows.get(id);
    if (row === undefined || clock.monotonic() < (this.#failed.get(id) ?? 0)) return;
    try {
      const plan = this.#plan(row);
      if (plan === null) this.#failed.delete(id);
      else await this.#carryOut(row, plan);
    } catch (error) {
      this.#failed.set(id, clock.monotonic() + retryMs);
      logger.error('What a schedule was due to could not be stored; it is tried again.', { schedule: id, error });
      const message = `What schedule ${id} was due to could not be stored; it is tried again.`;
      parts.report(storingOf(id), { message, remedy: 'Look into engine.log in the data folder for the reason.' });
    }
  }

  /** @returns null when nothing is to be done now. */
  #plan(row: Schedule): Plan | null {
    const { store, clock } = this.#deps;
    const now = clock.now();
    const earlier = row.waiting.length > 0 || isDue(row, now) ? earlierOf(store.reads, row) : null;
    const common = { earlier: earlier?.id ?? null, fault: null };
    const [waiting] = row.waiting;
    if (waiting !== undefined) {
      if (earlier === null) return { ...common, decisions: [startAt(waiting)], nextAt: row.nextAt };
      this.#awaited.set(row.id, earlier.id);
    }
    if (!isDue(row, now)) return null;
    const times = dueTimes(row.definition.timing, row.savedAt);
    if (!times.ok) return { ...common, decisions: [startAt(row.nextAt)], nextAt: null, fault: times.error.message };
    const due = times.value.since(row.nextAt, now, wantedTimes(row));
    const unfired = due.times.filter((time) => store.reads.row('firing', firingKey(row.id, time)) === null);
    const decisions = decideDue(row, { ...due, times: unfired }, now, earlier?.words ?? null);
    return { ...common, decisions, nextAt: nextUnfired(store.reads, row, times.value.next, now) };
  }

  async #carryOut(row: Schedule, plan: Plan): Promise<void> {
    const { store, clock, starts, nudge } = this.#deps;
    const first = plan.decisions.find(({ outcome }) => outcome === 'start');
    let start: PreparedStart | null = null;
    let refusal = plan.fault;
    if (first !== undefined && refusal === null) {
      const prepared = await starts.prepare(row.definition.start, firingKey(row.id, first.dueAt));
      if (prepared.ok) start = prepared.value;
      else refusal = prepared.error.message;
    }
    const written = store.write((unit) => {
      const fresh = unit.row('schedule', row.id);
      if (fresh === null || !isSame(fresh, row) || (earlierOf(unit, fresh)?.id ?? null) !== plan.earlier) return false;
      const moment: Moment = { at: clock.now(), actor: 'engine' };
      const { nextAt } = plan;
      for (const decision of plan.decisions) this.#record(unit, fresh, decision, { start, refusal, nextAt, moment });
      return true;
    });
    // Before it is committed: a free slot takes what was started in the same transaction.
    nudge();
    if (!(await written)) this.#readAgain(row.id);
  }

  /** Somebody was quicker: what is to be done is decided again, by what is stored now. */
  #readAgain(id: ScheduleId): void {
    const row = this.#deps.store.reads.row('schedule', id);
    if (row === null) this.#rows.delete(id);
    else this.#rows.set(id, row);
    this.#passes.ask();
  }

  #record(
    unit: StoreUnit,
    schedule: Schedule,
    { dueAt, outcome, reason }: DueDecision,
    made: {
      readonly start: PreparedStart | null;
      readonly refusal: string | null;
      readonly nextAt: number | null;
      readonly moment: Moment;
    },
  ): void {
    const { start, refusal, nextAt, moment } = made;
    const times = { dueAt, nextAt };
    if (outcome !== 'start') unit.record([fired(schedule, moment, times, outcome, reason)]);
    else if (start === null) unit.record([fired(schedule, moment, times, 'failed', refusal)]);
    else this.#deps.starts.begin(unit, schedule, start, moment, times);
  }

  #setTimer(): void {
    const { clock } = this.#deps;
    this.#wake();
    if (!this.#passes.isOpen) return;
    let next: number | null = null;
    for (const row of this.#rows.values()) {
      const retryAt = this.#failed.get(row.id);
      const at = retryAt === undefined ? dueAt(row) : clock.now() + retryAt - clock.monotonic();
      if (at !== null && (next === null || at < next)) next = at;
    }
    if (next !== null) this.#wake = callAt(clock, next, () => this.look(), onTimeMs);
  }

  #report(id: ScheduleId, event: Event): void {
    const { parts } = this.#deps;
    if (event.kind !== 'schedule.fired') parts.report(partOf(id), null);
    else if (event.outcome === 'started') parts.report(partOf(id), null);
    else if (event.outcome === 'failed') this.#tellFailure(id, event.reason);
  }

  #tellLastFailure({ id, enabled }: Schedule): void {
    const [last] = enabled ? this.#deps.store.reads.firingsOf(id, Number.MAX_SAFE_INTEGER, 1) : [];
    if (last?.outcome === 'failed') this.#tellFailure(id, last.reason);
  }

  #tellFailure(id: ScheduleId, reason: string | null): void {
    const message = `Schedule ${id} could not start what it was due to. ${reason}`;
    const remedy = `Mend that, then start it by hand or wait for its next time; see signalbox schedules show ${id}`;
    this.#deps.parts.report(partOf(id), { message, remedy });
  }
}

function startAt(dueAt: number): DueDecision {
  return { dueAt, outcome: 'start', reason: null };
}

/** The part of a schedule whose times cannot be stored. */
function storingOf(id: ScheduleId): string {
  return `storing of schedule ${id}`;
}

/** The part of a schedule that could not start something. */
function partOf(id: ScheduleId): string {
  return `schedule ${id}`;
}

/** When the clock has something to do with a schedule; null: not by time. */
function dueAt({ enabled, nextAt }: Schedule): number | null {
  return enabled ? nextAt : null;
}

function isDue(row: Schedule, now: number): row is Schedule & { readonly nextAt: number } {
  const at = dueAt(row);
  return at !== null && at <= now;
}

/** Whether a schedule is still the one that a plan was made for. */
function isSame(a: Schedule, b: Schedule): boolean {
  return (
    a.savedAt === b.savedAt &&
    a.nextAt === b.nextAt &&
    a.enabled === b.enabled &&
    a.lastRunId === b.lastRunId &&
    a.lastTaskId === b.lastTaskId &&
    a.waiting.length === b.waiting.length
  );
}
