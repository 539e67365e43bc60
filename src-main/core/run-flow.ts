import type { Failure } from '../contract/errors.ts';
import type { NewEvent } from '../contract/event.ts';
import type { RunId } from '../contract/ids.ts';
import type { Run, Stage } from '../contract/run.ts';
import { isRunEnded, isTaskLive } from '../contract/states.ts';
import type { Attempt, Task } from '../contract/task.ts';
import type { StageSpec, WorkflowDefinition } from '../contract/workflow.ts';
import { decideNext, isActive } from './decide-run.ts';
import { cancelOpenTask } from './decide-task.ts';
import { evaluateCondition } from './expressions.ts';
import { mustFailure, mustOutputs, mustRow, mustStage, mustWorkflow } from './must-row.ts';
import type { IdSource, StoreUnit } from './ports.ts';
import type { Projects } from './ports-projects.ts';
import type { Moment } from './refusals.ts';
import { fillQuestion, scopeOf, stageTask } from './stage-task.ts';

/** A stage of a run, as events name it. */
interface StageRef {
  readonly runId: RunId;
  readonly stage: string;
}

/**
 * Moves runs forward inside a unit of work: what a run needs next is decided by `decideNext`; here it is carried out
 * on rows, until nothing is left to do but wait. So transition, event and next task are one transaction.
 */
export class RunFlow {
  readonly #ids: IdSource;
  readonly #projects: Pick<Projects, 'projectOf'>;

  constructor(deps: { ids: IdSource; projects: Pick<Projects, 'projectOf'> }) {
    this.#ids = deps.ids;
    this.#projects = deps.projects;
  }

  /** Carries a run as far as it goes without waiting. */
  advance(unit: StoreUnit, runId: RunId, moment: Moment): void {
    for (let moved = true; moved; ) {
      moved = false;
      const { run, definition } = mustHave(unit, runId);
      for (const step of decideNext(run, definition, (stage) => isLive(unit, stage), moment)) {
        if (step.kind === 'stop') {
          moved = stopStage(unit, run, step.stage, step.reason, moment) || moved;
          continue;
        }
        if (step.kind === 'dispatch') this.#dispatch(unit, run, step.stage, moment);
        else unit.record(step.events);
        moved = true;
      }
    }
    markWaiting(unit, runId, moment);
  }

  /** A stage's task was claimed: the stage runs, and with its first stage the run. */
  taskClaimed(unit: StoreUnit, task: Task, moment: Moment): void {
    if (task.runId === null || task.stage === null) return;
    const { run } = mustHave(unit, task.runId);
    if (run.state === 'queued') unit.record([{ ...moment, kind: 'run.started', runId: run.id }]);
    if (run.stages.find((stage) => stage.name === task.stage)?.state === 'pending') {
      unit.record([{ ...moment, kind: 'stage.started', runId: run.id, stage: task.stage }]);
    }
  }

  /** A stage's task ended: the stage ends by its result, and the run goes on. Another task's result changes nothing. */
  taskEnded(unit: StoreUnit, task: Task, attempt: Attempt | null, moment: Moment): void {
    if (task.runId === null || task.stage === null) return;
    const { run, definition } = mustHave(unit, task.runId);
    const stage = run.stages.find((other) => other.name === task.stage);
    if (isRunEnded(run.state) || stage?.taskId !== task.id) return;
    const ref = { runId: run.id, stage: task.stage };
    unit.record([stageEnd(task, ref, attempt, mustStage(definition, task.stage), moment)]);
    this.advance(unit, run.id, moment);
  }

  /** An approval was answered, by a person or by its time-out policy. */
  approvalAnswered(
    unit: StoreUnit,
    ref: StageRef,
    answer: { readonly approved: boolean; readonly comment: string },
    moment: Moment,
  ): void {
    const { run, definition } = mustHave(unit, ref.runId);
    if (run.state === 'waiting') unit.record([{ ...moment, kind: 'run.continued', runId: run.id }]);
    if (answer.approved) {
      const outputs = { approved: true, comment: answer.comment };
      unit.record([{ ...moment, kind: 'stage.completed', ...ref, outputs, gates: [] }]);
    } else {
      const failure = { category: 'approval' as const, class: 'fatal' as const, message: answer.comment };
      unit.record([failStage(ref, mustStage(definition, ref.stage), failure, moment)]);
    }
    this.advance(unit, ref.runId, moment);
  }

  #dispatch(unit: StoreUnit, run: Run, spec: StageSpec, moment: Moment): void {
    const ref = { runId: run.id, stage: spec.name };
    const wanted = spec.when === undefined ? null : evaluateCondition(spec.when, scopeOf(run, spec.name));
    if (wanted !== null && !wanted.ok) {
      const message = `condition of stage ${spec.name}: ${wanted.error}`;
      unit.record([failStage(ref, spec, { category: 'expression', class: 'fatal', message }, moment)]);
    } else if (wanted?.value === false) {
      unit.record([{ ...moment, kind: 'stage.skipped', ...ref, reason: `its condition was false: ${spec.when}` }]);
    } else if (spec.action.kind === 'approval') {
      const question = fillQuestion(run, spec.name, spec.action.question);
      unit.record(
        question.ok
          ? requestApproval(this.#ids, { ...spec.action, question: question.value }, ref, moment)
          : [failStage(ref, spec, question.error, moment)],
      );
    } else {
      this.#createTask(unit, run, spec, moment);
    }
  }

  #createTask(unit: StoreUnit, run: Run, spec: StageSpec, moment: Moment): void {
    const ref = { runId: run.id, stage: spec.name };
    const filled = stageTask(run, spec);
    if (!filled.ok) {
      unit.record([failStage(ref, spec, filled.error, moment)]);
      return;
    }
    const taskId = this.#ids.taskId();
    const project = this.#projects.projectOf(filled.value.folder);
    unit.record([
      {
        ...moment,
        kind: 'task.created',
        taskId,
        ...ref,
        spec: project === null ? filled.value : { ...filled.value, project },
        priority: spec.priority ?? run.priority,
        traceId: run.traceId,
        blocked: false,
        held: false,
        position: unit.nextPosition('back'),
        availableAt: 0,
      },
      { ...moment, kind: 'stage.dispatched', ...ref, taskId },
    ]);
  }
}

function mustHave(unit: StoreUnit, runId: RunId): { run: Run; definition: WorkflowDefinition } {
  const run = mustRow(unit, 'run', runId);
  return { run, definition: mustWorkflow(unit, run).definition };
}

function isLive(unit: StoreUnit, stage: Stage): boolean {
  return stage.taskId !== null && isTaskLive(mustRow(unit, 'task', stage.taskId).state);
}

function failStage(ref: StageRef, spec: StageSpec, failure: Failure, moment: Moment): NewEvent {
  const tolerated = spec.onFailure === 'continue';
  return { ...moment, kind: 'stage.failed', ...ref, failure, gates: [], tolerated };
}

function requestApproval(
  ids: IdSource,
  action: Extract<StageSpec['action'], { kind: 'approval' }>,
  ref: StageRef,
  moment: Moment,
): readonly NewEvent[] {
  const approvalId = ids.approvalId();
  const expiresAt = action.timeoutMs === undefined ? null : moment.at + action.timeoutMs;
  const { question, onTimeout } = action;
  return [
    { ...moment, kind: 'approval.requested', ...ref, approvalId, question, onTimeout, expiresAt },
    { ...moment, kind: 'stage.waiting', ...ref, approvalId },
  ];
}

/**
 * Ends what a stage has under way: a waiting task or approval at once; a live task is asked, and its worker told
 * after the commit.
 * @returns whether the stage ended.
 */
function stopStage(unit: StoreUnit, run: Run, stage: Stage, reason: string, moment: Moment): boolean {
  const ref = { runId: run.id, stage: stage.name };
  if (stage.approvalId !== null) {
    const answer = { approvalId: stage.approvalId, answer: 'withdrawn' as const, comment: reason };
    unit.record([{ ...moment, kind: 'approval.answered', ...ref, ...answer }]);
  }
  if (stage.taskId !== null) {
    const task = mustRow(unit, 'task', stage.taskId);
    unit.record(cancelOpenTask(task, reason, moment));
    if (isTaskLive(task.state)) return false;
  }
  unit.record([{ ...moment, kind: 'stage.cancelled', ...ref, reason }]);
  return true;
}

/** A run waits when a person's answer is all that is under way. */
function markWaiting(unit: StoreUnit, runId: RunId, moment: Moment): void {
  const { run } = mustHave(unit, runId);
  if (run.state !== 'running' && run.state !== 'queued') return;
  const active = run.stages.filter(isActive);
  const waiting = active.filter((stage) => stage.state === 'waiting');
  if (waiting.length === 0 || waiting.length < active.length) return;
  const waitingFor = `approval of ${waiting.map((stage) => stage.name).join(', ')}`;
  unit.record([{ ...moment, kind: 'run.waiting', runId, waitingFor }]);
}

/** How a stage ends when its task has ended. */
function stageEnd(task: Task, ref: StageRef, attempt: Attempt | null, spec: StageSpec, moment: Moment): NewEvent {
  const gates = attempt?.gates ?? [];
  if (task.state === 'completed') {
    return { ...moment, kind: 'stage.completed', ...ref, outputs: mustOutputs(task), gates };
  }
  if (task.state === 'cancelled') {
    return { ...moment, kind: 'stage.cancelled', ...ref, reason: 'its task was cancelled' };
  }
  const tolerated = spec.onFailure === 'continue';
  return { ...moment, kind: 'stage.failed', ...ref, failure: mustFailure(task), gates, tolerated };
}
