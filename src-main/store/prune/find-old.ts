import type { PrunePlace, PruneRule } from '../../core/ports-history.ts';
import { prunableStates } from '../../core/ports-history.ts';
import type { Statements } from '../connection.ts';
import type { Outcome } from './forget-owner.ts';
import { forgetOwner, needsOf, obstacle } from './forget-owner.ts';
import type { Owner, Removed } from './forgotten.ts';
import { markedOwners, unmark } from './forgotten.ts';

/** How many owners are looked at in a step, at most. */
const lookedAt = 50;

const oldRunsSql = `
SELECT id, ended_at_ms FROM runs WHERE ended_at_ms >= ? AND ended_at_ms < ? AND (ended_at_ms, id) > (?, ?)
ORDER BY ended_at_ms, id LIMIT ${lookedAt}`;
const oldTasksSql = `
SELECT id, run_id, ended_at_ms, created_at_ms FROM tasks WHERE state = ? AND id > ? ORDER BY id LIMIT ${lookedAt}`;
const endedSql = 'SELECT state, ended_at_ms FROM tasks WHERE id = ?';
const eventsOfSql = {
  run: "SELECT count(*) FROM events WHERE run_id = ? AND kind <> 'schedule.fired'",
  task: "SELECT count(*) FROM events WHERE task_id = ? AND kind <> 'schedule.fired'",
} as const;

interface Step {
  readonly statements: Statements;
  readonly rule: PruneRule;
  readonly budget: number;
  readonly removed: Removed;
}

/** Goes on with what an earlier step has begun to forget. @returns where to go on. */
export function forgetMarked(step: Step, skipped: number): PrunePlace {
  const owner = markedOwners(step.statements)[skipped];
  if (owner === undefined || step.rule.dryRun) return { phase: 'runs', at: 0, id: '' };
  const outcome = forgetOwner(step.statements, owner, step.budget, step.removed);
  if (outcome === 'missing') unmark(step.statements, owner);
  const stays = outcome === 'open' || outcome === 'needed';
  return { phase: 'marked', skipped: stays ? skipped + 1 : skipped };
}

/** Forgets the next runs that ended before the time of the rule, longest ago first. */
export function forgetOldRuns(step: Step, place: Extract<PrunePlace, { phase: 'runs' }>): PrunePlace {
  const { at, id } = place;
  const runs = step.statements.rows(oldRunsSql, at, step.rule.before, at, id);
  let reached = place;
  for (const [runId, endedAt] of runs) {
    if (isFull(step)) return reached;
    if (forget(step, { noun: 'run', id: String(runId) }) === 'partly') return reached;
    reached = { phase: 'runs', at: Number(endedAt), id: String(runId) };
  }
  return runs.length < lookedAt ? { phase: 'tasks', state: prunableStates[0], id: '' } : reached;
}

/**
 * Forgets the next tasks that stand alone and ended before the time of the rule, of one state after the other, in the
 * order of their creation. Dead letters wait for a person, however long.
 */
export function forgetOldTasks(step: Step, place: Extract<PrunePlace, { phase: 'tasks' }>): PrunePlace {
  const tasks = step.statements.rows(oldTasksSql, place.state, place.id);
  let reached = place;
  for (const [id, runId, endedAt, createdAt] of tasks) {
    if (isFull(step)) return reached;
    // What was made after the time of the rule has not ended before it, nor has what was made later.
    if (Number(createdAt) >= step.rule.before && Number(createdAt) <= step.rule.now) return nextState(place.state);
    const isOld = runId === null && Number(endedAt) < step.rule.before;
    if (isOld && forgetWithNeeds(step, String(id)) === 'partly') return reached;
    reached = { phase: 'tasks', state: place.state, id: String(id) };
  }
  return tasks.length < lookedAt ? nextState(place.state) : reached;
}

function nextState(state: (typeof prunableStates)[number]): PrunePlace {
  const next = prunableStates[prunableStates.indexOf(state) + 1];
  return next === undefined ? { phase: 'events', after: 0 } : { phase: 'tasks', state: next, id: '' };
}

/** Forgets a task, and then those which only it had still needed. */
function forgetWithNeeds(step: Step, id: string): Outcome {
  const needs = needsOf(step.statements, id);
  const outcome = forget(step, { noun: 'task', id });
  if (outcome !== 'done') return outcome;
  for (const need of needs) {
    const [state, endedAt] = step.statements.row(endedSql, need) ?? [];
    const isOld = (prunableStates as readonly unknown[]).includes(state) && Number(endedAt) < step.rule.before;
    // What cannot be done in this step is found again as one that is marked.
    if (isOld && !isFull(step)) forget(step, { noun: 'task', id: need });
  }
  return 'done';
}

function forget({ statements, rule, budget, removed }: Step, owner: Owner): Outcome {
  if (!rule.dryRun) return forgetOwner(statements, owner, budget, removed);
  const fault = obstacle(statements, owner);
  if (fault !== null) return fault;
  removed[owner.noun === 'run' ? 'runs' : 'tasks'] += 1;
  removed.events += statements.number(eventsOfSql[owner.noun], owner.id);
  return 'done';
}

/** One owner more may be as much again as the step has room for. */
function isFull({ removed, budget }: Step): boolean {
  return removed.events + removed.attemptIds.length >= budget;
}
