import { z } from 'zod';
import { count, direction, next, page, search, total, why } from './api-page.ts';
import { workflowReference } from './api-workflows.ts';
import { approvalSchema } from './approval.ts';
import { apiErrorSchema } from './error-schemas.ts';
import { agentIdSchema, nameSchema, runIdSchema } from './ids.ts';
import { runSchema } from './run.ts';
import { runStates, stageStates } from './states.ts';
import { attemptSchema, taskSchema } from './task.ts';
import { jsonSchema, prioritySchema, timeSchema } from './values.ts';
import { workflowDefinitionSchema } from './workflow.ts';

/** Columns that runs can be sorted by. `duration` of a run that goes on is how long it has been going on. */
export const runSorts = [
  'created',
  'started',
  'ended',
  'duration',
  'progress',
  'priority',
  'workflow',
  'state',
] as const;

/** Which runs: all demands must be met. `search` looks at id, workflow, folder, inputs and the reason of a failure. */
const runFilter = {
  states: z.array(z.enum(runStates)).optional(),
  workflow: nameSchema.optional(),
  priorities: z.array(prioritySchema).optional(),
  /** Runs in which this agent had an attempt. */
  agentId: agentIdSchema.optional(),
  createdAfter: timeSchema.optional(),
  createdBefore: timeSchema.optional(),
  /** Runs that ended at this time or later. */
  endedAfter: timeSchema.optional(),
  search,
};
const runFilterSchema = z.strictObject(runFilter);
export type RunFilter = z.input<typeof runFilterSchema>;

export const runSummarySchema = runSchema.omit({ stages: true, inputs: true }).extend({
  currentStages: z.array(nameSchema),
  /** Agents that had an attempt in it, at most ten. */
  agents: z.array(agentIdSchema),
});
export type RunSummary = z.infer<typeof runSummarySchema>;

/** A run as a track: its stages in the order of the file, with their states. */
export const runTrackSchema = z.object({
  run: runSummarySchema,
  stages: z.array(z.object({ name: nameSchema, state: z.enum(stageStates) })),
});
export type RunTrack = z.infer<typeof runTrackSchema>;

export const runEntries = {
  startRun: {
    change: true,
    input: z.strictObject({
      workflow: workflowReference,
      inputs: z.record(z.string(), jsonSchema),
      /** Absolute folder to work in; absent: a new folder of the run's own. */
      folder: z.string().min(1).max(4_096).optional(),
      priority: prioritySchema.default('normal'),
      requestId: z.string().min(1).max(200).optional(),
    }),
    output: runSchema,
  },
  /** Newest first, unless `sort` says otherwise. */
  listRuns: {
    change: false,
    input: z.strictObject({
      ...page,
      ...runFilter,
      sort: z.strictObject({ by: z.enum(runSorts), direction }).optional(),
      count,
    }),
    output: z.object({ runs: z.array(runSummarySchema), next, total }),
  },
  getRun: { change: false, input: z.strictObject({ runId: runIdSchema }), output: runSchema },
  /** Everything that a page about one run shows, as of event `lastSeq`: what follows is told by the events after it. */
  getRunWork: {
    change: false,
    input: z.strictObject({ runId: runIdSchema }),
    output: z.object({
      run: runSchema,
      definition: workflowDefinitionSchema,
      tasks: z.array(taskSchema),
      /** First to last. */
      attempts: z.array(attemptSchema),
      approvals: z.array(approvalSchema),
      lastSeq: z.number().int(),
    }),
  },
  pauseRun: { change: true, input: z.strictObject({ runId: runIdSchema, reason: why }), output: runSchema },
  resumeRun: { change: true, input: z.strictObject({ runId: runIdSchema, reason: why }), output: runSchema },
  cancelRun: { change: true, input: z.strictObject({ runId: runIdSchema, reason: why }), output: runSchema },
  /** Starts a new run, linked to this one, which keeps what came before `fromStage`; absent: the first failed stage. */
  rerunRun: {
    change: true,
    input: z.strictObject({ runId: runIdSchema, fromStage: nameSchema.optional() }),
    output: runSchema,
  },
  /**
   * One change to many runs: those named, or all that match a filter now. Done in steps, so that it never holds up
   * other work; a run that refuses is counted and left as it is.
   */
  changeRuns: {
    change: true,
    input: z.strictObject({
      select: z.union([
        z.strictObject({ runIds: z.array(runIdSchema).min(1).max(10_000) }),
        z.strictObject({ filter: runFilterSchema }),
      ]),
      /** `delete`: for good, with events, logs and the folder that was made for it; only what has ended. */
      action: z.enum(['pause', 'resume', 'cancel', 'rerun', 'delete']),
      reason: why,
    }),
    output: z.object({
      changed: z.number().int(),
      refused: z.number().int(),
      /** The first of those that refused, at most a hundred. */
      refusals: z.array(z.object({ runId: runIdSchema, error: apiErrorSchema })),
    }),
  },
} as const;
