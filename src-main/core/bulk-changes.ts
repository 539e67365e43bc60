import type { ApiOutput, ApiParsedInput } from '../contract/api.ts';
import type { ApiError } from '../contract/errors.ts';
import type { RunId, TaskId } from '../contract/ids.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';
import type { DeletionDeps } from './deletion.ts';
import { Deletion } from './deletion.ts';
import type { RunCommands } from './run-commands.ts';
import type { TaskCommands } from './task-commands.ts';

type Changed = Result<unknown, ApiError>;
/** The next ids, oldest first; none: there are no more. */
type NextIds<Id> = () => Promise<Result<readonly Id[], ApiError>>;
type SelectIds<Id> = (page: {
  readonly after: string | null;
  readonly upTo: string | null;
  readonly limit: number;
}) => Promise<Result<{ readonly ids: readonly Id[]; readonly upTo: string }, ApiError>>;

/** How many commands are under way at a time. Their units of work share transactions, which yield to other work. */
const stepSize = 100;
const maxRefusals = 100;

/**
 * One change to many rows. Each is made by the very command that a person gives for one row: what it decides, records
 * and refuses is the same. A filter means what matches it when its turn comes, of the rows that were there at first.
 */
export class BulkChanges {
  readonly #deps: DeletionDeps;
  readonly #runs: RunCommands;
  readonly #tasks: TaskCommands;

  constructor(deps: DeletionDeps & { readonly runs: RunCommands; readonly tasks: TaskCommands }) {
    this.#deps = deps;
    this.#runs = deps.runs;
    this.#tasks = deps.tasks;
  }

  async changeRuns(input: ApiParsedInput<'changeRuns'>): Promise<Result<ApiOutput<'changeRuns'>, ApiError>> {
    const { select, action, reason } = input;
    const runs = this.#runs;
    const deletion = new Deletion(this.#deps);
    const change: Readonly<Record<typeof action, (runId: RunId) => Promise<Changed>>> = {
      pause: (runId) => runs.pauseRun({ runId, reason }),
      resume: (runId) => runs.resumeRun({ runId, reason }),
      cancel: (runId) => runs.cancelRun({ runId, reason }),
      rerun: (runId) => runs.rerunRun({ runId }),
      delete: (id) => deletion.delete({ noun: 'run', id }),
    };
    const next =
      'runIds' in select
        ? eachOf(select.runIds)
        : eachSelected<RunId>((page) => this.#deps.store.views.selectRunIds({ filter: select.filter, ...page }));
    const done = await changeAll(next, change[action]);
    await deletion.end(reason);
    if (!done.ok) return done;
    const { refusals, ...counts } = done.value;
    return ok({ ...counts, refusals: refusals.map(({ id, error }) => ({ runId: id, error })) });
  }

  async changeTasks(input: ApiParsedInput<'changeTasks'>): Promise<Result<ApiOutput<'changeTasks'>, ApiError>> {
    const { select, action } = input;
    const next =
      'taskIds' in select
        ? eachOf(select.taskIds)
        : eachSelected<TaskId>((page) => this.#deps.store.views.selectTaskIds({ filter: select.filter, ...page }));
    const deletion = new Deletion(this.#deps);
    const done = await changeAll(next, (taskId) => this.#changeTask(taskId, action, deletion));
    await deletion.end('reason' in action ? action.reason : '');
    if (!done.ok) return done;
    const { refusals, ...counts } = done.value;
    return ok({ ...counts, refusals: refusals.map(({ id, error }) => ({ taskId: id, error })) });
  }

  #changeTask(taskId: TaskId, action: ApiParsedInput<'changeTasks'>['action'], deletion: Deletion): Promise<Changed> {
    switch (action.kind) {
      case 'cancel':
        return this.#tasks.cancelTask({ taskId, reason: action.reason });
      case 'requeue':
        return this.#tasks.requeueTask({ taskId });
      case 'setPriority':
        return this.#tasks.setTaskPriority({ taskId, priority: action.priority });
      case 'delete':
        return deletion.delete({ noun: 'task', id: taskId });
    }
  }
}

/** Ids that were named, each once. */
function eachOf<Id>(named: readonly Id[]): NextIds<Id> {
  const ids = [...new Set(named)];
  return () => Promise.resolve(ok(ids.splice(0, stepSize)));
}

/** Ids that a filter means; those that are made meanwhile are not among them. */
function eachSelected<Id extends string>(select: SelectIds<Id>): NextIds<Id> {
  let after: string | null = null;
  let upTo: string | null = null;
  return async () => {
    const page = await select({ after, upTo, limit: stepSize });
    if (!page.ok) return page;
    upTo = page.value.upTo;
    after = page.value.ids.at(-1) ?? after;
    return ok(page.value.ids);
  };
}

/** @returns an error when nothing more can be changed at all: the store fails, or the engine is stopping. */
async function changeAll<Id>(next: NextIds<Id>, change: (id: Id) => Promise<Changed>) {
  const refusals: { id: Id; error: ApiError }[] = [];
  let changed = 0;
  let refused = 0;
  for (;;) {
    const step = await next();
    if (!step.ok) return step;
    if (step.value.length === 0) return ok({ changed, refused, refusals });
    const results = await Promise.all(step.value.map(async (id) => ({ id, result: await change(id) })));
    for (const { id, result } of results) {
      if (result.ok) {
        changed += 1;
        continue;
      }
      const { error } = result;
      if (error.type === 'storeFailed' || error.type === 'unavailable') return result;
      refused += 1;
      if (refusals.length < maxRefusals) refusals.push({ id, error });
    }
  }
}
