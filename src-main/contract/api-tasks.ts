import { z } from 'zod';
import { count, direction, empty, next, page, search, total, why } from './api-page.ts';
import { environmentSchema } from './environment.ts';
import { apiErrorSchema } from './error-schemas.ts';
import { failureCategories } from './errors.ts';
import { agentIdSchema, nameSchema, runIdSchema, taskIdSchema } from './ids.ts';
import { gateSchema, retryPolicySchema, timeoutsSchema } from './policies.ts';
import { taskStates } from './states.ts';
import { attemptSchema, taskSchema, taskWorkSchema } from './task.ts';
import { durationMsSchema, jsonObjectSchema, prioritySchema } from './values.ts';
import { agentSelectorSchema } from './workflow.ts';

/** A task to be queued. */
export const newTaskSchema = z.strictObject({
  /** A name for other tasks of the same call to need; not stored. */
  key: nameSchema.optional(),
  title: z.string().min(1).max(200).optional(),
  agent: agentSelectorSchema,
  work: taskWorkSchema,
  folder: z.string().min(1).max(4_096).optional(),
  env: environmentSchema.default({}),
  inputs: jsonObjectSchema.default({}),
  gates: z.array(gateSchema).max(100).default([]),
  requiredOutputs: z.array(z.string().min(1).max(200)).max(100).default([]),
  priority: prioritySchema.default('normal'),
  delayMs: durationMsSchema.default(0),
  retry: retryPolicySchema.partial().default({}),
  timeouts: timeoutsSchema.partial().default({}),
  /** Keys of this call, or ids of earlier tasks. */
  needs: z.array(z.string()).max(1_000).default([]),
  onNeedFailed: z.enum(['block', 'skip']).default('block'),
});

/** Columns that tasks can be sorted by. `queue` is the order in which they will be claimed. */
export const taskSorts = ['created', 'queue', 'priority', 'started', 'ended', 'duration', 'title', 'attempts'] as const;

/** Which tasks: all demands must be met. `search` looks at id, title, agent and the reason of a failure. */
const taskFilter = {
  states: z.array(z.enum(taskStates)).optional(),
  runId: runIdSchema.optional(),
  agentId: agentIdSchema.optional(),
  priorities: z.array(prioritySchema).optional(),
  /** Category of the failure. */
  category: z.enum(failureCategories).optional(),
  search,
};
const taskFilterSchema = z.strictObject(taskFilter);
export type TaskFilter = z.input<typeof taskFilterSchema>;

export const taskSummarySchema = taskSchema
  .omit({ spec: true, outputs: true })
  .extend({ title: z.string(), agentRef: z.string() });
export type TaskSummary = z.infer<typeof taskSummarySchema>;

export const taskEntries = {
  enqueueTasks: {
    change: true,
    input: z.strictObject({ tasks: z.array(newTaskSchema).min(1).max(1_000) }),
    output: z.object({ taskIds: z.array(taskIdSchema) }),
  },
  /** Newest first, unless `sort` says otherwise. */
  listTasks: {
    change: false,
    input: z.strictObject({
      ...page,
      ...taskFilter,
      sort: z.strictObject({ by: z.enum(taskSorts), direction }).optional(),
      count,
    }),
    output: z.object({ tasks: z.array(taskSummarySchema), next, total }),
  },
  getTask: {
    change: false,
    input: z.strictObject({ taskId: taskIdSchema }),
    output: z.object({
      task: taskSchema,
      attempts: z.array(attemptSchema),
      /** Why it waits, in words; null when it does not. */
      waitingBecause: z.string().nullable(),
    }),
  },
  cancelTask: { change: true, input: z.strictObject({ taskId: taskIdSchema, reason: why }), output: taskSchema },
  setTaskPriority: {
    change: true,
    input: z.strictObject({ taskId: taskIdSchema, priority: prioritySchema }),
    output: taskSchema,
  },
  /** Puts a dead letter back into the queue. A stage's task is retried by rerunning its run. */
  requeueTask: { change: true, input: z.strictObject({ taskId: taskIdSchema }), output: taskSchema },
  /** One change to many tasks, in steps, as `changeRuns` does it for runs. */
  changeTasks: {
    change: true,
    input: z.strictObject({
      select: z.union([
        z.strictObject({ taskIds: z.array(taskIdSchema).min(1).max(10_000) }),
        z.strictObject({ filter: taskFilterSchema }),
      ]),
      action: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('cancel'), reason: why }),
        z.strictObject({ kind: z.literal('requeue') }),
        z.strictObject({ kind: z.literal('setPriority'), priority: prioritySchema }),
        /** For good, with events and logs; only what has ended, and a stage's task only with its run. */
        z.strictObject({ kind: z.literal('delete'), reason: why }),
      ]),
    }),
    output: z.object({
      changed: z.number().int(),
      refused: z.number().int(),
      /** The first of those that refused, at most a hundred. */
      refusals: z.array(z.object({ taskId: taskIdSchema, error: apiErrorSchema })),
    }),
  },
  /** Dead letters by the category of their failure, most first. */
  countDeadLetters: {
    change: false,
    input: empty,
    output: z.object({
      categories: z.array(z.object({ category: z.enum(failureCategories), count: z.number().int() })),
    }),
  },
} as const;
