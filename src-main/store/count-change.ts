import type { RowKind, Rows } from '../contract/evolve.ts';
import type { AttemptState } from '../contract/states.ts';
import { isTaskLive } from '../contract/states.ts';
import type { Task } from '../contract/task.ts';
import type { CounterBook, CounterScope } from './counters.ts';

/** Which ends of an attempt count for and against its agent; an interruption or a cancellation says nothing of it. */
const tallyOf: Readonly<Partial<Record<AttemptState, CounterScope>>> = {
  completed: 'attemptsCompleted',
  failed: 'attemptsFailed',
  timed_out: 'attemptsFailed',
};

/** The rows of which there is a counter for every state. */
const countedByState: Readonly<Partial<Record<RowKind, CounterScope>>> = {
  run: 'runs',
  task: 'tasks',
  agent: 'agents',
};

interface Stateful {
  readonly state: string;
}

/** Keeps the counters in step with a row that changed. */
export function countChange<K extends RowKind>(
  counters: CounterBook,
  kind: K,
  before: Rows[K] | null,
  after: Rows[K] | null,
): void {
  if (kind === 'attempt') {
    countAttempt(counters, before as Rows['attempt'] | null, after as Rows['attempt']);
    return;
  }
  if (kind === 'permission') {
    countOpen(counters, before as Rows['permission'] | null, after as Rows['permission']);
    return;
  }
  if (kind === 'task') countLease(counters, before as Task | null, after as Task);
  const scope = countedByState[kind];
  if (scope === undefined) return;
  const from = (before as Stateful | null)?.state;
  const to = (after as Stateful | null)?.state;
  if (from === to) return;
  if (from !== undefined) counters.add(scope, from, -1);
  if (to !== undefined) counters.add(scope, to, 1);
}

function countAttempt(counters: CounterBook, before: Rows['attempt'] | null, after: Rows['attempt']): void {
  if (before?.state === after.state) return;
  const scope = tallyOf[after.state];
  if (scope !== undefined) counters.add(scope, after.agentId, 1);
}

/** A live task is leased to the agent of its attempt. */
function countLease(counters: CounterBook, before: Task | null, after: Task): void {
  const held = before === null ? null : leaseholder(before);
  const holds = leaseholder(after);
  if (held === holds) return;
  if (held !== null) counters.add('leases', held, -1);
  if (holds !== null) counters.add('leases', holds, 1);
}

function leaseholder(task: Task): string | null {
  return isTaskLive(task.state) ? task.agentId : null;
}

/** Only open ones are counted: those that were answered may be forgotten. */
function countOpen(counters: CounterBook, before: Rows['permission'] | null, after: Rows['permission']): void {
  const change = Number(after.state === 'open') - Number(before?.state === 'open');
  if (change !== 0) counters.add('permissions', 'open', change);
}
