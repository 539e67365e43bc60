import { z } from 'zod';
import { failureSchema } from './error-schemas.ts';
import { agentIdSchema, attemptIdSchema, nameSchema, runIdSchema, taskIdSchema, traceIdSchema } from './ids.ts';
import { gateResultSchema, gateSchema, retryPolicySchema, timeoutsSchema, watchdogRungs } from './policies.ts';
import { projectPathSchema } from './project.ts';
import { attemptStates, taskStates } from './states.ts';
import { jsonObjectSchema, prioritySchema, timeSchema } from './values.ts';
import { agentSelectorSchema, commandSchema } from './workflow.ts';

/** What a task asks of its agent. Templates are already filled in. */
export const taskWorkSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('prompt'), prompt: z.string().min(1).max(1_000_000), config: jsonObjectSchema }),
  z.strictObject({ kind: z.literal('command'), command: commandSchema }),
]);
export type TaskWork = z.infer<typeof taskWorkSchema>;

/** Everything about a task that never changes after it was created. */
export const taskSpecSchema = z.object({
  title: z.string().min(1).max(200),
  selector: agentSelectorSchema,
  work: taskWorkSchema,
  /** Absolute working folder; must exist when the task is created. */
  folder: z.string().min(1).max(4_096),
  /** The trusted project that the folder lay in when the task was created. Absent: none. */
  project: projectPathSchema.optional(),
  env: z.record(z.string(), z.string()),
  inputs: jsonObjectSchema,
  /** Outputs of earlier stages by stage name; empty for a task that stands alone. */
  earlierOutputs: z.record(z.string(), jsonObjectSchema),
  gates: z.array(gateSchema),
  requiredOutputs: z.array(z.string()),
  retry: retryPolicySchema,
  timeouts: timeoutsSchema,
  /** Tasks that must have completed first; only tasks that stand alone have them. */
  needs: z.array(taskIdSchema),
  /** What a failed need does: keep this task blocked, or cancel it. */
  onNeedFailed: z.enum(['block', 'skip']),
});
export type TaskSpec = z.infer<typeof taskSpecSchema>;

/**
 * A task. `attempts` counts all tries, `failures` those that count against `retry.maxAttempts`, `interruptions`
 * the deaths of the agent's process under this task (bounded, so that a poison task ends). `fence` rises with
 * every claim; a writer with an older fence is refused. `position` orders tasks of one priority, lowest first.
 */
export const taskSchema = z.object({
  id: taskIdSchema,
  runId: runIdSchema.nullable(),
  stage: nameSchema.nullable(),
  spec: taskSpecSchema,
  state: z.enum(taskStates),
  priority: prioritySchema,
  position: z.number().int(),
  /** Not claimable before this time; 0 means at once. */
  availableAt: timeSchema,
  /** Held by the pause of its run: queued, but not claimable. */
  held: z.boolean(),
  traceId: traceIdSchema,
  attempts: z.number().int(),
  failures: z.number().int(),
  interruptions: z.number().int(),
  fence: z.number().int(),
  attemptId: attemptIdSchema.nullable(),
  agentId: agentIdSchema.nullable(),
  cancelRequestedAt: timeSchema.nullable(),
  createdAt: timeSchema,
  startedAt: timeSchema.nullable(),
  endedAt: timeSchema.nullable(),
  outputs: jsonObjectSchema.nullable(),
  failure: failureSchema.nullable(),
});
export type Task = z.infer<typeof taskSchema>;

/** Identity of an operating-system process: a PID alone may be reused, PID with start time is not. */
export const processIdentitySchema = z.object({
  pid: z.number().int().positive(),
  /** The operating system's own start mark (Linux: field 22 of /proc/PID/stat), compared for equality only. */
  startMark: z.string(),
});
export type ProcessIdentity = z.infer<typeof processIdentitySchema>;

/** How an attempt's process ended; nulls where it did not end by itself or there was none. */
export const exitSchema = z.object({
  code: z.number().int().nullable(),
  signal: z.string().nullable(),
  /** The protocol's stop reason; null for agents without a protocol. */
  stopReason: z.string().nullable(),
});
export type Exit = z.infer<typeof exitSchema>;

/** An attempt that does nothing: since when (its last activity), how far the watchdog has gone, and the evidence. */
export const stuckSchema = z.object({ since: timeSchema, rung: z.enum(watchdogRungs), evidence: z.string() });
export type Stuck = z.infer<typeof stuckSchema>;

/** One try at a task. */
export const attemptSchema = z.object({
  id: attemptIdSchema,
  taskId: taskIdSchema,
  runId: runIdSchema.nullable(),
  stage: nameSchema.nullable(),
  number: z.number().int().positive(),
  agentId: agentIdSchema,
  fence: z.number().int(),
  state: z.enum(attemptStates),
  process: processIdentitySchema.nullable(),
  claimedAt: timeSchema,
  startedAt: timeSchema.nullable(),
  endedAt: timeSchema.nullable(),
  /** Number of activities recorded so far; they are numbered from 1 without gaps. */
  activities: z.number().int(),
  /** Null while it is active, and when nobody watches. It stays when the attempt ended stuck. */
  stuck: stuckSchema.nullable(),
  exit: exitSchema.nullable(),
  gates: z.array(gateResultSchema),
  outputs: jsonObjectSchema.nullable(),
  failure: failureSchema.nullable(),
});
export type Attempt = z.infer<typeof attemptSchema>;

/** Something an agent did that is worth an event of its own, besides its log. */
export const activitySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('thinking') }),
  z.object({ kind: z.literal('replied') }),
  z.object({ kind: z.literal('planned'), entries: z.array(z.string()).max(200) }),
  z.object({ kind: z.literal('toolCallStarted'), callId: z.string(), title: z.string(), tool: z.string() }),
  z.object({
    kind: z.literal('toolCallFinished'),
    callId: z.string(),
    status: z.enum(['completed', 'failed', 'abandoned']),
  }),
  z.object({ kind: z.literal('permissionAnswered'), callId: z.string(), title: z.string(), answer: z.string() }),
  z.object({ kind: z.literal('usageReported'), used: z.number(), size: z.number(), cost: z.string().nullable() }),
  z.object({ kind: z.literal('protocolBroken'), detail: z.string() }),
  z.object({ kind: z.literal('outputDropped'), bytes: z.number().int().positive() }),
]);
export type Activity = z.infer<typeof activitySchema>;
