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
import type { CommandDesk } from './command-desk.ts';
import { notFound } from './command-desk.ts';
import { decidePriority, decideRequeue, decideTaskCancel } from './decide-task.ts';
import { mustRow } from './must-row.ts';
import type { Folders, IdSource, Store, StoreUnit } from './ports.ts';
import type { Moment } from './refusals.ts';
import { checkPath } from './run-commands.ts';
import type { RunFlow } from './run-flow.ts';
import { findGraphFault } from './stage-graph.ts';

type NewTask = ApiParsedInput<'enqueueTasks'>['tasks'][number];

export interface TaskCommandDeps {
  readonly store: Store;
  readonly ids: IdSource;
  readonly flow: RunFlow;
  readonly desk: CommandDesk;
  readonly folders: Folders;
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
    const { store, ids, desk, nudge } = this.#deps;
    const taskIds = tasks.map(() => ids.taskId());
    const needs = resolveNeeds(tasks, taskIds);
    if (!needs.ok) return needs;
    const agents = store.reads.agents();
    for (const [index, task] of tasks.entries()) {
      const fit = checkSelector(agents, task.agent, `tasks.${index}.agent`);
      if (!fit.ok) return fit;
      const work = checkWork(task, index);
      if (!work.ok) return work;
    }
    const folders = await this.#folders(tasks, taskIds);
    if (!folders.ok) return folders;
    const result = await desk.run('enqueueTasks', {}, (unit, moment) => {
      const known = checkKnownNeeds(unit, needs.value, new Set(taskIds));
      if (!known.ok) return known;
      for (const [index, task] of tasks.entries()) {
        const taskId = taskIds[index];
        const folder = folders.value[index];
        if (taskId === undefined || folder === undefined) continue;
        const spec = specOf(task, folder, needs.value[index] ?? []);
        unit.record([this.#created(unit, taskId, task, spec, moment)]);
      }
      return ok({ taskIds });
    });
    if (result.ok) nudge();
    return result;
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
      if (task === null) return notFound('task', taskId);
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

  async #folders(tasks: readonly NewTask[], taskIds: readonly TaskId[]): Promise<Result<readonly string[], ApiError>> {
    const { folders } = this.#deps;
    for (const [index, { folder }] of tasks.entries()) {
      if (folder === undefined) continue;
      const checked = await checkPath(folders, 'folder', folder, `tasks.${index}.folder`);
      if (!checked.ok) return checked;
    }
    const made = tasks.map(async ({ folder }, index) => {
      const taskId = taskIds[index];
      return folder ?? (taskId === undefined ? '' : await folders.create(taskId));
    });
    return ok(await Promise.all(made));
  }

  #created(unit: StoreUnit, taskId: TaskId, task: NewTask, spec: TaskSpec, moment: Moment): NewEvent {
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

function specOf(task: NewTask, folder: string, needs: readonly TaskId[]): TaskSpec {
  return {
    title: task.title ?? titleOf(task),
    selector: task.agent,
    work: task.work,
    folder,
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
  const line = text.trim().split('\n', 1)[0] ?? '';
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
function resolveNeeds(tasks: readonly NewTask[], taskIds: readonly TaskId[]): Result<readonly TaskId[][], ApiError> {
  const nodes = tasks.map((task, index) => ({ name: task.key ?? `task ${index + 1}`, needs: task.needs }));
  const names = new Set(nodes.map((node) => node.name));
  const inside = nodes.map((node) => ({ ...node, needs: node.needs.filter((need) => names.has(need)) }));
  const fault = findGraphFault(inside);
  if (fault !== null) {
    const what =
      fault.kind === 'cycle'
        ? `The tasks ${fault.names.join(' → ')} need each other in a circle.`
        : `The key ${fault.name} is given to two tasks.`;
    return refuse('invalidInput', what, 'Give each task its own key, and let none need itself.', { field: 'tasks' });
  }
  const resolved: TaskId[][] = [];
  for (const [index, { needs }] of nodes.entries()) {
    const found: TaskId[] = [];
    for (const need of needs) {
      const local = taskIds[nodes.findIndex((node) => node.name === need)];
      const id = local ?? taskIdSchema.safeParse(need).data;
      if (id === undefined) return missingNeed(index, need);
      found.push(id);
    }
    resolved.push(found);
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

function checkKnownNeeds(
  unit: StoreUnit,
  needs: readonly (readonly TaskId[])[],
  own: ReadonlySet<TaskId>,
): Result<null, ApiError> {
  for (const [index, list] of needs.entries()) {
    for (const need of list) {
      if (own.has(need)) continue;
      const task = unit.row('task', need);
      if (task === null) return missingNeed(index, need);
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
