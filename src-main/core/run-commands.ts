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
import { mustOutputs, mustRow, mustWorkflow } from './must-row.ts';
import type { Clock, Folders, IdSource, Store, StoreUnit, WorkflowLibrary } from './ports.ts';
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
    const found = await findRunnable(this.#deps.workflows, input.workflow);
    if (!found.ok) return found;
    const inputs = await checkStart(this.#deps, found.value, input);
    if (!inputs.ok) return inputs;
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
    version: RunnableVersion,
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
}

function holdTasks(unit: StoreUnit, task: Task, moment: Moment): void {
  if (task.state !== 'queued' || task.held) return;
  unit.record([{ ...moment, kind: 'task.held', taskId: task.id, runId: task.runId }]);
}

function unholdTasks(unit: StoreUnit, task: Task, moment: Moment): void {
  if (!task.held) return;
  unit.record([{ ...moment, kind: 'task.unheld', taskId: task.id, runId: task.runId }]);
}
