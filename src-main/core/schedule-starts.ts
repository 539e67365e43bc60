import type { ApiError } from '../contract/errors.ts';
import type { NewEvent } from '../contract/event.ts';
import type { RunId, TaskId } from '../contract/ids.ts';
import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';
import type { Schedule, ScheduleDefinition } from '../contract/schedule.ts';
import { firingKey } from '../contract/schedule.ts';
import { isRunEnded, isTaskEnded } from '../contract/states.ts';
import type { StoreReads, StoreUnit } from './ports.ts';
import type { Moment } from './refusals.ts';
import type { PreparedRun, RunCommands } from './run-commands.ts';
import type { Placed, TaskCommands } from './task-commands.ts';

type Start = ScheduleDefinition['start'];

/** What a schedule starts, checked and with its folder. */
export type PreparedStart =
  | { readonly kind: 'run'; readonly prepared: PreparedRun }
  | { readonly kind: 'task'; readonly prepared: readonly Placed[] };

/** What a schedule has started. */
interface Started {
  readonly runId: RunId | null;
  readonly taskId: TaskId | null;
}

/** Starts what schedules start, by the same rules as a person's command, inside the unit of work that records it. */
export class ScheduleStarts {
  readonly #runs: RunCommands;
  readonly #tasks: TaskCommands;

  constructor(deps: { readonly runs: RunCommands; readonly tasks: TaskCommands }) {
    this.#runs = deps.runs;
    this.#tasks = deps.tasks;
  }

  /** Whether it could be started now. @returns the refusal, which names its field. */
  async check(start: Start): Promise<Result<null, ApiError>> {
    const checked =
      start.kind === 'run' ? await this.#runs.check(runInput(start)) : await this.#tasks.check([taskInput(start)]);
    return checked.ok ? ok(null) : ofStart(checked.error);
  }

  /** @param key the firing's: a run has it for its request id, so that a time can start no second one. */
  async prepare(start: Start, key: string): Promise<Result<PreparedStart, ApiError>> {
    if (start.kind === 'run') {
      const prepared = await this.#runs.prepare({ ...runInput(start), priority: start.priority, requestId: key });
      return prepared.ok ? ok({ kind: 'run', prepared: prepared.value }) : ofStart(prepared.error);
    }
    const prepared = await this.#tasks.prepare([taskInput(start)]);
    return prepared.ok ? ok({ kind: 'task', prepared: prepared.value }) : ofStart(prepared.error);
  }

  /** Starts it, and records that the time was fired. With the policy `replace`, what was started before is cancelled. */
  begin(unit: StoreUnit, schedule: Schedule, start: PreparedStart, moment: Moment, at: FiringTimes): void {
    if (schedule.definition.overlap === 'replace') this.#cancelEarlier(unit, schedule, at.dueAt, moment);
    unit.record([fired(schedule, moment, at, 'started', null, this.#start(unit, start, moment))]);
  }

  #start(unit: StoreUnit, start: PreparedStart, moment: Moment): Started {
    if (start.kind === 'run') return { runId: this.#runs.begin(unit, start.prepared, moment).id, taskId: null };
    const [taskId = null] = this.#tasks.begin(unit, start.prepared, moment);
    return { runId: null, taskId };
  }

  #cancelEarlier(unit: StoreUnit, { id, lastRunId, lastTaskId }: Schedule, dueAt: number, moment: Moment): void {
    const reason = `schedule ${id} replaces it by what was due at ${new Date(dueAt).toISOString()}`;
    const run = lastRunId === null ? null : unit.row('run', lastRunId);
    if (run !== null) this.#runs.cancelIn(unit, run, reason, moment);
    const task = lastTaskId === null ? null : unit.row('task', lastTaskId);
    if (task !== null) this.#tasks.cancelIn(unit, task, reason, moment);
  }
}

/** The time of a firing, and when its schedule is due next. */
export interface FiringTimes {
  readonly dueAt: number;
  readonly nextAt: number | null;
}

/** The record of what became of a due time. */
export function fired(
  { id: scheduleId }: Schedule,
  moment: Moment,
  { dueAt, nextAt }: FiringTimes,
  outcome: Extract<NewEvent, { kind: 'schedule.fired' }>['outcome'],
  reason: string | null,
  started: Started = { runId: null, taskId: null },
): NewEvent {
  return { ...moment, kind: 'schedule.fired', scheduleId, dueAt, nextAt, outcome, reason, ...started };
}

/** What a schedule started last, when it has not ended: its id, and in words. */
export function earlierOf(
  reads: Pick<StoreReads, 'row'>,
  { lastRunId, lastTaskId }: Schedule,
): { readonly id: RunId | TaskId; readonly words: string } | null {
  const run = lastRunId === null ? null : reads.row('run', lastRunId);
  if (run !== null && !isRunEnded(run.state)) return { id: run.id, words: `run ${run.id}` };
  const task = lastTaskId === null ? null : reads.row('task', lastTaskId);
  if (task !== null && !isTaskEnded(task.state)) return { id: task.id, words: `task ${task.id}` };
  return null;
}

/** The first due time after a moment of which nothing became yet; null: there is none. */
export function nextUnfired(
  reads: Pick<StoreReads, 'row' | 'firingsOf'>,
  { id }: Pick<ScheduleDefinition, 'id'>,
  next: (after: number) => number | null,
  after: number,
): number | null {
  const at = next(after);
  if (at === null || reads.row('firing', firingKey(id, at)) === null) return at;
  // The clock was ahead of itself: what was due then has been told already.
  const newest = reads.firingsOf(id, Number.MAX_SAFE_INTEGER, 1).map(({ dueAt }) => dueAt);
  return next(Math.max(at, ...newest));
}

function runInput({ workflow, inputs, folder }: Extract<Start, { kind: 'run' }>) {
  return { workflow, inputs, ...(folder === undefined ? {} : { folder }) };
}

function taskInput({ task }: Extract<Start, { kind: 'task' }>) {
  return { ...task, needs: [], delayMs: 0 };
}

/** The same refusal with its field as the schedule has it. */
function ofStart(error: ApiError) {
  const { field, ...rest } = error;
  if (field === undefined) return err(error);
  return err<ApiError>({ ...rest, field: `start.${field.replace(/^tasks\.0\./, 'task.')}` });
}
