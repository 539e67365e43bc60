import { expect, it } from 'vitest';
import type { Event } from '../../../src-main/contract/event.ts';
import { eventFacts, eventLine } from '../../../src-renderer/features/run/event-facts.ts';
import { runningTask } from '../../support/samples.ts';

const { attempt } = runningTask();
const failure = { category: 'exit', class: 'unknown', message: 'It ended with exit code 3.' };

function event(facts: object): Event {
  return { at: 1, seq: 7, actor: 'engine', ...facts } as unknown as Event;
}

it.each<[object, string]>([
  [{ kind: 'stage.skipped', stage: 'deploy', reason: 'stage test failed' }, 'deploy: stage test failed'],
  [{ kind: 'task.claimed', stage: 'test', number: 2, agentId: 'shell' }, 'test: attempt 2 by shell'],
  [{ kind: 'attempt.ended', state: 'failed', failure }, 'failed, It ended with exit code 3.'],
  [{ kind: 'run.failed', failure }, 'It ended with exit code 3.'],
  [{ kind: 'run.started' }, ''],
  [{ kind: 'approval.answered', stage: 'sign', answer: 'approved', comment: 'fine' }, 'sign: approved, fine'],
  [{ kind: 'attempt.did', activity: { kind: 'toolCallStarted', title: '', tool: 'edit' } }, 'began edit'],
  [{ kind: 'attempt.did', activity: { kind: 'toolCallFinished', status: 'failed' } }, 'a tool call failed'],
])('says in a line what an event says besides its kind', (facts, line) => {
  expect(eventLine(event(facts))).toBe(line);
});

it('writes all facts that the line does not show as text', () => {
  const facts = { attemptId: attempt.id, note: '<b>not markup</b>' };
  expect(JSON.parse(eventFacts(event({ kind: 'attempt.started', ...facts })))).toEqual(facts);
});
