import { expect, it } from 'vitest';
import type { Event } from '../../../src-main/contract/event.ts';
import { eventSchema } from '../../../src-main/contract/event.ts';
import { eventFacts, eventLine, eventSign } from '../../../src-renderer/features/events/event-words.ts';

const common = { seq: 7, at: 1_700_000_000_000, actor: 'engine' } as const;
const runId = 'run_01hzy3v8k2m4n6p8q0r2s4t6v8';

function event(facts: Readonly<Record<string, unknown>>): Event {
  return eventSchema.parse({ ...common, ...facts });
}

const failure = { category: 'exit', class: 'fatal', message: 'exit code 1' };

it('an event says in one line where and why', () => {
  const failed = event({ kind: 'stage.failed', runId, stage: 'tests', failure, gates: [], tolerated: false });
  expect(eventLine(failed)).toBe('tests · exit code 1');
  expect(eventLine(event({ kind: 'run.cancelled', runId, reason: 'not needed' }))).toBe('not needed');
  expect(eventLine(event({ kind: 'run.completed', runId }))).toBe('');
});

it('the sign of an event follows from how its kind ends', () => {
  expect(eventSign(event({ kind: 'run.completed', runId })).tone).toBe('completed');
  expect(eventSign(event({ kind: 'run.failed', runId, failure })).tone).toBe('failed');
  expect(eventSign(event({ kind: 'run.started', runId })).tone).toBe('running');
  expect(eventSign(event({ kind: 'run.paused', runId })).tone).toBe('idle');
});

it('the facts of an event are all that its row does not say', () => {
  expect(JSON.parse(eventFacts(event({ kind: 'run.failed', runId, failure })))).toEqual({ runId, failure });
});

it('an event of a schedule, a circuit breaker and the watchdog says what it was about', () => {
  const line = (facts: Readonly<Record<string, unknown>>) => eventLine({ ...common, ...facts } as unknown as Event);
  const scheduleId = 'nightly';
  const breakerId = 'agent:gemini';
  expect(line({ kind: 'schedule.saved', scheduleId, definition: { title: 'Every night' } })).toBe(
    'nightly: Every night',
  );
  expect(line({ kind: 'schedule.switched', scheduleId, enabled: false, reason: 'rest' })).toBe('nightly, off: rest');
  expect(line({ kind: 'schedule.switched', scheduleId, enabled: true, reason: 'go' })).toBe('nightly, on: go');
  expect(line({ kind: 'schedule.removed', scheduleId, reason: 'old' })).toBe('nightly: old');
  expect(line({ kind: 'schedule.fired', scheduleId, outcome: 'started', reason: null })).toBe('nightly, started');
  expect(line({ kind: 'schedule.fired', scheduleId, outcome: 'failed', reason: 'no folder' })).toBe(
    'nightly, failed: no folder',
  );
  expect(line({ kind: 'breaker.failed', breakerId, to: 'open', failure })).toBe('agent:gemini, open: exit code 1');
  expect(line({ kind: 'breaker.succeeded', breakerId, to: 'closed' })).toBe('agent:gemini, closed');
  expect(line({ kind: 'breaker.halfOpened', breakerId })).toBe('agent:gemini');
  expect(line({ kind: 'breaker.reset', breakerId, reason: 'mended' })).toBe('agent:gemini: mended');
  expect(line({ kind: 'attempt.stuck', stage: null, rung: 'stop', evidence: 'silent' })).toBe('stop: silent');
  expect(line({ kind: 'row.quarantined', row: 'task', id: 't', reason: 'bad' })).toBe('task t: bad');
  expect(line({ kind: 'settings.changed', sections: ['slots', 'desktop'] })).toBe('slots, desktop');
  expect(line({ kind: 'history.pruned', runs: 1, tasks: 2, events: 3, reason: 'old' })).toBe(
    '1 run, 2 tasks, 3 events: old',
  );
});
