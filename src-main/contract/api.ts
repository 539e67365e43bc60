import { z } from 'zod';
import { agentDefinitionSchema, agentSchema } from './agent.ts';
import { approvalSchema } from './approval.ts';
import { environmentSchema } from './environment.ts';
import type { ApiError } from './errors.ts';
import { problemSchema } from './errors.ts';
import { eventSchema } from './event.ts';
import { agentIdSchema, approvalIdSchema, attemptIdSchema, nameSchema, runIdSchema, taskIdSchema } from './ids.ts';
import { logLineSchema, maxLogPage } from './log.ts';
import { gateSchema, retryPolicySchema, timeoutsSchema } from './policies.ts';
import type { Result } from './result.ts';
import { runSchema } from './run.ts';
import { agentStates, approvalStates, runStates, taskStates } from './states.ts';
import { attemptSchema, taskSchema, taskWorkSchema } from './task.ts';
import { durationMsSchema, jsonObjectSchema, jsonSchema, prioritySchema, timeSchema } from './values.ts';
import { agentSelectorSchema, workflowDefinitionSchema, workflowOrigins } from './workflow.ts';

const empty = z.strictObject({});
const why = z.string().min(1).max(1_000);
const pageSize = z.number().int().min(1).max(1_000).default(100);
/** Pages are by key: `after` is the `next` of the page before, absent for the first one. */
const page = { limit: pageSize, after: z.string().max(200).optional() };
const next = z.string().nullable();
const done = z.object({});

const newTaskSchema = z.strictObject({
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

const runSummarySchema = runSchema.omit({ stages: true, inputs: true }).extend({ currentStages: z.array(nameSchema) });
const taskSummarySchema = taskSchema
  .omit({ spec: true, outputs: true })
  .extend({ title: z.string(), agentRef: z.string() });
const agentViewSchema = agentSchema.extend({
  slotsUsed: z.number().int(),
  completed: z.number().int(),
  failed: z.number().int(),
  lastHeartbeatAt: timeSchema.nullable(),
});
const workflowSummarySchema = z.object({
  name: nameSchema,
  title: z.string(),
  description: z.string(),
  origin: z.enum(workflowOrigins),
  path: z.string(),
  stages: z.number().int(),
  problems: z.array(problemSchema),
});

/** What a check of the doctor found; a check that is not `ok` names its exact remedy. */
export const findingSchema = z.object({
  check: z.string(),
  status: z.enum(['ok', 'warning', 'broken']),
  detail: z.string(),
  remedy: z.string().nullable(),
});
export type Finding = z.infer<typeof findingSchema>;

const eventFilter = {
  runId: runIdSchema.optional(),
  taskId: taskIdSchema.optional(),
  attemptId: attemptIdSchema.optional(),
  agentId: agentIdSchema.optional(),
};

/**
 * The contract. Each entry is a name with its input and its output; the client, the servers, the list of names that
 * a renderer may call and the tests of completeness all derive from this one literal. `change` says whether it
 * changes anything: entries that do not never write. Every entry may answer with an {@link ApiError}.
 */
export const api = {
  // Workflows
  listWorkflows: { change: false, input: empty, output: z.object({ workflows: z.array(workflowSummarySchema) }) },
  getWorkflow: {
    change: false,
    input: z.strictObject({ workflow: z.string().min(1).max(4_096) }),
    output: workflowSummarySchema.extend({ source: z.string(), definition: workflowDefinitionSchema.nullable() }),
  },
  validateWorkflow: {
    change: false,
    input: z.strictObject({ source: z.string().max(2_000_000) }),
    output: z.object({ problems: z.array(problemSchema), definition: workflowDefinitionSchema.nullable() }),
  },
  // Runs
  startRun: {
    change: true,
    input: z.strictObject({
      /** Name of a bundled or user workflow, or the absolute path of a workflow file. */
      workflow: z.string().min(1).max(4_096),
      inputs: z.record(z.string(), jsonSchema),
      /** Absolute folder to work in; absent: a new folder of the run's own. */
      folder: z.string().min(1).max(4_096).optional(),
      priority: prioritySchema.default('normal'),
      requestId: z.string().min(1).max(200).optional(),
    }),
    output: runSchema,
  },
  listRuns: {
    change: false,
    input: z.strictObject({ ...page, states: z.array(z.enum(runStates)).optional(), workflow: nameSchema.optional() }),
    output: z.object({ runs: z.array(runSummarySchema), next }),
  },
  getRun: { change: false, input: z.strictObject({ runId: runIdSchema }), output: runSchema },
  pauseRun: { change: true, input: z.strictObject({ runId: runIdSchema, reason: why }), output: runSchema },
  resumeRun: { change: true, input: z.strictObject({ runId: runIdSchema, reason: why }), output: runSchema },
  cancelRun: { change: true, input: z.strictObject({ runId: runIdSchema, reason: why }), output: runSchema },
  /** Starts a new run, linked to this one, which keeps what came before `fromStage`; absent: the first failed stage. */
  rerunRun: {
    change: true,
    input: z.strictObject({ runId: runIdSchema, fromStage: nameSchema.optional() }),
    output: runSchema,
  },
  // Tasks
  enqueueTasks: {
    change: true,
    input: z.strictObject({ tasks: z.array(newTaskSchema).min(1).max(1_000) }),
    output: z.object({ taskIds: z.array(taskIdSchema) }),
  },
  listTasks: {
    change: false,
    input: z.strictObject({ ...page, states: z.array(z.enum(taskStates)).optional(), runId: runIdSchema.optional() }),
    output: z.object({ tasks: z.array(taskSummarySchema), next }),
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
  // Approvals
  listApprovals: {
    change: false,
    input: z.strictObject({ ...page, states: z.array(z.enum(approvalStates)).optional() }),
    output: z.object({ approvals: z.array(approvalSchema), next }),
  },
  answerApproval: {
    change: true,
    input: z.strictObject({
      approvalId: approvalIdSchema,
      answer: z.enum(['approved', 'rejected']),
      comment: z.string().max(10_000).optional(),
    }),
    output: approvalSchema,
  },
  // Agents
  listAgents: { change: false, input: empty, output: z.object({ agents: z.array(agentViewSchema) }) },
  saveAgent: { change: true, input: agentDefinitionSchema, output: agentSchema },
  removeAgent: { change: true, input: z.strictObject({ agentId: agentIdSchema }), output: done },
  startAgent: { change: true, input: z.strictObject({ agentId: agentIdSchema }), output: agentSchema },
  /** Stops taking work, lets live attempts end, then ends the processes. */
  drainAgent: { change: true, input: z.strictObject({ agentId: agentIdSchema, reason: why }), output: agentSchema },
  /** Ends the processes at once; live attempts are interrupted and their tasks released. */
  stopAgent: { change: true, input: z.strictObject({ agentId: agentIdSchema, reason: why }), output: agentSchema },
  disableAgent: { change: true, input: z.strictObject({ agentId: agentIdSchema, reason: why }), output: agentSchema },
  enableAgent: { change: true, input: z.strictObject({ agentId: agentIdSchema }), output: agentSchema },
  // Logs and events
  readLog: {
    change: false,
    input: z.strictObject({
      attemptId: attemptIdSchema,
      /** Number of the first line wanted, from 1. */
      from: z.number().int().positive().default(1),
      limit: z.number().int().min(1).max(maxLogPage).default(1_000),
    }),
    output: z.object({
      lines: z.array(logLineSchema),
      totalLines: z.number().int(),
      complete: z.boolean(),
      path: z.string(),
    }),
  },
  listEvents: {
    change: false,
    input: z.strictObject({ afterSeq: z.number().int().min(0).default(0), limit: pageSize, ...eventFilter }),
    output: z.object({ events: z.array(eventSchema), lastSeq: z.number().int() }),
  },
  // Engine
  getStatus: {
    change: false,
    input: empty,
    output: z.object({
      version: z.string(),
      pid: z.number().int(),
      dataFolder: z.string(),
      startedAt: timeSchema,
      lastSeq: z.number().int(),
      frozen: z.object({ at: timeSchema, reason: z.string() }).nullable(),
      slots: z.object({ used: z.number().int(), total: z.number().int() }),
      runs: z.record(z.enum(runStates), z.number().int()),
      tasks: z.record(z.enum(taskStates), z.number().int()),
      agents: z.record(z.enum(agentStates), z.number().int()),
      /** Runs that an earlier engine left unfinished and this one took up again. */
      resumedRuns: z.array(runIdSchema),
      /** Processes of an earlier engine that were found and ended at start. */
      reapedProcesses: z.number().int(),
    }),
  },
  freeze: { change: true, input: z.strictObject({ reason: why }), output: done },
  thaw: { change: true, input: z.strictObject({ reason: why }), output: done },
  runDoctor: { change: false, input: empty, output: z.object({ findings: z.array(findingSchema) }) },
} as const satisfies Record<string, { change: boolean; input: z.ZodType; output: z.ZodType }>;

export type ApiName = keyof typeof api;
/** What a caller passes: fields with defaults may be left out. */
export type ApiInput<N extends ApiName> = z.input<(typeof api)[N]['input']>;
/** What a handler receives: validated, defaults filled in. */
export type ApiParsedInput<N extends ApiName> = z.output<(typeof api)[N]['input']>;
export type ApiOutput<N extends ApiName> = z.output<(typeof api)[N]['output']>;

/** One method per entry, as a caller sees it. */
export type ApiClient = {
  readonly [N in ApiName]: (input: ApiInput<N>) => Promise<Result<ApiOutput<N>, ApiError>>;
};

/** One method per entry, as the core implements it. Input is already validated. */
export type ApiHandlers = {
  readonly [N in ApiName]: (
    input: ApiParsedInput<N>,
  ) => Result<ApiOutput<N>, ApiError> | Promise<Result<ApiOutput<N>, ApiError>>;
};

/** Every name of the contract; nothing else may be called. */
export const apiNames = Object.keys(api) as readonly ApiName[];

/** Whether a string that came over a wire names an entry of the contract (and not, say, `constructor`). */
export function isApiName(name: string): name is ApiName {
  return Object.hasOwn(api, name);
}

/** What can be followed live. `events` answers every event after `afterSeq`; `log` says when a log has grown. */
export const subscriptionSchema = z.discriminatedUnion('topic', [
  z.strictObject({ topic: z.literal('events'), afterSeq: z.number().int().min(0), ...eventFilter }),
  z.strictObject({ topic: z.literal('log'), attemptId: attemptIdSchema }),
]);
export type Subscription = z.infer<typeof subscriptionSchema>;

/** What a subscriber receives: events in the order of `seq`, or how far a log has grown. */
export const subscriptionMessageSchema = z.discriminatedUnion('topic', [
  z.object({ topic: z.literal('events'), events: z.array(eventSchema) }),
  z.object({
    topic: z.literal('log'),
    attemptId: attemptIdSchema,
    totalLines: z.number().int(),
    complete: z.boolean(),
  }),
]);
export type SubscriptionMessage = z.infer<typeof subscriptionMessageSchema>;
