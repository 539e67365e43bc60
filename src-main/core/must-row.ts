import type { Failure } from '../contract/errors.ts';
import type { RowKind, Rows } from '../contract/evolve.ts';
import type { Run } from '../contract/run.ts';
import type { JsonObject } from '../contract/values.ts';
import type { StageSpec, WorkflowDefinition, WorkflowVersion } from '../contract/workflow.ts';
import type { StoreReads } from './ports.ts';

/**
 * A row that must be there, because another row or a command just made names it.
 * @throws when it is not: a defect, which rolls the unit of work back.
 */
export function mustRow<K extends RowKind>(reads: Pick<StoreReads, 'row'>, kind: K, id: string): Rows[K] {
  const row = reads.row(kind, id);
  if (row === null) throw new Error(`${kind} ${id} has no row`);
  return row;
}

/**
 * The version of a workflow that a run was started from; it is stored with the run.
 * @throws when it is not there: a defect.
 */
export function mustWorkflow(
  reads: Pick<StoreReads, 'workflow'>,
  run: Pick<Run, 'id' | 'workflowHash'>,
): WorkflowVersion {
  const version = reads.workflow(run.workflowHash);
  if (version === null) throw new Error(`run ${run.id} names a workflow version that is not stored`);
  return version;
}

/**
 * The definition of a stage that a run's row names.
 * @throws when the workflow has no such stage: a defect.
 */
export function mustStage(definition: WorkflowDefinition, name: string): StageSpec {
  const spec = definition.stages.find((stage) => stage.name === name);
  if (spec === undefined) throw new Error(`workflow ${definition.name} has no stage ${name}`);
  return spec;
}

/** What a row that completed gave; every such row has outputs, if only empty ones. @throws when it has none: a defect. */
export function mustOutputs(row: {
  readonly id?: string;
  readonly name?: string;
  readonly outputs: JsonObject | null;
}): JsonObject {
  if (row.outputs === null) throw new Error(`${row.id ?? row.name} completed without outputs`);
  return row.outputs;
}

/** Why a row ended badly; rows that did always say so. */
export function mustFailure(row: {
  readonly id?: string;
  readonly name?: string;
  readonly failure: Failure | null;
}): Failure {
  if (row.failure === null) throw new Error(`${row.id ?? row.name} ended badly without a failure`);
  return row.failure;
}
