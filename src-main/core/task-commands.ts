import type { ApiOutput, ApiParsedInput } from '../contract/api.ts';
import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { NewEvent } from '../contract/event.ts';
import type { TaskId } from '../contract/ids.ts';
import { taskIdSchema } from '../contract/ids.ts';
import { defaultRetryPolicy, defaultTimeouts } from '../contract/policies.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';
import { isTaskEnded } from '../contract/states.ts';
import type { Task, TaskSpec } from '../contract/task.ts';
import { checkSelector } from './agent-check.ts';
import { settleTask } from './attempts.ts';
import { checkPath } from './check-run.ts';
import type { CommandDesk } from './command-desk.ts';
import { notFound } from './command-desk.ts';
import { decidePriority, decideRequeue, decideTaskCancel } from './decide-task.ts';
import { mustRow } from './must-row.ts';
import type { Folders, IdSource, Store, StoreUnit } from './ports.ts';
import type { ProjectDesk, WorkPlace } from './project-desk.ts';
import type { Moment } from './refusals.ts';
import type { RunFlow } from './run-flow.ts';
import { findGraphFault } from './stage-graph.ts';

type NewTask = ApiParsedInput<'enqueueTasks'>['tasks'][number];

/** A task of the call with the id it will have and the place it has in the call, from 0. */
interface Planned {
  readonly id: TaskId;
  readonly index: number;
  readonly task: NewTask;
}

/** A planned task whose needs are ids. */
type Resolved = Planned & { readonly needs: readonly TaskId[] };

/** A task that may be queued. */
type Checked = Resolved & { readonly place: WorkPlace };

/** A task that may be queued, and has its folder. */
export type Placed = Checked & { readonly folder: string };

/** Where a task is done that names no folder: in one that is made for it. */
const nowhere: WorkPlace = { folder: undefined, project: null };

export interface TaskCommandDeps {
  readonly store: Store;
  readonly ids: IdSource;
  readonly flow: RunFlow;
  readonly desk: CommandDesk;
  readonly folders: Folders;
  readonly projectDesk: Pick<ProjectDesk, 'enter'>;
  /** Something may be claimable now. */
  readonly nudge: () => void;
}

/** Queueing, ordering and ending tasks by hand. */
export class TaskCommands {
  readonly #deps: TaskCommandDeps;

  constructor(deps: TaskCommandDeps) {
    this.#deps = deps;
  }

  /** Queues tasks that stand alone: all of them, or none when one is refused. */
  async enqueueTasks({ tasks }: ApiParsedInput<'enqueueTasks'>): Promise<Result<ApiOutput<'enqueueTasks'>, ApiError>> {
    const { desk, nudge } = this.#deps;
    const prepared = await this.prepare(tasks);
    if (!prepared.ok) return prepared;
    const result = desk.run('enqueueTasks', {}, (unit, moment) => {
      const known = checkKnownNeeds(unit, prepared.value);
      if (!known.ok) return known;
      return ok({ taskIds: [...this.begin(unit, prepared.value, moment)] });
    });
    // Before it is committed: a free slot takes the task in the same transaction.
    nudge();
    return result;
  }

  /** Checks everything that tasks could be refused for, but tasks outside that they need; makes nothing. */
  async check(tasks: readonly NewTask[]): Promise<Result<readonly Checked[], ApiError>> {
    const { store, ids, folders } = this.#deps;
    const planned = tasks.map((task, index): Planned => ({ id: ids.taskId(), index, task }));
    const resolved = resolveNeeds(planned);
    if (!resolved.ok) return resolved;
    const places = await this.#placesOf(tasks);
    const agents = store.reads.agents();
    const checked: Checked[] = [];
    for (const entry of resolved.value) {
      const { index, task } = entry;
      const place = places.get(task.folder) ?? nowhere;
      const fit = checkSelector(agents, task.agent, `tasks.${index}.agent`, place.project);
      if (!fit.ok) return fit;
      const work = checkWork(task, index);
      if (!work.ok) return work;
      checked.push({ ...entry, place });
    }
    const looked = new Set<string>();
    for (const { index, place } of checked) {
      if (place.folder === undefined || looked.has(place.folder)) continue;
      looked.add(place.folder);
      const fit = await checkPath(folders, 'folder', place.folder, `tasks.${index}.folder`);
      if (!fit.ok) return fit;
    }
    return ok(checked);
  }

  /** Where the tasks are done, by the folder that they name. */
  async #placesOf(tasks: readonly NewTask[]): Promise<ReadonlyMap<string | undefined, WorkPlace>> {
    const places = new Map<string | undefined, WorkPlace>();
    for (const { folder } of tasks) {
      if (folder !== undefined && !places.has(folder)) places.set(folder, await this.#deps.projectDesk.enter(folder));
    }
    return places;
  }

  /** Checks tasks, and makes folders for those that name none. */
  async prepare(tasks: readonly NewTask[]): Promise<Result<readonly Placed[], ApiError>> {
    const { folders } = this.#deps;
    const resolved = await this.check(tasks);
    if (!resolved.ok) return resolved;
    const made = resolved.value.map(
      async (entry): Promise<Placed> => ({ ...entry, folder: entry.place.folder ?? (await folders.create(entry.id)) }),
    );
    return ok(await Promise.all(made));
  }

  /** Queues prepared tasks inside a unit of work. */
  begin(unit: StoreUnit, prepared: readonly Placed[], moment: Moment): readonly TaskId[] {
    for (const entry of prepared) unit.record([this.#created(unit, entry, moment)]);
    return prepared.map(({ id }) => id);
  }

  /** Cancels a task inside a unit of work; one that has ended stays as it is. */
  cancelIn(unit: StoreUnit, task: Task, reason: string, moment: Moment): void {
    const events = decideTaskCancel(task, reason, moment);
    if (!events.ok) return;
    unit.record(events.value);
    const after = mustRow(unit, 'task', task.id);
    if (isTaskEnded(after.state)) settleTask(unit, this.#deps.flow, after, moment);
  }

  async cancelTask({ taskId, reason }: ApiParsedInput<'cancelTask'>): Promise<Result<Task, ApiError>> {
    return this.#change('cancelTask', taskId, (_unit, task, moment) => decideTaskCancel(task, reason, moment));
  }

  async setTaskPriority({ taskId, priority }: ApiParsedInput<'setTaskPriority'>): Promise<Result<Task, ApiError>> {
    return this.#change('setTaskPriority', taskId, (_unit, task, moment) => decidePriority(task, priority, moment));
  }

  async requeueTask({ taskId }: ApiParsedInput<'requeueTask'>): Promise<Result<Task, ApiError>> {
    return this.#change('requeueTask', taskId, (unit, task, moment) => {
      const decided = decideRequeue(task, unit.nextPosition('back'), moment);
      return decided.ok ? ok([decided.value]) : decided;
    });
  }

  async #change(
    command: string,
    taskId: TaskId,
    decide: (unit: StoreUnit, task: Task, moment: Moment) => Result<readonly NewEvent[], ApiError>,
  ): Promise<Result<Task, ApiError>> {
    const { desk, flow, nudge } = this.#deps;
    const result = await desk.run(command, { taskId }, (unit, moment): Result<Task, ApiError> => {
      const task = unit.row('task', taskId);
      if (task === null || unit.isBeingForgotten(taskId)) return notFound('task', taskId);
      const events = decide(unit, task, moment);
      if (!events.ok) return events;
      unit.record(events.value);
      const after = mustRow(unit, 'task', taskId);
      if (isTaskEnded(after.state)) settleTask(unit, flow, after, moment);
      return ok(after);
    });
    if (result.ok) nudge();
    return result;
  }

  #created(unit: StoreUnit, placed: Placed, moment: Moment): NewEvent {
    const { id: taskId, task } = placed;
    const spec = specOf(placed);
    const met = spec.needs.every((need) => mustRow(unit, 'task', need).state === 'completed');
    return {
      ...moment,
      kind: 'task.created',
      taskId,
      runId: null,
      stage: null,
      spec,
      priority: task.priority,
      traceId: this.#deps.ids.traceId(),
      blocked: !met,
      held: false,
      position: unit.nextPosition('back'),
      availableAt: task.delayMs === 0 ? 0 : moment.at + task.delayMs,
    };
  }
}

function specOf({ task, folder, place, needs }: Placed): TaskSpec {
  return {
    title: task.title ?? titleOf(task),
    selector: task.agent,
    work: task.work,
    folder,
    ...(place.project === null ? {} : { project: place.project }),
    env: task.env,
    inputs: task.inputs,
    earlierOutputs: {},
    gates: task.gates,
    requiredOutputs: task.requiredOutputs,
    retry: { ...defaultRetryPolicy, ...defined(task.retry) },
    timeouts: { ...defaultTimeouts, ...defined(task.timeouts) },
    needs: [...needs],
    onNeedFailed: task.onNeedFailed,
  };
}

/** The fields that were given, without those that are merely undefined. */
function defined<T extends object>(partial: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(partial).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function titleOf({ work }: NewTask): string {
  if (work.kind === 'prompt') return firstLine(work.prompt);
  return firstLine(work.command.kind === 'script' ? work.command.script : work.command.argv.join(' '));
}

function firstLine(text: string): string {
  const line = text.trim().replace(/\n[\s\S]*/, '');
  return line.length > 80 ? `${line.slice(0, 79)}…` : line || 'task';
}

/** A command runs on the agent type `shell`, a prompt on any other: the two cannot be mixed up. */
function checkWork(task: NewTask, index: number): Result<null, ApiError> {
  const isShell = task.agent.type === 'shell' || task.agent.id === 'shell';
  if ((task.work.kind === 'command') === isShell) return ok(null);
  const message = isShell
    ? 'The agent shell runs commands, and was given a prompt.'
    : `Agent ${task.agent.id ?? task.agent.type} takes prompts, and was given a command.`;
  return refuse('invalidInput', message, 'Give commands to the agent type shell, and prompts to another.', {
    field: `tasks.${index}.work`,
  });
}

/** Turns the keys that tasks of one call need into ids, and refuses what can never start. */
function resolveNeeds(planned: readonly Planned[]): Result<readonly Resolved[], ApiError> {
  const named = planned.map((entry) => ({ ...entry, name: entry.task.key ?? `task ${entry.index + 1}` }));
  const idByName = new Map(named.map(({ name, id }) => [name, id]));
  const inside = named.map(({ name, task }) => ({ name, needs: task.needs.filter((need) => idByName.has(need)) }));
  const fault = findGraphFault(inside);
  if (fault !== null) {
    const what =
      fault.kind === 'cycle'
        ? `The tasks ${fault.names.join(' → ')} need each other in a circle.`
        : `The key ${fault.name} is given to two tasks.`;
    return refuse('invalidInput', what, 'Give each task its own key, and let none need itself.', { field: 'tasks' });
  }
  const resolved: Resolved[] = [];
  for (const entry of planned) {
    const needs: TaskId[] = [];
    for (const need of entry.task.needs) {
      const id = idByName.get(need) ?? taskIdSchema.safeParse(need).data;
      if (id === undefined) return missingNeed(entry.index, need);
      needs.push(id);
    }
    resolved.push({ ...entry, needs });
  }
  return ok(resolved);
}

function missingNeed(index: number, need: string) {
  return refuse(
    'invalidInput',
    `Task ${index + 1} needs ${need}, which is neither a key of this call nor the id of a task.`,
    'Name a key of the same call, or the id of a task that exists.',
    { field: `tasks.${index}.needs` },
  );
}

function checkKnownNeeds(unit: StoreUnit, placed: readonly Placed[]): Result<null, ApiError> {
  const own = new Set(placed.map(({ id }) => id));
  for (const { index, needs } of placed) {
    for (const need of needs) {
      if (own.has(need)) continue;
      const task = unit.row('task', need);
      if (task === null || unit.isBeingForgotten(need)) return missingNeed(index, need);
      if (isTaskEnded(task.state) && task.state !== 'completed' && task.state !== 'dead') {
        return refuse(
          'invalidInput',
          `Task ${index + 1} needs task ${need}, which is ${task.state} and will never complete.`,
          'Queue that work again, and need the new task.',
          { field: `tasks.${index}.needs` },
        );
      }
    }
  }
  return ok(null);
}
