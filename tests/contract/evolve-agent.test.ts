import { describe, expect, test } from 'vitest';
import type { Agent } from '../../src-main/contract/agent.ts';
import type { NewEvent } from '../../src-main/contract/event.ts';
import { evolveAgent, evolveApproval, isSameProcess } from '../../src-main/contract/evolve-agent.ts';
import type { AgentState } from '../../src-main/contract/states.ts';
import type { Actor } from '../../src-main/contract/values.ts';
import { countingIds } from '../support/counting-ids.ts';
import { agentDefinition, agentRow } from '../support/samples.ts';

const ids = countingIds();
const definition = agentDefinition();
const agentId = definition.id;
const now = { at: 700, actor: 'engine' as const };
const first = { pid: 123, startMark: '456' };
const second = { pid: 124, startMark: '457' };

test('agent.registered makes the whole agent, stopped and willing to work', () => {
  expect(evolveAgent(null, { ...now, kind: 'agent.registered', agentId, definition })).toEqual({
    id: agentId,
    definition,
    state: 'stopped',
    reason: null,
    version: null,
    processes: [],
    startsOnDemand: true,
    crashesInRow: 0,
    restarts: 0,
    restartAt: null,
    registeredAt: 700,
    stateSince: 700,
  });
});

test('agent.removed leaves no agent', () => {
  expect(evolveAgent(agentRow(), { ...now, kind: 'agent.removed', agentId })).toBeNull();
});

describe('an event of an agent changes its fields and leaves all others', () => {
  const renamed = agentDefinition({ title: 'another' });
  const started = { ...now, kind: 'agent.processStarted' as const, agentId, process: second };
  const ended = { ...now, kind: 'agent.processEnded' as const, agentId, reason: 'gone' };
  const cases: readonly [string, Partial<Agent>, NewEvent, Partial<Agent>][] = [
    [
      'is configured anew',
      { state: 'busy', processes: [first] },
      { ...now, kind: 'agent.registered', agentId, definition: renamed },
      { definition: renamed },
    ],
    [
      'changes its state',
      {},
      { ...now, kind: 'agent.changed', agentId, to: 'crashed', reason: 'SIGKILL' },
      { state: 'crashed', reason: 'SIGKILL', stateSince: 700 },
    ],
    [
      'has one more process, of a version',
      { processes: [first] },
      { ...started, version: '2.0.0' },
      { processes: [first, second], version: '2.0.0' },
    ],
    [
      'was started again after a crash, and keeps the version it knows',
      { version: '1.0.0', crashesInRow: 2, restarts: 3, restartAt: 650 },
      { ...started, version: null },
      { processes: [second], restarts: 4, restartAt: null },
    ],
    [
      'has one process fewer, as was asked',
      { processes: [first, second], crashesInRow: 1, restartAt: 650 },
      { ...ended, process: first, expected: true, restartAt: null },
      { processes: [second] },
    ],
    [
      'lost a process',
      { processes: [first], crashesInRow: 1 },
      { ...ended, process: first, expected: false, restartAt: 900 },
      { processes: [], crashesInRow: 2, restartAt: 900 },
    ],
    [
      'keeps a process whose reused PID belongs to another',
      { processes: [first] },
      { ...ended, process: { pid: first.pid, startMark: '999' }, expected: true, restartAt: null },
      {},
    ],
    [
      'did not come to have a process',
      { processes: [first] },
      { ...ended, process: null, expected: false, restartAt: null },
      { crashesInRow: 1 },
    ],
    [
      'is forgiven its crashes',
      { crashesInRow: 2, restartAt: 900 },
      { ...now, kind: 'agent.recovered', agentId },
      { crashesInRow: 0, restartAt: null },
    ],
  ];
  test.each(cases)('%s', (_title, before, event, change) => {
    const row = agentRow(before);
    expect(evolveAgent(row, event)).toEqual({ ...row, ...change });
  });
});

describe('whether waiting work starts an agent', () => {
  test.each<[Actor, AgentState, AgentState, boolean, boolean]>([
    ['person', 'idle', 'stopped', true, false],
    ['person', 'busy', 'draining', true, false],
    ['person', 'idle', 'disabled', true, false],
    ['person', 'disabled', 'stopped', false, true],
    ['person', 'stopped', 'starting', false, true],
    ['engine', 'idle', 'stopped', true, true],
    ['engine', 'draining', 'stopped', false, false],
    ['engine', 'stopped', 'starting', false, false],
  ])('the %s takes it from %s to %s: %s becomes %s', (actor, state, to, startsOnDemand, after) => {
    const event: NewEvent = { at: 700, actor, kind: 'agent.changed', agentId, to, reason: null };
    expect(evolveAgent(agentRow({ state, startsOnDemand }), event)).toMatchObject({ state: to, startsOnDemand: after });
  });
});

test('a process is the same only with the same PID and the same start mark', () => {
  expect([
    isSameProcess(first, { ...first }),
    isSameProcess(first, { ...first, pid: 1 }),
    isSameProcess(first, { ...first, startMark: '' }),
  ]).toEqual([true, false, false]);
});

test('an approval is open until it is answered', () => {
  const ref = { runId: ids.runId(), stage: 'release', approvalId: ids.approvalId() };
  const question = { question: 'Ship it?', onTimeout: 'reject' as const, expiresAt: 900 };
  const open = evolveApproval(null, { ...now, kind: 'approval.requested', ...ref, ...question });
  const row = {
    id: ref.approvalId,
    runId: ref.runId,
    stage: 'release',
    ...question,
    state: 'open',
    requestedAt: 700,
    answeredAt: null,
    comment: null,
  };
  expect(open).toEqual(row);
  const answer = { answer: 'approved' as const, comment: 'yes' };
  expect(evolveApproval(open, { ...now, at: 800, kind: 'approval.answered', ...ref, ...answer })).toEqual({
    ...row,
    state: 'approved',
    answeredAt: 800,
    comment: 'yes',
  });
});
