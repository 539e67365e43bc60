import type { ApiError, Failure } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { NewEvent } from '../contract/event.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';
import type { Run, Stage } from '../contract/run.ts';
import { isRunEnded, isStageEnded } from '../contract/states.ts';
import type { StageSpec, WorkflowDefinition } from '../contract/workflow.ts';
import { mustFailure, mustStage } from './must-row.ts';
import type { Moment } from './refusals.ts';
import { ancestorsOf, dependantsOf } from './stage-graph.ts';

/** What a run needs next. `dispatch` makes a stage's task or approval, `stop` ends what a stage has under way. */
export type RunStep =
  | { readonly kind: 'dispatch'; readonly stage: StageSpec }
  | { readonly kind: 'stop'; readonly stage: Stage; readonly reason: string }
  | { readonly kind: 'record'; readonly events: readonly NewEvent[] };

/** Whether a stage was given a task or an approval that has not come to its end. */
export function isActive(stage: Stage): boolean {
  return !isStageEnded(stage.state) && (stage.taskId !== null || stage.approvalId !== null);
}

/** The failed stage that ends the whole run by its policy; null when there is none. */
function stoppingFailure(run: Run, definition: WorkflowDefinition): Stage | null {
  return (
    run.stages.find(
      (stage) => stage.state === 'failed' && !stage.tolerated && mustStage(definition, stage.name).onFailure === 'stop',
    ) ?? null
  );
}

/**
 * What a run needs next, given where its stages are.
 * @param isLive whether an attempt holds the stage's task right now; a pause waits for those.
 * @returns no steps when there is nothing to do but wait. After carrying steps out, ask again until there are none.
 */
export function decideNext(
  run: Run,
  definition: WorkflowDefinition,
  isLive: (stage: Stage) => boolean,
  moment: Moment,
): readonly RunStep[] {
  if (isRunEnded(run.state)) return [];
  const failed = stoppingFailure(run, definition);
  if (run.cancelRequestedAt !== null) {
    return decideStopping(run, moment, run.cancelReason ?? 'cancelled', null);
  }
  if (failed !== null) return decideStopping(run, moment, `stage ${failed.name} failed`, failed);
  if (run.stages.every((stage) => isStageEnded(stage.state))) return [decideEnd(run, moment)];
  if (run.pauseRequestedAt !== null) {
    const quiet = run.state !== 'paused' && run.state !== 'waiting' && !run.stages.some(isLive);
    return quiet ? [{ kind: 'record', events: [{ ...moment, kind: 'run.paused', runId: run.id }] }] : [];
  }
  return run.stages.flatMap((stage) => decideStage(run, definition, stage, moment));
}

function decideStage(run: Run, definition: WorkflowDefinition, stage: Stage, moment: Moment): readonly RunStep[] {
  if (stage.state !== 'pending' || isActive(stage)) return [];
  const stageOf = (name: string) => run.stages.find((other) => other.name === name);
  if (!stage.needs.every((name) => isStageEnded(stageOf(name)?.state ?? 'pending'))) return [];
  const broken = ancestorsOf(run.stages, stage.name)
    .map(stageOf)
    .find((other) => other?.state === 'cancelled' || (other?.state === 'failed' && !other.tolerated));
  if (broken === undefined) return [{ kind: 'dispatch', stage: mustStage(definition, stage.name) }];
  const reason = `it needs ${broken.name}, which ${broken.state === 'failed' ? 'failed' : 'was cancelled'}`;
  return [{ kind: 'record', events: [{ ...moment, kind: 'stage.skipped', runId: run.id, stage: stage.name, reason }] }];
}

/** Ends what is under way, then the run: `failed` null means that a person cancelled it. */
function decideStopping(run: Run, moment: Moment, reason: string, failed: Stage | null): readonly RunStep[] {
  const open = run.stages.filter((stage) => !isStageEnded(stage.state));
  if (open.length === 0) {
    const ids = { runId: run.id };
    const end: NewEvent =
      failed === null
        ? { ...moment, kind: 'run.cancelled', ...ids, reason }
        : { ...moment, kind: 'run.failed', ...ids, failure: failureOf(failed) };
    return [{ kind: 'record', events: [...decideWake(run, moment), end] }];
  }
  const idle = open.filter((stage) => !isActive(stage));
  const ended = idle.map((stage): NewEvent => {
    const kind = failed === null ? 'stage.cancelled' : 'stage.skipped';
    return { ...moment, kind, runId: run.id, stage: stage.name, reason };
  });
  const stops = open.filter(isActive).map((stage): RunStep => ({ kind: 'stop', stage, reason }));
  return ended.length > 0 ? [{ kind: 'record', events: ended }, ...stops] : stops;
}

function failureOf(stage: Stage): Failure {
  const failure = mustFailure(stage);
  return { ...failure, message: `stage ${stage.name}: ${failure.message}` };
}

function decideEnd(run: Run, moment: Moment): RunStep {
  const ids = { ...moment, runId: run.id };
  const failed = run.stages.find((stage) => stage.state === 'failed' && !stage.tolerated);
  const cancelled = run.stages.find((stage) => stage.state === 'cancelled');
  let end: NewEvent = { ...ids, kind: 'run.completed' };
  if (cancelled !== undefined) end = { ...ids, kind: 'run.cancelled', reason: `stage ${cancelled.name} was cancelled` };
  if (failed !== undefined) end = { ...ids, kind: 'run.failed', failure: failureOf(failed) };
  return { kind: 'record', events: [...decideWake(run, moment), end] };
}

/** A run ends from `running` only (or is cancelled): one that is paused or waits goes back there first. */
function decideWake(run: Run, moment: Moment): readonly NewEvent[] {
  if (run.state === 'waiting') return [{ ...moment, kind: 'run.continued', runId: run.id }];
  if (run.state === 'paused') {
    return [{ ...moment, kind: 'run.resumed', runId: run.id, reason: 'its last stage ended' }];
  }
  return [];
}

function refuseEnded(run: Run, verb: string) {
  return refuse(
    'refused',
    `Run ${run.id} cannot be ${verb}: it is ${run.state} already.`,
    'An ended run stays as it is; rerun it from a stage to go on.',
  );
}

/** Asks a run to stop for good. Asking again changes nothing. */
export function decideRunCancel(run: Run, reason: string, moment: Moment): Result<readonly NewEvent[], ApiError> {
  if (isRunEnded(run.state)) return refuseEnded(run, 'cancelled');
  if (run.cancelRequestedAt !== null) return ok([]);
  return ok([{ ...moment, kind: 'run.cancelRequested', runId: run.id, reason }]);
}

/** Asks a run to start nothing new; live attempts end first. */
export function decideRunPause(run: Run, reason: string, moment: Moment): Result<readonly NewEvent[], ApiError> {
  if (isRunEnded(run.state)) return refuseEnded(run, 'paused');
  if (run.cancelRequestedAt !== null) {
    return refuse('refused', `Run ${run.id} cannot be paused: it is being cancelled.`, 'Wait for it to end.');
  }
  if (run.pauseRequestedAt !== null) return ok([]);
  return ok([{ ...moment, kind: 'run.pauseRequested', runId: run.id, reason }]);
}

/** Lets a paused run, or one that was asked to pause, go on. */
export function decideRunResume(run: Run, reason: string, moment: Moment): Result<readonly NewEvent[], ApiError> {
  if (isRunEnded(run.state)) return refuseEnded(run, 'resumed');
  if (run.pauseRequestedAt === null) {
    return refuse('refused', `Run ${run.id} cannot be resumed: it is ${run.state}, not paused.`, 'Nothing to do.');
  }
  return ok([{ ...moment, kind: 'run.resumed', runId: run.id, reason }]);
}

/** The stages whose outputs a rerun keeps: completed, and not the stage it starts from nor anything after it. */
export function decideRerun(
  run: Run,
  fromStage: string | undefined,
): Result<{ readonly fromStage: string; readonly kept: readonly Stage[] }, ApiError> {
  if (!isRunEnded(run.state)) {
    return refuse(
      'refused',
      `Run ${run.id} cannot be rerun: it is still ${run.state}.`,
      'Cancel it, or wait for its end.',
    );
  }
  const from = fromStage ?? run.stages.find((stage) => stage.state !== 'completed')?.name;
  if (from === undefined) {
    return refuse(
      'refused',
      `Run ${run.id} has no stage to retry: all of them completed.`,
      `Name the stage to start from: ${run.stages.map((stage) => stage.name).join(', ')}.`,
      { field: 'fromStage' },
    );
  }
  if (!run.stages.some((stage) => stage.name === from)) {
    return refuse(
      'invalidInput',
      `Run ${run.id} has no stage ${from}.`,
      `Name one of its stages: ${run.stages.map((stage) => stage.name).join(', ')}.`,
      { field: 'fromStage' },
    );
  }
  const again = new Set([from, ...dependantsOf(run.stages, from)]);
  const kept: Stage[] = [];
  const isKept = (name: string) => kept.some((stage) => stage.name === name);
  const candidates = run.stages.filter((stage) => stage.state === 'completed' && !again.has(stage.name));
  for (let grown = true; grown; ) {
    const found = candidates.filter((stage) => !isKept(stage.name) && stage.needs.every(isKept));
    kept.push(...found);
    grown = found.length > 0;
  }
  return ok({ fromStage: from, kept });
}
