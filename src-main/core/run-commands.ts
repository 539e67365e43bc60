import type { Agent } from '../contract/agent.ts';
import type { ApiParsedInput } from '../contract/api.ts';
import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { NewEvent } from '../contract/event.ts';
import type { RunId } from '../contract/ids.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';
import type { Run } from '../contract/run.ts';
import type { Task } from '../contract/task.ts';
import type { JsonObject } from '../contract/values.ts';
import type { WorkflowVersion } from '../contract/workflow.ts';
import { checkSelector } from './agent-check.ts';
import type { CommandDesk } from './command-desk.ts';
import { notFound } from './command-desk.ts';
import { decideRerun, decideRunCancel, decideRunPause, decideRunResume } from './decide-run.ts';
import { parseInputs, pathInputs } from './inputs.ts';
import { mustOutputs, mustRow, mustWorkflow } from './must-row.ts';
import type { Clock, Folders, IdSource, Store, StoreUnit, WorkflowLibrary } from './ports.ts';
import type { Moment } from './refusals.ts';
import type { RunFlow } from './run-flow.ts';
import { selectorOf } from './stage-task.ts';
import { unknownWorkflow } from './unknown-workflow.ts';

export interface RunCommandDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly flow: RunFlow;
  readonly desk: CommandDesk;
  readonly workflows: WorkflowLibrary;
  readonly folders: Folders;
  /** Something may be claimable now, or waits for a person. */
  readonly nudge: () => void;
}

type NewRun = Pick<Run, 'id' | 'inputs' | 'priority' | 'requestId' | 'folder' | 'rerunOf'>;

/** Starting, stopping and repeating runs. */
export class RunCommands {
  readonly #deps: RunCommandDeps;

  constructor(deps: RunCommandDeps) {
    this.#deps = deps;
  }

  /** Starts a run; a second start with the same request id answers with the first run. */
  async startRun(input: ApiParsedInput<'startRun'>): Promise<Result<Run, ApiError>> {
    const { ids, store } = this.#deps;
    const requestId = input.requestId ?? ids.requestId();
    const earlier = store.reads.runByRequestId(requestId);
    if (earlier !== null) return ok(earlier);
    const found = await this.#findWorkflow(input.workflow);
    if (!found.ok) return found;
    const { definition } = found.value;
    const inputs = parseInputs(definition.inputs, input.inputs);
    if (!inputs.ok) return inputs;
    const fit = checkStages(store.reads.agents(), found.value);
    if (!fit.ok) return fit;
    const paths = await this.#checkPaths(found.value, inputs.value, input.folder);
    if (!paths.ok) return paths;
    const id = ids.runId();
    const folder = input.folder ?? (await this.#deps.folders.create(id));
    const run = { id, inputs: inputs.value, priority: input.priority, requestId, folder, rerunOf: null };
    return this.#createRun('startRun', found.value, run, []);
  }

  pauseRun({ runId, reason }: ApiParsedInput<'pauseRun'>): Promise<Result<Run, ApiError>> {
    return this.#change('pauseRun', runId, (run, moment) => decideRunPause(run, reason, moment), holdTasks);
  }

  resumeRun({ runId, reason }: ApiParsedInput<'resumeRun'>): Promise<Result<Run, ApiError>> {
    return this.#change('resumeRun', runId, (run, moment) => decideRunResume(run, reason, moment), unholdTasks);
  }

  cancelRun({ runId, reason }: ApiParsedInput<'cancelRun'>): Promise<Result<Run, ApiError>> {
    return this.#change('cancelRun', runId, (run, moment) => decideRunCancel(run, reason, moment));
  }

  /** Starts a new run that keeps what completed before a stage of an ended one, in the same folder. */
  async rerunRun({ runId, fromStage }: ApiParsedInput<'rerunRun'>): Promise<Result<Run, ApiError>> {
    const { store, ids, folders } = this.#deps;
    const old = store.reads.row('run', runId);
    if (old === null) return notFound('run', runId);
    const version = mustWorkflow(store.reads, old);
    if ((await folders.inspect(old.folder)) !== 'folder') {
      return refuse(
        'refused',
        `Run ${runId} cannot be rerun: its folder ${old.folder} is gone.`,
        `Start a new run instead: signalbox run ${old.workflow}`,
      );
    }
    const decided = decideRerun(old, fromStage);
    if (!decided.ok) {
      return this.#deps.desk.run('rerunRun', { runId }, (): Result<Run, ApiError> => decided);
    }
    const fit = checkStages(store.reads.agents(), version);
    if (!fit.ok) return fit;
    const { inputs, priority, folder } = old;
    const rerunOf = { runId, fromStage: decided.value.fromStage };
    const run = { id: ids.runId(), inputs, priority, requestId: ids.requestId(), folder, rerunOf };
    return this.#createRun('rerunRun', version, run, decided.value.kept);
  }

  async #createRun(
    command: string,
    version: Omit<WorkflowVersion, 'registeredAt'>,
    run: NewRun,
    kept: readonly { name: string; outputs: JsonObject | null; gates: Run['stages'][number]['gates'] }[],
  ): Promise<Result<Run, ApiError>> {
    const { desk, flow, ids, nudge } = this.#deps;
    const { id: runId, ...rest } = run;
    const result = desk.run(command, { runId }, (unit, moment): Result<Run, ApiError> => {
      const earlier = unit.runByRequestId(run.requestId);
      if (earlier !== null) return ok(earlier);
      const { hash, name, origin, definition } = version;
      if (unit.putWorkflow({ ...version, registeredAt: moment.at })) {
        unit.record([{ ...moment, kind: 'workflow.registered', hash, name, origin }]);
      }
      const stages = definition.stages.map((stage) => ({ name: stage.name, needs: stage.needs }));
      const created = { workflow: name, workflowHash: hash, traceId: ids.traceId(), stages };
      unit.record([
        { ...moment, kind: 'run.created', runId, ...rest, ...created },
        ...kept.map((stage): NewEvent => {
          const { name: stageName, gates } = stage;
          return { ...moment, kind: 'stage.inherited', runId, stage: stageName, outputs: mustOutputs(stage), gates };
        }),
      ]);
      flow.advance(unit, runId, moment);
      return ok(mustRow(unit, 'run', runId));
    });
    // Before it is committed: free slots take its first tasks in the same transaction.
    nudge();
    return result;
  }

  async #change(
    command: string,
    runId: RunId,
    decide: (run: Run, moment: Moment) => Result<readonly NewEvent[], ApiError>,
    withTasks: (unit: StoreUnit, task: Task, moment: Moment) => void = () => {},
  ): Promise<Result<Run, ApiError>> {
    const { desk, flow, nudge } = this.#deps;
    const result = await desk.run(command, { runId }, (unit, moment) => {
      const run = unit.row('run', runId);
      if (run === null) return notFound('run', runId);
      const events = decide(run, moment);
      if (!events.ok) return events;
      unit.record(events.value);
      for (const task of unit.tasksOfRun(runId)) withTasks(unit, task, moment);
      flow.advance(unit, runId, moment);
      return ok(mustRow(unit, 'run', runId));
    });
    if (result.ok) nudge();
    return result;
  }

  async #findWorkflow(name: string): Promise<Result<Omit<WorkflowVersion, 'registeredAt'>, ApiError>> {
    const { workflows } = this.#deps;
    const found = await workflows.find(name);
    if (found === null) return unknownWorkflow(name, await workflows.list());
    if (found.version !== null) return ok(found.version);
    const { problems } = found.summary;
    const errors = problems.filter((problem) => problem.severity === 'error');
    const places = errors.map(({ line, column, message }) => `Line ${line}, column ${column}: ${message}`);
    return refuse(
      'invalidInput',
      [`The workflow file ${found.summary.path} has errors.`, ...places.slice(0, 1)].join(' '),
      `Correct the file; see all findings: signalbox workflows validate ${found.summary.path}`,
      { field: 'workflow', problems },
    );
  }

  async #checkPaths(
    version: Omit<WorkflowVersion, 'registeredAt'>,
    inputs: JsonObject,
    folder: string | undefined,
  ): Promise<Result<null, ApiError>> {
    const wanted = pathInputs(version.definition.inputs, inputs).map((input) => ({
      ...input,
      field: `inputs.${input.name}`,
    }));
    const all = folder === undefined ? wanted : [...wanted, { type: 'folder' as const, path: folder, field: 'folder' }];
    for (const { type, path, field } of all) {
      const refused = await checkPath(this.#deps.folders, type, path, field);
      if (!refused.ok) return refused;
    }
    return ok(null);
  }
}

/** Refuses a path that is not absolute, is not there, may not be read, or is of the other kind. */
export async function checkPath(
  folders: Folders,
  type: 'folder' | 'file',
  path: string,
  field: string,
): Promise<Result<null, ApiError>> {
  if (!/^([/\\]|[A-Za-z]:[/\\])/.test(path)) {
    return refuse('invalidInput', `${field} is ${path}, which is not an absolute path.`, 'Give the whole path.', {
      field,
    });
  }
  const seen = await folders.inspect(path);
  if (seen === type) return ok(null);
  const why = {
    missing: 'does not exist',
    unreadable: 'may not be read by this user',
    file: 'is a file, not a folder',
    folder: 'is a folder, not a file',
  }[seen];
  return refuse('invalidInput', `${field}: ${path} ${why}.`, `Name an existing ${type} that this user may read.`, {
    field,
  });
}

function checkStages(agents: readonly Agent[], version: Pick<WorkflowVersion, 'definition'>): Result<null, ApiError> {
  for (const stage of version.definition.stages) {
    if (stage.action.kind === 'approval') continue;
    const fit = checkSelector(agents, selectorOf(stage.action), `stages.${stage.name}.agent`);
    if (!fit.ok) return fit;
  }
  return ok(null);
}

function holdTasks(unit: StoreUnit, task: Task, moment: Moment): void {
  if (task.state !== 'queued' || task.held) return;
  unit.record([{ ...moment, kind: 'task.held', taskId: task.id, runId: task.runId }]);
}

function unholdTasks(unit: StoreUnit, task: Task, moment: Moment): void {
  if (!task.held) return;
  unit.record([{ ...moment, kind: 'task.unheld', taskId: task.id, runId: task.runId }]);
}
