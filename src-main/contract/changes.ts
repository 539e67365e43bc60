import type { SubscriptionMessage } from './api.ts';
import type { Event, EventKind } from './event.ts';
import type { RunId } from './ids.ts';
import type { Noun } from './nouns.ts';
import { nouns } from './nouns.ts';

/** What has changed, as a follower of `changes` is told. */
export type Changes = Extract<SubscriptionMessage, { topic: 'changes' }>;

/** The most runs that are told by their ids; with more of them a view asks again for whatever it shows. */
const maxChangedRuns = 100;

/**
 * Which rows an event changes, as far as lists and counts show them. An agent's single activities change none: who
 * shows them follows the events. The compiler demands every kind.
 */
const nounsOf: Readonly<Record<EventKind, readonly Noun[]>> = {
  'engine.started': ['engine'],
  'engine.stopped': ['engine'],
  'engine.frozen': ['engine'],
  'engine.thawed': ['engine'],
  'engine.restored': ['engine'],
  'history.pruned': [...nouns],
  'row.quarantined': [...nouns],
  'settings.changed': ['engine'],
  'command.refused': [],
  'workflow.registered': ['workflow'],
  'run.created': ['run'],
  'run.started': ['run'],
  'run.waiting': ['run'],
  'run.continued': ['run'],
  'run.resumed': ['run'],
  'run.pauseRequested': ['run'],
  'run.paused': ['run'],
  'run.cancelRequested': ['run'],
  'run.completed': ['run'],
  'run.failed': ['run'],
  'run.cancelled': ['run'],
  'stage.inherited': ['run'],
  'stage.dispatched': ['run'],
  'stage.started': ['run'],
  'stage.waiting': ['run'],
  'stage.completed': ['run'],
  'stage.failed': ['run'],
  'stage.skipped': ['run'],
  'stage.cancelled': ['run'],
  'task.created': ['task'],
  'task.unblocked': ['task'],
  'task.held': ['task'],
  'task.unheld': ['task'],
  'task.priorityChanged': ['task'],
  'task.claimed': ['task', 'agent'],
  'task.released': ['task'],
  'task.completed': ['task'],
  'task.failed': ['task'],
  'task.died': ['task'],
  'task.cancelRequested': ['task'],
  'task.cancelled': ['task'],
  'task.requeued': ['task'],
  'attempt.started': ['task'],
  'attempt.did': [],
  'attempt.stuck': ['task', 'agent'],
  'attempt.unstuck': ['task', 'agent'],
  'attempt.ended': ['task', 'agent'],
  'agent.registered': ['agent'],
  'agent.removed': ['agent'],
  'agent.changed': ['agent'],
  'agent.processStarted': ['agent'],
  'agent.processEnded': ['agent'],
  'agent.recovered': ['agent'],
  'agent.condensed': [],
  'breaker.failed': ['breaker'],
  'breaker.succeeded': ['breaker'],
  'breaker.halfOpened': ['breaker'],
  'breaker.reset': ['breaker'],
  'breaker.condensed': [],
  'schedule.saved': ['schedule'],
  'schedule.switched': ['schedule'],
  'schedule.removed': ['schedule'],
  'schedule.condensed': [],
  'schedule.fired': ['schedule'],
  'approval.requested': ['approval', 'run'],
  'approval.answered': ['approval', 'run'],
  'permission.requested': ['permission'],
  'permission.answered': ['permission'],
  'permission.ruleAdded': ['permission'],
  'permission.ruleRemoved': ['permission'],
};

/** Everything may have changed: what a follower is told first, who may have missed anything. */
export function anyChange(lastSeq: number): Changes {
  return { topic: 'changes', lastSeq, nouns: [...nouns], runIds: null };
}

/** What committed events have changed; null when no list or count shows it. */
export function changesOf(events: readonly Event[]): Changes | null {
  const touched = new Set<Noun>();
  const runIds = new Set<RunId>();
  let lastSeq = 0;
  for (const event of events) {
    lastSeq = event.seq;
    const changed = nounsOf[event.kind];
    for (const noun of changed) touched.add(noun);
    if (changed.length > 0 && 'runId' in event && event.runId !== null) runIds.add(event.runId);
  }
  if (touched.size === 0) return null;
  return { topic: 'changes', lastSeq, nouns: inOrder(touched), runIds: bounded(runIds) };
}

/** Two tellings as one; `later` is the newer one. */
export function mergeChanges(earlier: Changes, later: Changes): Changes {
  const both = earlier.runIds === null || later.runIds === null ? null : new Set([...earlier.runIds, ...later.runIds]);
  return {
    topic: 'changes',
    lastSeq: later.lastSeq,
    nouns: inOrder(new Set([...earlier.nouns, ...later.nouns])),
    runIds: both === null ? null : bounded(both),
  };
}

function inOrder(touched: ReadonlySet<Noun>): Noun[] {
  return nouns.filter((noun) => touched.has(noun));
}

function bounded(runIds: ReadonlySet<RunId>): RunId[] | null {
  return runIds.size > maxChangedRuns ? null : [...runIds];
}
