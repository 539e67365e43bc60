import type { Event } from '../contract/event.ts';
import type { RowKind, Rows } from '../contract/evolve.ts';
import type { Run } from '../contract/run.ts';
import {
  agentTransitions,
  approvalTransitions,
  attemptTransitions,
  breakerTransitions,
  mayFollow,
  permissionTransitions,
  runTransitions,
  stageTransitions,
  taskTransitions,
} from '../contract/states.ts';

/** The events that bring a row into being; for a row that is there already each of them is a defect. */
export const creators: { readonly [K in RowKind]?: Event['kind'] } = {
  run: 'run.created',
  task: 'task.created',
  attempt: 'task.claimed',
  approval: 'approval.requested',
  permission: 'permission.requested',
  permissionRule: 'permission.ruleAdded',
};

type Transitions = Readonly<Record<string, readonly string[]>>;
interface Stateful {
  readonly state: string;
}

/** Rows without a state: there is nothing that could follow. */
type Stateless = 'engine' | 'permissionRule' | 'schedule' | 'firing';

const tables: Readonly<Record<Exclude<RowKind, Stateless>, Transitions>> = {
  run: runTransitions,
  task: taskTransitions,
  attempt: attemptTransitions,
  approval: approvalTransitions,
  permission: permissionTransitions,
  agent: agentTransitions,
  breaker: breakerTransitions,
};

/**
 * Holds a fold to the tables of `contract/states`: a state follows another only along an edge, what has ended does
 * not change any more, and only the event that creates a row may meet none.
 * @throws an Error that names row, event and edge: whoever decided the event did not look at the row.
 */
export function assertEdge<K extends RowKind>(
  kind: K,
  id: string,
  before: Rows[K] | null,
  after: Rows[K] | null,
  event: Event,
): void {
  if (kind === 'engine' || before === after) {
    if (before === null && kind in creators)
      throw new Error(`${event.kind} concerns ${kind} ${id}, which does not exist.`);
    return;
  }
  if (before === null || after === null) return;
  const subject = `${kind} ${id}`;
  if (creators[kind] === event.kind) throw new Error(`${event.kind} would create ${subject} a second time.`);
  if (kind === 'run') assertStages(before as Run, after as Run, event);
  if (kind === 'permissionRule' || kind === 'schedule' || kind === 'firing') return;
  follow(tables[kind as Exclude<RowKind, Stateless>], before as Stateful, after as Stateful, subject, event);
}

function assertStages(before: Run, after: Run, event: Event): void {
  if (!('stage' in event)) return;
  const index = after.stages.findIndex(({ name }) => name === event.stage);
  const from = before.stages[index];
  const to = after.stages[index];
  if (from === undefined || to === undefined) {
    throw new Error(`${event.kind} concerns stage ${event.stage} of run ${before.id}, which has no such stage.`);
  }
  // What a rerun takes over was completed in another run: the one way from pending to completed.
  if (event.kind === 'stage.inherited' && from.state === 'pending') return;
  follow(stageTransitions, from, to, `stage ${from.name} of run ${before.id}`, event);
}

function follow(table: Transitions, before: Stateful, after: Stateful, subject: string, event: Event): void {
  if (before === after) return;
  if (before.state !== after.state) {
    if (mayFollow(table, before.state, after.state)) return;
    throw new Error(
      `${event.kind} would take ${subject} from ${before.state} to ${after.state}, which may not follow.`,
    );
  }
  if (table[before.state]?.length === 0) {
    throw new Error(`${event.kind} would change ${subject}, which has ended as ${before.state}.`);
  }
}
