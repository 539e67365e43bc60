import { expect, it } from 'vitest';
import { anyChange, changesOf, mergeChanges } from '../../src-main/contract/changes.ts';
import type { Event } from '../../src-main/contract/event.ts';
import { eventKinds } from '../../src-main/contract/event.ts';
import type { RunId } from '../../src-main/contract/ids.ts';
import { nouns } from '../../src-main/contract/nouns.ts';
import { countingIds } from '../support/counting-ids.ts';

const ids = countingIds();

function eventOf(kind: string, fields: object = {}): Event {
  return { seq: 7, at: 0, actor: 'engine', kind, ...fields } as Event;
}

const paused = (runId: RunId, seq = 7) => eventOf('run.paused', { runId, seq });

it('tells at first that anything may have changed', () => {
  expect(anyChange(9)).toEqual({ topic: 'changes', lastSeq: 9, nouns, runIds: null });
});

it('names the kinds of rows that events touch, each once and in one order, and the runs', () => {
  const runId = ids.runId();
  const events = [
    eventOf('task.claimed', { runId }),
    paused(runId),
    eventOf('task.created', { runId: null }),
    eventOf('agent.changed', { seq: 8 }),
  ];
  expect(changesOf(events)).toEqual({ topic: 'changes', lastSeq: 8, nouns: ['run', 'task', 'agent'], runIds: [runId] });
});

it('tells nothing of what no list shows', () => {
  expect(
    changesOf([eventOf('attempt.did', { runId: ids.runId() }), eventOf('command.refused', { runId: null })]),
  ).toBeNull();
  expect(changesOf([])).toBeNull();
});

it('knows every kind of event', () => {
  const silent = eventKinds.filter((kind) => changesOf([eventOf(kind)]) === null);
  expect(silent).toEqual([
    'command.refused',
    'attempt.did',
    'agent.condensed',
    'breaker.condensed',
    'schedule.condensed',
  ]);
});

it('merges two tellings into the newer one, and gives up counting runs above a hundred', () => {
  const some = Array.from({ length: 100 }, () => ids.runId());
  const first = changesOf(some.map((runId) => paused(runId)));
  const agent = changesOf([eventOf('agent.recovered', { seq: 9 })]);
  const one = changesOf([paused(ids.runId(), 10)]);
  if (first === null || agent === null || one === null) throw new Error('nothing was told');
  expect(first.runIds).toEqual(some);
  const merged = mergeChanges(first, agent);
  expect(merged).toEqual({ topic: 'changes', lastSeq: 9, nouns: ['run', 'agent'], runIds: some });
  expect(mergeChanges(merged, one)).toMatchObject({ lastSeq: 10, runIds: null });
  expect(mergeChanges(anyChange(1), one).runIds).toBeNull();
  expect(mergeChanges(one, anyChange(11)).runIds).toBeNull();
  expect(changesOf([...some, ids.runId()].map((runId) => paused(runId)))?.runIds).toBeNull();
});
