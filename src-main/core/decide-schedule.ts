import type { FiringOutcome, Schedule } from '../contract/schedule.ts';
import type { DueSince } from './schedule-times.ts';

/** The most times of a schedule that wait for the end of what was started before, and that are caught up at once. */
const maxWaiting = 100;
/** The most times that are told one by one when no engine was there. */
const maxMissed = 100;
/** A time that is noticed later than this was missed, in ms. The clock is looked at at least this often. */
export const onTimeMs = 60_000;

/** What is to become of a due time; at most one of a decision starts. */
export interface DueDecision {
  readonly dueAt: number;
  readonly outcome: Exclude<FiringOutcome, 'started' | 'failed'> | 'start';
  readonly reason: string | null;
}

/** How many of the newest due times a decision has to know. */
export function wantedTimes({ definition }: Pick<Schedule, 'definition'>): number {
  return maxMissed + (definition.catchUp === 'all' ? maxWaiting : 1);
}

/**
 * Decides what becomes of times that are due: the catch-up policy says which of them count, the overlap policy what
 * happens to those while what was started before has not ended.
 * @param due all that are due, or the newest {@link wantedTimes} of them.
 * @param earlier what it started before and has not ended, in words such as "run run_1"; null: nothing.
 */
export function decideDue(
  schedule: Pick<Schedule, 'definition' | 'waiting'>,
  due: DueSince,
  now: number,
  earlier: string | null,
): readonly DueDecision[] {
  const { overlap } = schedule.definition;
  const count = caughtUp(schedule, due.times, now);
  const split = due.times.length - count;
  const missed = missedTimes(schedule, due, split);
  const wanted = due.times.slice(split);
  if (overlap === 'replace') return [...missed, ...replacing(wanted)];
  if (overlap === 'queue') return [...missed, ...queueing(wanted, schedule.waiting.length, earlier)];
  return [...missed, ...skipping(wanted, earlier)];
}

/** How many of the newest times are wanted. */
function caughtUp({ definition }: Pick<Schedule, 'definition'>, times: readonly number[], now: number): number {
  switch (definition.catchUp) {
    case 'skip':
      return now - Number(times.at(-1)) <= onTimeMs ? 1 : 0;
    case 'last':
      return 1;
    case 'all':
      return Math.min(maxWaiting, times.length);
  }
}

function missedTimes(
  { definition }: Pick<Schedule, 'definition'>,
  { times, earlier, exact }: DueSince,
  split: number,
): readonly DueDecision[] {
  const first = Math.max(0, split - maxMissed);
  const untold = earlier + first;
  const why = `no engine was there in time, and the catch-up policy is ${definition.catchUp}`;
  return times.slice(first, split).map((dueAt, index) => {
    const others = `; so ${exact ? '' : 'at least '}${untold} earlier times were missed too`;
    return { dueAt, outcome: 'missed', reason: index === 0 && untold > 0 ? why + others : why };
  });
}

function replacing(wanted: readonly number[]): readonly DueDecision[] {
  return wanted.map((dueAt, index) =>
    index === wanted.length - 1
      ? { dueAt, outcome: 'start', reason: null }
      : { dueAt, outcome: 'skipped', reason: 'a later time took its place before it could start' },
  );
}

function queueing(wanted: readonly number[], waiting: number, earlier: string | null): readonly DueDecision[] {
  const free = earlier === null && waiting === 0;
  return wanted.map((dueAt, index): DueDecision => {
    if (free && index === 0) return { dueAt, outcome: 'start', reason: null };
    if (waiting + index < maxWaiting) {
      return { dueAt, outcome: 'waiting', reason: `it waits for the end of ${earlier ?? 'what is started before it'}` };
    }
    return { dueAt, outcome: 'skipped', reason: `${maxWaiting} times wait already` };
  });
}

function skipping(wanted: readonly number[], earlier: string | null): readonly DueDecision[] {
  return wanted.map((dueAt, index): DueDecision => {
    if (earlier !== null) return { dueAt, outcome: 'skipped', reason: `${earlier} has not ended` };
    if (index === 0) return { dueAt, outcome: 'start', reason: null };
    return { dueAt, outcome: 'skipped', reason: 'an earlier time was due in the same moment' };
  });
}
