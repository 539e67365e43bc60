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
