import type { ApiError } from '../contract/errors.ts';
import type { TaskId } from '../contract/ids.ts';
import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';
import type { Run } from '../contract/run.ts';
import type { Settings } from '../contract/settings.ts';
import { isTaskEnded } from '../contract/states.ts';
import type { Activity, Attempt, ProcessIdentity, Stuck, Task } from '../contract/task.ts';
import type { Breakers } from './breakers.ts';
import type { AttemptEnd } from './decide-attempt.ts';
import { decideAttemptEnd, guardFence } from './decide-attempt.ts';
import { gotStuckBefore } from './decide-stuck.ts';
import { cancelOpenTask } from './decide-task.ts';
import { holdTask } from './hold-tasks.ts';
import { mustRow } from './must-row.ts';
import { withdrawOpen } from './permission-answers.ts';
import type { Clock, IdSource, StoreUnit } from './ports.ts';
import type { Projects } from './ports-projects.ts';
import type { Moment } from './refusals.ts';
import { commandRefused } from './refusals.ts';
import type { RunFlow } from './run-flow.ts';

/** The most activities of one attempt that become events; its log keeps all of them. */
const maxActivities = 10_000;

function idsOf(attempt: Attempt) {
  return { taskId: attempt.taskId, runId: attempt.runId, attemptId: attempt.id, agentId: attempt.agentId };
}

/** Every write that belongs to an attempt. Each carries the attempt's fence; a stale one is refused and recorded. */
export class AttemptWrites {
  readonly #ids: IdSource;
  readonly #clock: Clock;
  readonly #flow: RunFlow;
  readonly #breakers: Breakers;
  readonly #settings: Pick<Settings, 'restart'>;
  readonly #projects: Pick<Projects, 'settingsOf'>;

  constructor(deps: {
    ids: IdSource;
    clock: Clock;
    flow: RunFlow;
    breakers: Breakers;
    settings: Pick<Settings, 'restart'>;
    projects: Pick<Projects, 'settingsOf'>;
  }) {
    this.#ids = deps.ids;
    this.#clock = deps.clock;
    this.#flow = deps.flow;
    this.#breakers = deps.breakers;
    this.#settings = deps.settings;
    this.#projects = deps.projects;
  }

  /** The attempt's process runs and took the work. Saying so again changes nothing. */
  started(unit: StoreUnit, attempt: Attempt, process: ProcessIdentity | null): Result<null, ApiError> {
    const found = this.#held(unit, attempt, 'startAttempt');
    if (!found.ok) return found;
    if (found.value.attempt.state === 'starting') {
      unit.record([{ ...this.#now(), kind: 'attempt.started', ...idsOf(attempt), process }]);
    }
    return ok(null);
  }

  /** Records what the agent did, numbered without gaps, up to `maxActivities`. */
  did(unit: StoreUnit, attempt: Attempt, activities: readonly Activity[]): Result<null, ApiError> {
    const found = this.#held(unit, attempt, 'recordActivity');
    if (!found.ok) return found;
    const first = found.value.attempt.activities;
    const kept = activities.slice(0, Math.max(0, maxActivities - first));
    const about = { ...this.#now(), kind: 'attempt.did' as const, ...idsOf(attempt) };
    unit.record(kept.map((activity, index) => ({ ...about, number: first + index + 1, activity })));
    return ok(null);
  }

  /** The watchdog went a rung further with it. */
  stuck(unit: StoreUnit, attempt: Attempt, stuck: Stuck): Result<null, ApiError> {
    const found = this.#held(unit, attempt, 'markStuck');
    if (!found.ok) return found;
    unit.record([{ ...this.#now(), kind: 'attempt.stuck', ...idsOf(attempt), ...stuck }]);
    return ok(null);
  }

  /** It does something again. Changes nothing of one that was not stuck. */
  unstuck(unit: StoreUnit, attempt: Attempt): Result<null, ApiError> {
    const found = this.#held(unit, attempt, 'markUnstuck');
    if (!found.ok) return found;
    if (found.value.attempt.stuck !== null)
      unit.record([{ ...this.#now(), kind: 'attempt.unstuck', ...idsOf(attempt) }]);
    return ok(null);
  }

  /** Ends the attempt, and with it (or not yet) its task and stage; the run goes on. @returns the task after it. */
  ended(unit: StoreUnit, attempt: Attempt, end: AttemptEnd): Result<Task, ApiError> {
    this.#breakers.passed(attempt.id);
    const found = this.#held(unit, attempt, 'endAttempt');
    if (!found.ok) return found;
    const { task } = found.value;
    const moment = this.#now();
    if (end.outcome.kind === 'completed') {
      const { state, stuck } = found.value.attempt;
      if (state === 'starting') unit.record([{ ...moment, kind: 'attempt.started', ...idsOf(attempt), process: null }]);
      if (stuck !== null) unit.record([{ ...moment, kind: 'attempt.unstuck', ...idsOf(attempt) }]);
    }
    withdrawOpen(unit, attempt.id, moment);
    const { restart } = this.#projects.settingsOf(task.spec.project);
    const run = task.runId === null ? null : mustRow(unit, 'run', task.runId);
    unit.record(
      decideAttemptEnd(task, attempt, end, moment, {
        maxInterruptions: restart?.maxInterruptions ?? this.#settings.restart.maxInterruptions,
        random: this.#ids.random(),
        held: run !== null && run.pauseRequestedAt !== null,
        gotStuckBefore: () => gotStuckBefore(unit.attemptsOf(task.id), attempt.number),
        nextPosition: (place) => unit.nextPosition(place),
      }),
    );
    const after = mustRow(unit, 'task', task.id);
    if (end.outcome.kind === 'stuck' && after.held && run?.pauseRequestedAt === null) {
      pauseFor(unit, run, end.outcome.evidence, moment);
    }
    this.#breakers.ended(unit, task, attempt, end, moment);
    if (isTaskEnded(after.state)) settleTask(unit, this.#flow, after, moment);
    else if (after.runId !== null) this.#flow.advance(unit, after.runId, moment);
    return ok(after);
  }

  #held(unit: StoreUnit, attempt: Attempt, what: string): Result<{ task: Task; attempt: Attempt }, ApiError> {
    const task = mustRow(unit, 'task', attempt.taskId);
    const row = mustRow(unit, 'attempt', attempt.id);
    const guard = guardFence(task, attempt);
    if (guard.ok) return ok({ task, attempt: row });
    unit.record([commandRefused(this.#now(), what, guard.error, idsOf(attempt))]);
    return err(guard.error);
  }

  #now(): Moment {
    return { at: this.#clock.now(), actor: 'engine' };
  }
}

/** Pauses a run for a person, because a task of it got stuck again. */
function pauseFor(unit: StoreUnit, run: Run, evidence: string, moment: Moment): void {
  const reason = `its work got stuck twice in a row (${evidence}); let it go on with: signalbox resume ${run.id}`;
  unit.record([{ ...moment, kind: 'run.pauseRequested', runId: run.id, reason }]);
  for (const task of unit.tasksOfRun(run.id)) holdTask(unit, task, moment);
}

/**
 * What the end of a task means for others: its stage ends and its run goes on; tasks that need it are unblocked,
 * or follow their policy when it did not complete.
 */
export function settleTask(unit: StoreUnit, flow: RunFlow, task: Task, moment: Moment): void {
  const attempt = task.attemptId === null ? null : mustRow(unit, 'attempt', task.attemptId);
  flow.taskEnded(unit, task, attempt, moment);
  const open: TaskId[] = [task.id];
  for (let need = open.pop(); need !== undefined; need = open.pop()) {
    const completed = mustRow(unit, 'task', need).state === 'completed';
    for (const id of unit.dependantsOf(need)) {
      const dependant = mustRow(unit, 'task', id);
      if (completed) unblock(unit, dependant, moment);
      else if (dependant.spec.onNeedFailed === 'skip') {
        const reason = `it needs task ${need}, which did not complete`;
        unit.record(cancelOpenTask(dependant, reason, moment));
        open.push(id);
      }
    }
  }
}

function unblock(unit: StoreUnit, task: Task, moment: Moment): void {
  const met = task.spec.needs.every((need) => mustRow(unit, 'task', need).state === 'completed');
  if (met) unit.record([{ ...moment, kind: 'task.unblocked', taskId: task.id, runId: task.runId }]);
}
