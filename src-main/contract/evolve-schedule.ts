import type { Event, EventOf, NewEvent } from './event.ts';
import type { Firing, Schedule } from './schedule.ts';
import { firingKey } from './schedule.ts';

/**
 * Folds an event into the schedule it names.
 * @param schedule the schedule so far; null before `schedule.saved`.
 * @returns null after `schedule.removed`.
 */
export function evolveSchedule(schedule: Schedule | null, event: Event | NewEvent): Schedule | null {
  if (event.kind === 'schedule.saved') {
    const { scheduleId: id, definition, nextAt, at: savedAt } = event;
    if (schedule !== null) return { ...schedule, definition, nextAt, savedAt };
    return { id, definition, enabled: true, nextAt, waiting: [], lastRunId: null, lastTaskId: null, savedAt };
  }
  if (event.kind === 'schedule.condensed') return event.row;
  if (schedule === null) return null;
  switch (event.kind) {
    case 'schedule.removed':
      return null;
    case 'schedule.switched':
      return { ...schedule, enabled: event.enabled, nextAt: event.nextAt };
    case 'schedule.fired':
      return fired(schedule, event);
    default:
      return schedule;
  }
}

function fired(schedule: Schedule, event: Omit<EventOf<'schedule.fired'>, 'seq'>): Schedule {
  const others = schedule.waiting.filter((dueAt) => dueAt !== event.dueAt);
  const waiting = event.outcome === 'waiting' ? [...others, event.dueAt] : others;
  const started = event.outcome === 'started' ? { lastRunId: event.runId, lastTaskId: event.taskId } : {};
  return { ...schedule, nextAt: event.nextAt, waiting, ...started };
}

/**
 * Folds an event into the firing it names.
 * @param firing the firing so far; null before its first `schedule.fired`.
 */
export function evolveFiring(firing: Firing | null, event: Event | NewEvent): Firing | null {
  if (event.kind !== 'schedule.fired') return firing;
  const { scheduleId, dueAt, at, outcome, runId, taskId, reason } = event;
  return { id: firingKey(scheduleId, dueAt), scheduleId, dueAt, at, outcome, runId, taskId, reason };
}
