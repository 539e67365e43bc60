import type { ApiOutput, ApiParsedInput } from '../contract/api.ts';
import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';
import type { Run } from '../contract/run.ts';
import type { Settings } from '../contract/settings.ts';
import { isAttemptEnded, isTaskLive } from '../contract/states.ts';
import type { Attempt, Task } from '../contract/task.ts';
import type { Breakers } from './breakers.ts';
import { notFound } from './command-desk.ts';
import type { LiveAttempts } from './live-attempts.ts';
import { planRun } from './plan-run.ts';
import type { Clock, Folders, LogReader, Store, WorkflowLibrary } from './ports.ts';
import type { Projects } from './ports-projects.ts';
import { placeOf } from './project-desk.ts';
import { unknownVersion, unknownWorkflow } from './unknown-workflow.ts';
import type { Readiness } from './waiting-because.ts';
import {
  agentsBecause,
  answerBecause,
  frozenBecause,
  needsBecause,
  parkedBecause,
  stuckBecause,
} from './waiting-because.ts';
import { viewWorkflow } from './workflow-commands.ts';

export interface QueryDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logs: LogReader;
  readonly workflows: WorkflowLibrary;
  readonly folders: Folders;
  readonly projects: Projects;
  readonly live: LiveAttempts;
  readonly breakers: Breakers;
  readonly settings: Settings;
}

const noLines = { lines: [], total: 0, totalLines: 0 };

/** Everything that only asks. None of these writes. */
export class Queries {
  readonly #deps: QueryDeps;

  constructor(deps: QueryDeps) {
    this.#deps = deps;
  }

  async listWorkflows({
    folder,
  }: ApiParsedInput<'listWorkflows'>): Promise<Result<ApiOutput<'listWorkflows'>, ApiError>> {
    const found = await this.#deps.workflows.list((await placeOf(this.#deps.projects, folder)).folder);
    return ok({ workflows: found.map((workflow) => workflow.summary) });
  }

  async getWorkflow(input: ApiParsedInput<'getWorkflow'>): Promise<Result<ApiOutput<'getWorkflow'>, ApiError>> {
    const { folder } = await placeOf(this.#deps.projects, input.folder);
    const found = await this.#deps.workflows.find(input.workflow, folder);
    return found === null ? unknownWorkflow(this.#deps, input.workflow, folder) : ok(viewWorkflow(found));
  }

  getWorkflowVersion({
    hash,
  }: ApiParsedInput<'getWorkflowVersion'>): Result<ApiOutput<'getWorkflowVersion'>, ApiError> {
    const version = this.#deps.store.reads.workflow(hash);
    if (version === null) return unknownVersion(hash);
    const { name, source, definition, registeredAt } = version;
    return ok({ name, source, definition, registeredAt });
  }

  async planRun(input: ApiParsedInput<'planRun'>): Promise<Result<ApiOutput<'planRun'>, ApiError>> {
    return ok(await planRun({ ...this.#deps, readiness: this.#readiness() }, input));
  }

  getRun({ runId }: ApiParsedInput<'getRun'>): Result<Run, ApiError> {
    const run = this.#deps.store.reads.row('run', runId);
    return run === null ? notFound('run', runId) : ok(run);
  }

  getTask({ taskId }: ApiParsedInput<'getTask'>): Result<ApiOutput<'getTask'>, ApiError> {
    const { reads } = this.#deps.store;
    const task = reads.row('task', taskId);
    if (task === null) return notFound('task', taskId);
    const attempts = [...reads.attemptsOf(taskId)];
    return ok({ task, attempts, waitingBecause: this.#waitingBecause(task, attempts) });
  }

  async readLog(input: ApiParsedInput<'readLog'>): Promise<Result<ApiOutput<'readLog'>, ApiError>> {
    const attempt = this.#deps.store.reads.row('attempt', input.attemptId);
    if (attempt === null) return notFound('attempt', input.attemptId);
    const complete = isAttemptEnded(attempt.state);
    const page = await this.#deps.logs.read(input.attemptId, input.from, input.limit);
    if (page !== null) return ok({ ...page, complete });
    return this.#removedLog(attempt) ?? ok({ lines: [], totalLines: 0, complete, path: '' });
  }

  async searchLog(input: ApiParsedInput<'searchLog'>): Promise<Result<ApiOutput<'searchLog'>, ApiError>> {
    const { attemptId, find, from, limit } = input;
    const attempt = this.#deps.store.reads.row('attempt', attemptId);
    if (attempt === null) return notFound('attempt', attemptId);
    const found = await this.#deps.logs.search(attemptId, find, from, limit);
    if (!found.ok) return found;
    return found.value !== null ? ok(found.value) : (this.#removedLog(attempt) ?? ok(noLines));
  }

  /** Says that a log was removed to save room; null when there never was one. */
  #removedLog({ id, endedAt }: Attempt) {
    const upTo = this.#deps.store.reads.logsRemovedUpTo();
    if (endedAt === null || endedAt > upTo) return null;
    const day = new Date(upTo).toISOString().slice(0, 10);
    const message = `The log of attempt ${id} was removed: all logs together were too large, and it was among the oldest. Logs are there of what ended after ${day}.`;
    return refuse('notFound', message, 'To keep more of them, raise the setting retention.logMebibytes.');
  }

  /** Why a task does not run yet, or stands still, in words; null when it goes on or has ended. */
  #waitingBecause(task: Task, attempts: readonly Attempt[]): string | null {
    const { reads } = this.#deps.store;
    if (isTaskLive(task.state)) {
      const live = attempts.filter(({ state }) => !isAttemptEnded(state));
      return answerBecause(live.flatMap(({ id }) => reads.openPermissions(id))) ?? stuckBecause(live);
    }
    if (task.state === 'blocked') {
      const open = task.spec.needs.filter((need) => reads.row('task', need)?.state !== 'completed');
      return needsBecause('task', open);
    }
    if (task.state !== 'queued') return null;
    if (task.held) return parkedBecause(task, attempts) ?? `its run ${task.runId} is paused`;
    const frozen = frozenBecause(reads.row('engine', 'engine'));
    if (frozen !== null) return frozen;
    const waitMs = task.availableAt - this.#deps.clock.now();
    if (waitMs > 0) return `it is delayed for ${Math.ceil(waitMs / 1000)} s more`;
    return (
      agentsBecause({ ...this.#readiness(), reads }, task.spec.selector, task.spec.project) ?? 'it is next in line'
    );
  }

  #readiness(): Omit<Readiness, 'reads'> {
    const { store, live, settings, breakers, clock } = this.#deps;
    return { live, limits: settings.slots, guard: breakers.guard(store.reads), now: clock.now() };
  }
}
