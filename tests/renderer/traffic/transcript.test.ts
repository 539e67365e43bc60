import { expect, test } from 'vitest';
import type { TrafficEdge } from '../../../src-main/contract/api-traffic.ts';
import type { EventOf } from '../../../src-main/contract/event.ts';
import { agentIdSchema } from '../../../src-main/contract/ids.ts';
import type { Activity } from '../../../src-main/contract/task.ts';
import { planTranscript, saidIn } from '../../../src-renderer/features/traffic/transcript.ts';
import { countingIds } from '../../support/counting-ids.ts';

const ids = countingIds();
const attemptId = ids.attemptId();
const taskId = ids.taskId();
const agentId = agentIdSchema.parse('builder');

function did(seq: number, activity: Activity): EventOf<'attempt.did'> {
  return {
    kind: 'attempt.did',
    seq,
    at: seq,
    actor: 'agent',
    taskId,
    runId: null,
    attemptId,
    agentId,
    number: seq,
    activity,
  };
}

const started = (seq: number, tool: string) =>
  did(seq, { kind: 'toolCallStarted', callId: `call ${tool}`, title: `use ${tool}`, tool });
const finished = (seq: number, tool: string) =>
  did(seq, { kind: 'toolCallFinished', callId: `call ${tool}`, status: 'failed' });

const events = [
  started(1, 'edit'),
  did(2, { kind: 'thinking' }),
  started(3, 'fetch'),
  finished(4, 'edit'),
  finished(5, 'fetch'),
];
const seqs = (tool: string | null, since: number) => saidIn(events, tool, since).map(({ event }) => event.seq);

test('a transcript has calls of tools with their ends, and nothing else of what an agent did', () => {
  expect(seqs(null, 0)).toEqual([1, 3, 4, 5]);
  expect(seqs('edit', 0)).toEqual([1, 4]);
  expect(saidIn(events, 'edit', 0).map(({ title }) => title)).toEqual([null, 'use edit']);
  // The end of a call that began before cannot be told from that of another tool.
  expect(seqs(null, 2)).toEqual([3, 5]);
});

const edge = (change: Partial<TrafficEdge>): TrafficEdge => ({
  from: 'agent:builder',
  to: 'agent:tester',
  kind: 'handover',
  count: 1,
  failed: 0,
  abandoned: 0,
  open: 0,
  lastAt: 0,
  ...change,
});
const planOf = (change: Partial<TrafficEdge>, runId?: string) =>
  planTranscript({ is: 'edge', edge: edge(change) }, runId);

test('the events of an edge are those of who takes over, who calls, and who asks', () => {
  expect(planOf({}).filter).toEqual({ agentId: 'tester', kinds: ['task.claimed', 'attempt.ended'] });
  expect(planOf({ kind: 'toolCall', to: 'tool:a: b' })).toMatchObject({ filter: { agentId: 'builder' }, tool: 'a: b' });
  const asked = planOf({ kind: 'question', to: 'person:you' }, 'run_1');
  expect(asked.filter).toEqual({
    agentId: 'builder',
    runId: 'run_1',
    kinds: ['permission.requested', 'permission.answered'],
  });
  const approval = planOf({ kind: 'question', from: 'workflow:app', to: 'person:you' });
  expect(approval.filter).toEqual({ kinds: ['approval.requested', 'approval.answered'] });
});

test('the events of a node are all that it says and is told', () => {
  const kindsOf = (kind: 'agent' | 'tool' | 'person' | 'workflow') =>
    planTranscript({ is: 'node', node: { id: `${kind}:x`, kind, name: 'x', count: 1 } }, undefined).filter;
  expect(kindsOf('agent')).toMatchObject({ agentId: 'x', kinds: expect.arrayContaining(['attempt.did']) });
  expect(kindsOf('tool')).toEqual({ kinds: ['attempt.did'] });
  expect(kindsOf('person').kinds).toHaveLength(4);
  expect(kindsOf('workflow').kinds).toEqual(['approval.requested', 'approval.answered']);
});
