import { z } from 'zod';
import { failureSchema } from './error-schemas.ts';
import { approvalIdSchema, nameSchema, runIdSchema, taskIdSchema, traceIdSchema, workflowHashSchema } from './ids.ts';
import { gateResultSchema } from './policies.ts';
import { runStates, stageStates } from './states.ts';
import { jsonObjectSchema, prioritySchema, timeSchema } from './values.ts';

/** A stage of a run. */
export const stageSchema = z.object({
  name: nameSchema,
  index: z.number().int().min(0),
  needs: z.array(nameSchema),
  state: z.enum(stageStates),
  /** The task that does its work now; null before it was dispatched, and for approvals. */
  taskId: taskIdSchema.nullable(),
  approvalId: approvalIdSchema.nullable(),
  /** Whether it failed, and its policy lets its dependants go on. */
  tolerated: z.boolean(),
  /** Whether the outputs were taken over from the run that this one reruns. */
  inherited: z.boolean(),
  startedAt: timeSchema.nullable(),
  endedAt: timeSchema.nullable(),
  outputs: jsonObjectSchema.nullable(),
  gates: z.array(gateResultSchema),
  failure: failureSchema.nullable(),
  /** Why it was skipped or cancelled; null otherwise. */
  reason: z.string().nullable(),
});
export type Stage = z.infer<typeof stageSchema>;

/** One execution of a workflow, with its stages in the order of the file. */
export const runSchema = z.object({
  id: runIdSchema,
  workflow: nameSchema,
  workflowHash: workflowHashSchema,
  inputs: jsonObjectSchema,
  state: z.enum(runStates),
  priority: prioritySchema,
  /** Chosen by the caller: a second start with the same id returns the first run. */
  requestId: z.string().min(1).max(200),
  traceId: traceIdSchema,
  /** Absolute folder in which the stages work. */
  folder: z.string(),
  rerunOf: z.object({ runId: runIdSchema, fromStage: nameSchema }).nullable(),
  /** Finished stages ÷ stages, rounded to a whole per cent. */
  progress: z.number().int().min(0).max(100),
  waitingFor: z.string().nullable(),
  pauseRequestedAt: timeSchema.nullable(),
  cancelRequestedAt: timeSchema.nullable(),
  cancelReason: z.string().nullable(),
  createdAt: timeSchema,
  startedAt: timeSchema.nullable(),
  endedAt: timeSchema.nullable(),
  failure: failureSchema.nullable(),
  stages: z.array(stageSchema),
});
export type Run = z.infer<typeof runSchema>;
