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
import type { RunnableVersion } from './check-run.ts';
import { checkStages, checkStart, findRunnable } from './check-run.ts';
import type { CommandDesk } from './command-desk.ts';
import { notFound } from './command-desk.ts';
import { decideRerun, decideRunCancel, decideRunPause, decideRunResume } from './decide-run.ts';
import { holdTask, unholdTask } from './hold-tasks.ts';
import { mustOutputs, mustRow, mustWorkflow } from './must-row.ts';
import type { Clock, Folders, IdSource, Store, StoreUnit, WorkflowLibrary } from './ports.ts';
import type { Projects } from './ports-projects.ts';
import type { ProjectDesk } from './project-desk.ts';
import type { Moment } from './refusals.ts';
import type { RunFlow } from './run-flow.ts';

export interface RunCommandDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly flow: RunFlow;
  readonly desk: CommandDesk;
  readonly workflows: WorkflowLibrary;
  readonly folders: Folders;
  readonly projects: Projects;
  readonly projectDesk: Pick<ProjectDesk, 'enter'>;
  /** Something may be claimable now, or waits for a person. */
  readonly nudge: () => void;
}

type NewRun = Pick<Run, 'id' | 'inputs' | 'priority' | 'requestId' | 'folder' | 'rerunOf'>;

/** A run that may be started: everything that it could be refused for was looked at, and it has its folder. */
export interface PreparedRun {
  readonly version: RunnableVersion;
  readonly run: NewRun;
}

/** `folder`: the one to work in; undefined when none was named. */
interface CheckedStart {
  readonly version: RunnableVersion;
  readonly inputs: JsonObject;
  readonly folder: string | undefined;
}

/** A stage that a rerun takes over. */
type KeptStage = Pick<Run['stages'][number], 'name' | 'outputs' | 'gates'>;

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
    const prepared = await this.prepare({ ...input, requestId });
    if (!prepared.ok) return prepared;
    return this.#createRun('startRun', prepared.value.version, prepared.value.run, []);
  }

  /** Checks a start as {@link startRun} does, and stores nothing. @returns the version and its inputs, defaults filled in. */
  async check(input: ApiParsedInput<'planRun'>): Promise<Result<CheckedStart, ApiError>> {
    const place = await this.#deps.projectDesk.enter(input.folder);
    const found = await findRunnable(this.#deps, input.workflow, place.folder);
    if (!found.ok) return found;
    const inputs = await checkStart(this.#deps, found.value, input, place);
    return inputs.ok ? ok({ version: found.value, inputs: inputs.value, folder: place.folder }) : inputs;
  }

  /** Checks a start, and makes its folder. */
  async prepare(
    input: ApiParsedInput<'startRun'> & { readonly requestId: string },
  ): Promise<Result<PreparedRun, ApiError>> {
    const { ids, folders } = this.#deps;
    const { requestId, priority } = input;
    const checked = await this.check(input);
    if (!checked.ok) return checked;
    const { version, inputs } = checked.value;
    const id = ids.runId();
    const folder = checked.value.folder ?? (await folders.create(id));
    return ok({ version, run: { id, inputs, priority, requestId, folder, rerunOf: null } });
  }

  pauseRun({ runId, reason }: ApiParsedInput<'pauseRun'>): Promise<Result<Run, ApiError>> {
    return this.#change('pauseRun', runId, (run, moment) => decideRunPause(run, reason, moment), holdTask);
  }

  resumeRun({ runId, reason }: ApiParsedInput<'resumeRun'>): Promise<Result<Run, ApiError>> {
    return this.#change('resumeRun', runId, (run, moment) => decideRunResume(run, reason, moment), unholdTask);
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
    const { project } = await this.#deps.projectDesk.enter(old.folder);
    const fit = checkStages(store.reads.agents(), version, project);
    if (!fit.ok) return fit;
    const { inputs, priority, folder } = old;
    const rerunOf = { runId, fromStage: decided.value.fromStage };
    const run = { id: ids.runId(), inputs, priority, requestId: ids.requestId(), folder, rerunOf };
    return this.#createRun('rerunRun', version, run, decided.value.kept);
  }

  async #createRun(
    command: string,
    version: RunnableVersion,
    run: NewRun,
    kept: readonly KeptStage[],
  ): Promise<Result<Run, ApiError>> {
    const result = this.#deps.desk.run(command, { runId: run.id }, (unit, moment) =>
      ok(this.begin(unit, { version, run }, moment, kept)),
    );
    // Before it is committed: free slots take its first tasks in the same transaction.
    this.#deps.nudge();
    return result;
  }

  /** Records the start of a run inside a unit of work. @returns the run that has its request id. */
  begin(unit: StoreUnit, { version, run }: PreparedRun, moment: Moment, kept: readonly KeptStage[] = []): Run {
    const { flow, ids } = this.#deps;
    const { id: runId, ...rest } = run;
    const earlier = unit.runByRequestId(run.requestId);
    if (earlier !== null) return earlier;
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
    return mustRow(unit, 'run', runId);
  }

  /** Cancels a run inside a unit of work; one that has ended stays as it is. */
  cancelIn(unit: StoreUnit, run: Run, reason: string, moment: Moment): void {
    const events = decideRunCancel(run, reason, moment);
    if (!events.ok) return;
    unit.record(events.value);
    this.#deps.flow.advance(unit, run.id, moment);
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
}
