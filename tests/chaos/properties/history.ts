import type { Event, EventOf } from '../../../src-main/contract/event.ts';
import type { RowKind, Rows } from '../../../src-main/contract/evolve.ts';
import { evolve, touchedRows } from '../../../src-main/contract/evolve.ts';
import type { Run } from '../../../src-main/contract/run.ts';
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
} from '../../../src-main/contract/states.ts';
import { overlaps, readJournals } from '../../support/journal.ts';
import type { Held } from '../properties.ts';
import { held } from '../properties.ts';
import { lookAt, storedEvents } from './stored-history.ts';

/** Who holds a task, as its events so far say. */
interface Ownership {
  readonly owner: string | null;
  readonly fence: number;
  /** The attempt that ended last, and how. */
  readonly ended: EventOf<'attempt.ended'> | null;
}

const free: Ownership = { owner: null, fence: 0, ended: null };

/** P2, from the events: a claim finds no owner and raises the fence, and only the owner reports and completes. */
export function oneOwner(events: readonly Event[]): Held {
  const tasks = new Map<string, Ownership>();
  const violations: string[] = [];
  let claims = 0;
  for (const event of events) {
    if (!('taskId' in event) || event.taskId === null || event.kind === 'command.refused') continue;
    if (event.kind === 'schedule.fired') continue;
    const before = tasks.get(event.taskId) ?? free;
    if (event.kind === 'task.claimed') claims += 1;
    const wrong = misowned(before, event);
    if (wrong !== null) violations.push(`Event ${event.seq} (${event.kind}) of task ${event.taskId}: ${wrong}.`);
    tasks.set(event.taskId, nextOwnership(before, event));
  }
  return held('P2', claims, violations);
}

function misowned({ owner, fence, ended }: Ownership, event: Event): string | null {
  switch (event.kind) {
    case 'task.claimed':
      if (owner !== null) return `attempt ${owner} still holds it`;
      return event.fence > fence ? null : `its fence ${event.fence} does not rise above ${fence}`;
    case 'attempt.started':
    case 'attempt.did':
    case 'attempt.ended':
    case 'task.released':
      return owner === event.attemptId ? null : `attempt ${event.attemptId} does not hold it, but ${owner}`;
    case 'task.completed':
      if (owner === null) return 'nobody holds it';
      return ended?.attemptId === owner && ended.state === 'completed'
        ? null
        : `its attempt ${owner} has not completed`;
    default:
      return null;
  }
}

function nextOwnership(before: Ownership, event: Event): Ownership {
  switch (event.kind) {
    case 'task.claimed':
      return { owner: event.attemptId, fence: event.fence, ended: null };
    case 'attempt.ended':
      return { ...before, ended: event };
    case 'task.released':
    case 'task.completed':
    case 'task.failed':
    case 'task.died':
    case 'task.cancelled':
      return { ...before, owner: null };
    default:
      return before;
  }
}

/** P2, from outside of the engine: the journals of attempts' own processes (`tests/support/journal.ts`) never overlap. */
export function neverTwiceAtOnce(journalFolder: string): Held {
  const journals = [...readJournals(journalFolder).values()];
  const attempts = journals.reduce((sum, entries) => sum + entries.length, 0);
  return held('P2', attempts, journals.flatMap(overlaps));
}

/** P3: the attempts of a task are numbered 1, 2, 3 and so on in the order of their claims. */
export function attemptNumbersRise(events: readonly Event[]): Held {
  const last = new Map<string, number>();
  const violations: string[] = [];
  let claims = 0;
  for (const event of events) {
    if (event.kind !== 'task.claimed') continue;
    claims += 1;
    const before = last.get(event.taskId) ?? 0;
    if (event.number !== before + 1) {
      violations.push(`Event ${event.seq}: attempt ${event.number} of task ${event.taskId} follows number ${before}.`);
    }
    last.set(event.taskId, event.number);
  }
  return held('P3', claims, violations);
}

/**
 * After all work was completed. P2: each task was completed once, by its last attempt, and every other attempt says
 * why it was interrupted. P4: each stage was given out and completed once.
 * @param done tasks that stand alone, and runs, all of which were completed.
 */
export function onceEach(
  dataFolder: string,
  done: { readonly tasks: readonly string[]; readonly runs: readonly string[] },
): readonly Held[] {
  const events = storedEvents(dataFolder);
  const ours = new Set([...done.tasks, ...done.runs]);
  const ends = Map.groupBy(
    events
      .filter((event) => event.kind === 'attempt.ended')
      .filter(({ taskId, runId }) => ours.has(taskId) || (runId !== null && ours.has(runId))),
    ({ taskId }) => taskId,
  );
  const wrongEnds = [...ends].flatMap(([taskId, attempts]) => {
    const last = attempts.at(-1);
    const completed = attempts.filter(({ state }) => state === 'completed');
    if (completed.length !== 1 || completed[0] !== last) {
      return [`The attempts of task ${taskId} ended as ${attempts.map(({ state }) => state).join(', ')}.`];
    }
    const unexplained = attempts.filter((end) => end !== last && (end.failure?.message ?? '') === '');
    return unexplained.map(({ attemptId }) => `Attempt ${attemptId} does not say why it ended.`);
  });
  const stages = events.filter((event) => event.kind === 'stage.dispatched' || event.kind === 'stage.completed');
  const doubled = [...Map.groupBy(stages, ({ kind, runId, stage }) => `${kind} of ${stage} in ${runId}`)]
    .filter(([, same]) => same.length > 1)
    .map(([what, same]) => `There are ${same.length} events ${what}.`);
  return [held('P2', ends.size, wrongEnds), held('P4', stages.length, doubled)];
}

type Transitions = Readonly<Record<string, readonly string[]>>;
type Stateful = { readonly state: string };

const tables: { readonly [K in RowKind]?: Transitions } = {
  run: runTransitions,
  task: taskTransitions,
  attempt: attemptTransitions,
  agent: agentTransitions,
  approval: approvalTransitions,
  permission: permissionTransitions,
  breaker: breakerTransitions,
};

/** P4: folds every event anew and holds each change of a state to the tables of `contract/states`. */
export function onlyAllowedEdges(events: readonly Event[]): Held {
  const rows = new Map<string, Rows[RowKind] | null>();
  const violations: string[] = [];
  let looked = 0;
  for (const event of events) {
    for (const { kind, id } of touchedRows(event)) {
      const key = `${kind} ${id}`;
      const before = rows.get(key) ?? null;
      const after = evolve(kind, before as never, event) as Rows[RowKind] | null;
      rows.set(key, after);
      if (before === null || after === null) continue;
      looked += 1;
      const wrong = forbidden(kind, before, after, event);
      if (wrong !== null) violations.push(`Event ${event.seq} (${event.kind}) takes ${key} ${wrong}.`);
    }
  }
  return held('P4', looked, violations);
}

function forbidden(kind: RowKind, before: Rows[RowKind], after: Rows[RowKind], event: Event): string | null {
  const table = tables[kind];
  if (table === undefined) return null;
  const wrong = edge(table, (before as Stateful).state, (after as Stateful).state, before === after);
  if (wrong !== null || kind !== 'run' || event.kind === 'stage.inherited') return wrong;
  for (const stage of (after as Run).stages) {
    const earlier = (before as Run).stages.find(({ name }) => name === stage.name);
    if (earlier === undefined) return `to a stage ${stage.name} that it did not have`;
    const wrongStage = edge(
      stageTransitions,
      earlier.state,
      stage.state,
      JSON.stringify(earlier) === JSON.stringify(stage),
    );
    if (wrongStage !== null) return `with its stage ${stage.name} ${wrongStage}`;
  }
  return null;
}

function edge(table: Transitions, from: string, to: string, same: boolean): string | null {
  if (from !== to) return mayFollow(table, from, to) ? null : `from ${from} to ${to}`;
  return same || (table[from] ?? []).length > 0 ? null : `on although it has ended as ${from}`;
}

const strayLeasesSql = `
SELECT count(*) FROM attempts a LEFT JOIN tasks t ON t.id = a.task_id WHERE a.ended_at_ms IS NULL
AND (t.state IS NULL OR t.state NOT IN ('claimed', 'running') OR t.attempt_id <> a.id OR t.fence <> a.fence)`;

/**
 * P6: numbers of events rise from 1 without gaps, but those that pruning left and told of; a lease belongs to a live
 * task's current attempt.
 */
function numberedWithoutGaps(dataFolder: string): Held {
  const events = storedEvents(dataFolder);
  const forgotten = events.reduce((sum, event) => sum + (event.kind === 'history.pruned' ? event.events : 0), 0);
  const missing = (events.at(-1)?.seq ?? 0) - events.length;
  const violations = missing === forgotten ? [] : [`${missing} numbers are missing, and ${forgotten} were pruned.`];
  const stray = lookAt(dataFolder, (statements) => statements.number(strayLeasesSql));
  if (stray > 0) violations.push(`${stray} leases belong to no live task.`);
  return held('P6', events.length, violations);
}

/** P2, P3, P4 and P6 of a data folder: what its events say by themselves. */
export function historyHolds(dataFolder: string): readonly Held[] {
  const events = storedEvents(dataFolder);
  return [oneOwner(events), attemptNumbersRise(events), onlyAllowedEdges(events), numberedWithoutGaps(dataFolder)];
}
