import type { ApiOutput, ApiParsedInput } from '../contract/api.ts';
import type { ScheduleView } from '../contract/api-schedules.ts';
import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { ScheduleId } from '../contract/ids.ts';
import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';
import type { Firing, Schedule } from '../contract/schedule.ts';
import { firingKey } from '../contract/schedule.ts';
import type { CommandDesk } from './command-desk.ts';
import { notFound } from './command-desk.ts';
import { mustRow } from './must-row.ts';
import type { Clock, Store, StoreReads, StoreUnit } from './ports.ts';
import type { Moment } from './refusals.ts';
import type { ScheduleStarts } from './schedule-starts.ts';
import { earlierOf, fired, nextUnfired } from './schedule-starts.ts';
import type { DueTimes } from './schedule-times.ts';
import { dueTimes, neverDue, whenInWords } from './schedule-times.ts';

export interface ScheduleCommandDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly desk: CommandDesk;
  readonly starts: ScheduleStarts;
  /** Something may be claimable now. */
  readonly nudge: () => void;
}

const maxSchedules = 1_000;
/** How many of the next times a view shows. */
const upcomingTimes = 5;
/** How long a list is worked at before others get their turn, in ms. */
const sliceMs = 8;

/** What persons do with schedules. What is due is the scheduler's, which follows the events that this records. */
export class ScheduleCommands {
  readonly #deps: ScheduleCommandDeps;

  constructor(deps: ScheduleCommandDeps) {
    this.#deps = deps;
  }

  async listSchedules(): Promise<Result<ApiOutput<'listSchedules'>, ApiError>> {
    const { store, clock } = this.#deps;
    const schedules: ScheduleView[] = [];
    let until = clock.monotonic() + sliceMs;
    for (const row of store.reads.schedules()) {
      schedules.push(this.#view(row));
      if (clock.monotonic() < until) continue;
      await new Promise<void>((resolve) => clock.after(0, resolve));
      until = clock.monotonic() + sliceMs;
    }
    return ok({ schedules });
  }

  async saveSchedule(definition: ApiParsedInput<'saveSchedule'>): Promise<Result<ScheduleView, ApiError>> {
    const { clock, desk, starts } = this.#deps;
    const known = comingTimes(definition.timing, clock.now());
    if (!known.ok) return known;
    const fit = await starts.check(definition.start);
    if (!fit.ok) return fit;
    const { id: scheduleId } = definition;
    const saved = await desk.run('saveSchedule', {}, (unit, moment): Result<Schedule, ApiError> => {
      const before = unit.row('schedule', scheduleId);
      if (before === null && unit.countSchedules() >= maxSchedules) return tooMany();
      const times = comingTimes(definition.timing, moment.at);
      if (!times.ok) return times;
      const nextAt = before?.enabled === false ? null : nextUnfired(unit, definition, times.value.next, moment.at);
      unit.record([{ ...moment, kind: 'schedule.saved', scheduleId, definition, nextAt }]);
      return ok(mustRow(unit, 'schedule', scheduleId));
    });
    return saved.ok ? ok(this.#view(saved.value)) : saved;
  }

  async removeSchedule({ scheduleId, reason }: ApiParsedInput<'removeSchedule'>) {
    return this.#deps.desk.run('removeSchedule', {}, (unit, moment): Result<ApiOutput<'removeSchedule'>, ApiError> => {
      const row = unit.row('schedule', scheduleId);
      if (row === null) return notFound('schedule', scheduleId);
      dropWaiting(unit, row, 'the schedule was removed', moment);
      unit.record([{ ...moment, kind: 'schedule.removed', scheduleId, reason }]);
      return ok({});
    });
  }

  async switchSchedule(input: ApiParsedInput<'switchSchedule'>): Promise<Result<ScheduleView, ApiError>> {
    const { scheduleId, enabled, reason } = input;
    const switched = await this.#deps.desk.run('switchSchedule', {}, (unit, moment): Result<Schedule, ApiError> => {
      const row = unit.row('schedule', scheduleId);
      if (row === null) return notFound('schedule', scheduleId);
      if (row.enabled === enabled) return switchedAlready(row);
      const nextAt = enabled ? nextOf(unit, row, moment.at) : ok(null);
      if (!nextAt.ok) return nextAt;
      if (!enabled) dropWaiting(unit, row, 'the schedule was switched off', moment);
      unit.record([{ ...moment, kind: 'schedule.switched', scheduleId, enabled, reason, nextAt: nextAt.value }]);
      return ok(mustRow(unit, 'schedule', scheduleId));
    });
    return switched.ok ? ok(this.#view(switched.value)) : switched;
  }

  /** Starts it now. The overlap policy holds: what must not run twice at once does not because a person asks. */
  async fireSchedule({ scheduleId }: ApiParsedInput<'fireSchedule'>): Promise<Result<Firing, ApiError>> {
    const { store, desk, starts, clock, nudge } = this.#deps;
    const row = store.reads.row('schedule', scheduleId);
    if (row === null) return notFound('schedule', scheduleId);
    const dueAt = freeMoment(store.reads, row, clock.now());
    const start = await starts.prepare(row.definition.start, firingKey(scheduleId, dueAt));
    if (!start.ok) return start;
    const result = desk.run('fireSchedule', {}, (unit, moment): Result<Firing, ApiError> => {
      const schedule = unit.row('schedule', scheduleId);
      if (schedule === null || schedule.savedAt !== row.savedAt) return changedMeanwhile(scheduleId);
      if (freeMoment(unit, schedule, dueAt) !== dueAt) return changedMeanwhile(scheduleId);
      const times = { dueAt, nextAt: schedule.nextAt };
      const earlier = earlierOf(unit, schedule);
      const { overlap } = schedule.definition;
      if (earlier !== null && overlap === 'skip') return stillRunning(schedule, earlier);
      if (earlier !== null && overlap === 'queue') {
        const reason = `it waits for the end of ${earlier.words}`;
        unit.record([fired(schedule, moment, times, 'waiting', reason)]);
      } else starts.begin(unit, schedule, start.value, moment, times);
      return ok(mustRow(unit, 'firing', firingKey(scheduleId, dueAt)));
    });
    nudge();
    return result;
  }

  previewSchedule({
    timing,
    count,
  }: ApiParsedInput<'previewSchedule'>): Result<ApiOutput<'previewSchedule'>, ApiError> {
    const now = this.#deps.clock.now();
    const known = comingTimes(timing, now);
    return known.ok ? ok({ when: whenInWords(timing), times: timesAfter(known.value, now, count) }) : known;
  }

  listFirings(input: ApiParsedInput<'listFirings'>): Result<ApiOutput<'listFirings'>, ApiError> {
    const { scheduleId, limit, after } = input;
    const { reads } = this.#deps.store;
    if (after !== undefined && !/^\d{1,15}$/.test(after)) return badPage(after);
    const before = after === undefined ? Number.MAX_SAFE_INTEGER : Number(after);
    const firings = [...reads.firingsOf(scheduleId, before, limit)];
    if (firings.length === 0 && after === undefined && reads.row('schedule', scheduleId) === null) {
      return notFound('schedule', scheduleId);
    }
    const last = firings.at(limit - 1);
    return ok({ firings, next: last === undefined ? null : String(last.dueAt) });
  }

  /** @param row as its own unit of work left it: by the time its caller is told, it may be gone. */
  #view(row: Schedule): ScheduleView {
    const [lastFiring = null] = this.#deps.store.reads.firingsOf(row.id, Number.MAX_SAFE_INTEGER, 1);
    return { ...row, lastFiring, upcoming: upcomingOf(row), when: whenInWords(row.definition.timing) };
  }
}

function upcomingOf({ nextAt, definition, savedAt }: Schedule): number[] {
  if (nextAt === null) return [];
  const times = dueTimes(definition.timing, savedAt);
  return times.ok ? [nextAt, ...timesAfter(times.value, nextAt, upcomingTimes - 1)] : [nextAt];
}

function timesAfter({ next }: DueTimes, after: number, count: number): number[] {
  const times: number[] = [];
  for (let time = next(after); time !== null && times.length < count; time = next(time)) times.push(time);
  return times;
}

/** Refuses a timing that cannot be read, or is never due from now on. An interval counts from now. */
function comingTimes(timing: Schedule['definition']['timing'], now: number): Result<DueTimes, ApiError> {
  const times = dueTimes(timing, now);
  if (!times.ok) return times;
  return times.value.next(now) === null ? err(neverDue(timing)) : times;
}

/** When a schedule is due next; refuses one that never is again. */
function nextOf(unit: StoreUnit, { definition, savedAt }: Schedule, now: number): Result<number | null, ApiError> {
  const times = dueTimes(definition.timing, savedAt);
  if (!times.ok) return times;
  if (times.value.next(now) === null) return err(neverDue(definition.timing));
  return ok(nextUnfired(unit, definition, times.value.next, now));
}

/** A moment, now or a little later, that is no due time and at which nothing was fired: those are the clock's. */
function freeMoment(reads: StoreReads, { id, definition, savedAt }: Schedule, now: number): number {
  const times = dueTimes(definition.timing, savedAt);
  const isDue = (time: number) => times.ok && times.value.next(time - 1) === time;
  let moment = now;
  while (isDue(moment) || reads.row('firing', firingKey(id, moment)) !== null) moment += 1;
  return moment;
}

function dropWaiting(unit: StoreUnit, row: Schedule, reason: string, moment: Moment): void {
  const { nextAt } = row;
  unit.record(row.waiting.map((dueAt) => fired(row, moment, { dueAt, nextAt }, 'skipped', reason)));
}

function tooMany() {
  return refuse(
    'refused',
    `There are ${maxSchedules} schedules already.`,
    'Remove one that is not needed: signalbox schedules remove ID',
  );
}

function switchedAlready({ id, enabled }: Schedule) {
  return refuse('refused', `Schedule ${id} is switched ${enabled ? 'on' : 'off'} already.`, 'Nothing to do.');
}

function changedMeanwhile(id: ScheduleId) {
  return refuse('conflict', `Schedule ${id} was changed in the same moment.`, 'Look at it, and try again.');
}

function stillRunning({ id }: Schedule, earlier: { readonly id: string; readonly words: string }) {
  return refuse(
    'refused',
    `Schedule ${id} starts nothing now: ${earlier.words}, which it started before, has not ended, and its overlap policy is skip.`,
    `Wait for its end, or cancel it: signalbox cancel ${earlier.id}`,
  );
}

function badPage(after: string) {
  return refuse('invalidInput', `"${after}" is no place in this list.`, 'Pass the "next" of the page before.', {
    field: 'after',
  });
}
