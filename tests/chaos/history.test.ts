import { expect, test } from 'vitest';
import type { Event } from '../../src-main/contract/event.ts';
import { attemptEnded, attemptStarted, claimOf, ids, taskCompleted, taskCreated } from '../store/sample-events.ts';
import { attemptNumbersRise, oneOwner, onlyAllowedEdges } from './properties/history.ts';

type Unnumbered = Parameters<typeof numbered>[number];

function numbered(...events: Omit<Event, 'seq'>[]): Event[] {
  return events.map((event, index) => ({ ...event, seq: index + 1 }) as Event);
}

const created = taskCreated();
const claimed = (number: number, fence: number) => {
  const attemptId = ids.attemptId();
  const row = { id: attemptId, taskId: created.taskId, runId: null, agentId: 'worker' as never };
  const event: Unnumbered = {
    kind: 'task.claimed',
    at: 1,
    actor: 'engine',
    ...claimOf(row),
    stage: null,
    number,
    fence,
  } as never;
  return { claim: claimOf(row), event, row };
};

const completedBy = ({ row }: ReturnType<typeof claimed>) => [
  attemptStarted(claimOf(row)),
  attemptEnded(claimOf(row), 'completed'),
  taskCompleted({ ...row, taskId: created.taskId } as never),
];

test('a history in order violates nothing, and the looks count what they looked at', () => {
  const first = claimed(1, 1);
  const events = numbered(created, first.event, ...completedBy(first));
  expect(oneOwner(events)).toEqual({ property: 'P2', looked: 1, violations: [] });
  expect(attemptNumbersRise(events)).toEqual({ property: 'P3', looked: 1, violations: [] });
  expect(onlyAllowedEdges(events)).toMatchObject({ property: 'P4', violations: [] });
  expect(onlyAllowedEdges(events).looked).toBeGreaterThan(3);
});

test('P2 finds a second owner, a fence that does not rise, and a completion by nobody', () => {
  const [first, second] = [claimed(1, 1), claimed(2, 1)];
  const { violations } = oneOwner(
    numbered(created, first.event, second.event, ...completedBy(second), ...completedBy(first).slice(2)),
  );
  expect(violations).toEqual([
    expect.stringContaining(`attempt ${first.row.id} still holds it`),
    expect.stringContaining('nobody holds it'),
  ]);
});

test('P2 finds a completion whose attempt has not completed', () => {
  const first = claimed(1, 1);
  const events = numbered(created, first.event, ...completedBy(first).slice(2));
  expect(oneOwner(events).violations).toEqual([expect.stringContaining('has not completed')]);
});

test('P3 finds a number that comes twice', () => {
  const [first, second] = [claimed(1, 1), claimed(1, 2)];
  expect(attemptNumbersRise(numbered(created, first.event, second.event)).violations).toHaveLength(1);
});

test('P4 finds a change after the end', () => {
  const [first, second] = [claimed(1, 1), claimed(2, 2)];
  const events = numbered(created, first.event, ...completedBy(first), second.event);
  expect(onlyAllowedEdges(events).violations).toEqual([expect.stringContaining('from completed to claimed')]);
});
