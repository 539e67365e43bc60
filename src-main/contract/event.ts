import { z } from 'zod';
import { agentDefinitionSchema, agentSchema } from './agent.ts';
import { breakerSchema } from './breaker.ts';
import { apiErrorSchema, failureSchema } from './error-schemas.ts';
import {
  agentIdSchema,
  approvalIdSchema,
  attemptIdSchema,
  breakerIdSchema,
  nameSchema,
  permissionIdSchema,
  permissionRuleIdSchema,
  runIdSchema,
  scheduleIdSchema,
  taskIdSchema,
  traceIdSchema,
  workflowHashSchema,
} from './ids.ts';
import { permissionAnswerers, permissionOptionSchema, permissionRuleAnswers } from './permission.ts';
import { gateResultSchema, watchdogRungs } from './policies.ts';
import { firingOutcomes, scheduleDefinitionSchema, scheduleSchema } from './schedule.ts';
import { agentStates, breakerStates } from './states.ts';
import { activitySchema, exitSchema, processIdentitySchema, taskSpecSchema } from './task.ts';
import { actorSchema, jsonObjectSchema, prioritySchema, timeSchema } from './values.ts';
import { workflowOrigins } from './workflow.ts';

/**
 * Facts, already committed, in the past tense. An event names the rows it concerns by their ids; `evolve` folds
 * it into each of them, so that folding all events from nothing gives exactly the rows.
 */
function event<K extends string, P extends z.ZodRawShape>(kind: K, payload: P) {
  return z.object({
    /** Position in the one sequence of all events: starts at 1; only what was pruned leaves gaps. */
    seq: z.number().int().positive(),
    at: timeSchema,
    actor: actorSchema,
    kind: z.literal(kind),
    ...payload,
  });
}

const run = { runId: runIdSchema };
const stage = { runId: runIdSchema, stage: nameSchema };
const task = { taskId: taskIdSchema, runId: runIdSchema.nullable() };
const attempt = { ...task, attemptId: attemptIdSchema, agentId: agentIdSchema };
const agent = { agentId: agentIdSchema };
const reason = z.string();

const engineEvents = [
  event('engine.started', { pid: z.number().int(), version: z.string(), interruptedAttempts: z.number().int() }),
  event('engine.stopped', { reason }),
  event('engine.frozen', { reason }),
  event('engine.thawed', { reason }),
  /** The database was damaged; a copy of it was put in its place, or it began empty when there was none. */
  event('engine.restored', {
    /** Folder that keeps the damaged files. */
    damaged: z.string(),
    /** Null: there was no good copy. */
    backup: z.string().nullable(),
    reason,
  }),
  /**
   * Runs and tasks that had ended were forgotten, with their events, which leaves gaps in `seq`: what ended before a
   * time, or what a person chose.
   */
  event('history.pruned', {
    /** Null: a person chose them. */
    before: timeSchema.nullable(),
    reason,
    runs: z.number().int(),
    tasks: z.number().int(),
    events: z.number().int(),
  }),
  /** A row that could not be read was set aside, so that it holds up nothing else; its events and its text are kept. */
  event('row.quarantined', { row: z.string(), id: z.string(), reason }),
  /** The settings were saved, or changed in their file by hand (`engine`); `sections` names what differs from before. */
  event('settings.changed', { sections: z.array(z.string()) }),
  /** A command or a late result that was refused; nothing changed. The ids name what it was about. */
  event('command.refused', {
    command: z.string(),
    error: apiErrorSchema,
    runId: runIdSchema.nullable(),
    taskId: taskIdSchema.nullable(),
    attemptId: attemptIdSchema.nullable(),
    agentId: agentIdSchema.nullable(),
  }),
  event('workflow.registered', {
    hash: workflowHashSchema,
    name: nameSchema,
    origin: z.enum(workflowOrigins),
  }),
] as const;

const runEvents = [
  event('run.created', {
    ...run,
    workflow: nameSchema,
    workflowHash: workflowHashSchema,
    inputs: jsonObjectSchema,
    priority: prioritySchema,
    requestId: z.string().min(1).max(200),
    traceId: traceIdSchema,
    folder: z.string(),
    rerunOf: z.object({ runId: runIdSchema, fromStage: nameSchema }).nullable(),
    stages: z.array(z.object({ name: nameSchema, needs: z.array(nameSchema) })).min(1),
  }),
  event('run.started', run),
  event('run.waiting', { ...run, waitingFor: z.string() }),
  /** What it waited for has come. */
  event('run.continued', run),
  event('run.resumed', { ...run, reason }),
  event('run.pauseRequested', { ...run, reason }),
  event('run.paused', run),
  event('run.cancelRequested', { ...run, reason }),
  event('run.completed', run),
  event('run.failed', { ...run, failure: failureSchema }),
  event('run.cancelled', { ...run, reason }),
  event('stage.inherited', { ...stage, outputs: jsonObjectSchema, gates: z.array(gateResultSchema) }),
  event('stage.dispatched', { ...stage, taskId: taskIdSchema }),
  event('stage.started', stage),
  event('stage.waiting', { ...stage, approvalId: approvalIdSchema }),
  event('stage.completed', { ...stage, outputs: jsonObjectSchema, gates: z.array(gateResultSchema) }),
  event('stage.failed', {
    ...stage,
    failure: failureSchema,
    gates: z.array(gateResultSchema),
    tolerated: z.boolean(),
  }),
  event('stage.skipped', { ...stage, reason }),
  event('stage.cancelled', { ...stage, reason }),
] as const;

const taskEvents = [
  event('task.created', {
    ...task,
    stage: nameSchema.nullable(),
    spec: taskSpecSchema,
    priority: prioritySchema,
    traceId: traceIdSchema,
    blocked: z.boolean(),
    held: z.boolean(),
    position: z.number().int(),
    availableAt: timeSchema,
  }),
  event('task.unblocked', task),
  event('task.held', task),
  event('task.unheld', task),
  event('task.priorityChanged', { ...task, priority: prioritySchema }),
  event('task.claimed', {
    ...attempt,
    stage: nameSchema.nullable(),
    number: z.number().int().positive(),
    fence: z.number().int().positive(),
  }),
  /** The attempt gave the task back; `counts` says against which bound. The list of these is the release history. */
  event('task.released', {
    ...attempt,
    by: z.enum(['retry', 'agent', 'engine', 'freeze', 'stale']),
    counts: z.enum(['failure', 'interruption', 'nothing']),
    held: z.boolean(),
    position: z.number().int(),
    availableAt: timeSchema,
    reason,
  }),
  event('task.completed', { ...task, outputs: jsonObjectSchema }),
  event('task.failed', { ...task, failure: failureSchema }),
  event('task.died', { ...task, failure: failureSchema }),
  event('task.cancelRequested', { ...task, reason }),
  event('task.cancelled', { ...task, reason }),
  event('task.requeued', { ...task, position: z.number().int() }),
  event('attempt.started', { ...attempt, process: processIdentitySchema.nullable() }),
  event('attempt.did', { ...attempt, number: z.number().int().positive(), activity: activitySchema }),
  /** The watchdog went a rung further with an attempt that does nothing. `since`: its last activity. */
  event('attempt.stuck', { ...attempt, since: timeSchema, rung: z.enum(watchdogRungs), evidence: z.string() }),
  /** It does something again. */
  event('attempt.unstuck', attempt),
  event('attempt.ended', {
    ...attempt,
    state: z.enum(['completed', 'failed', 'timed_out', 'cancelled', 'interrupted']),
    exit: exitSchema.nullable(),
    gates: z.array(gateResultSchema),
    outputs: jsonObjectSchema.nullable(),
    failure: failureSchema.nullable(),
  }),
] as const;

const otherEvents = [
  event('agent.registered', { ...agent, definition: agentDefinitionSchema }),
  event('agent.removed', agent),
  event('agent.changed', { ...agent, to: z.enum(agentStates), reason: z.string().nullable() }),
  event('agent.processStarted', { ...agent, process: processIdentitySchema, version: z.string().nullable() }),
  event('agent.processEnded', {
    ...agent,
    /** Null when it never came to be a process, or died before it could be identified. */
    process: processIdentitySchema.nullable(),
    expected: z.boolean(),
    reason,
    /** After an unexpected end: when the agent may be started again by itself; null: not by itself. */
    restartAt: timeSchema.nullable(),
  }),
  event('agent.recovered', agent),
  /** The agent as it is now: what came before this may be forgotten. */
  event('agent.condensed', { ...agent, row: agentSchema }),
  /** A failure that speaks against an agent or its provider; `to` is where it led. */
  event('breaker.failed', {
    breakerId: breakerIdSchema,
    attemptId: attemptIdSchema,
    failure: failureSchema,
    to: z.enum(breakerStates),
    /** When it is tried again; null unless `to` is open. */
    retryAt: timeSchema.nullable(),
  }),
  event('breaker.succeeded', { breakerId: breakerIdSchema, attemptId: attemptIdSchema, to: z.enum(breakerStates) }),
  /** Its time is up: some work is let through. */
  event('breaker.halfOpened', { breakerId: breakerIdSchema }),
  event('breaker.reset', { breakerId: breakerIdSchema, reason }),
  /** The breaker as it is now: what came before this may be forgotten. */
  event('breaker.condensed', { breakerId: breakerIdSchema, row: breakerSchema }),
  event('schedule.saved', {
    scheduleId: scheduleIdSchema,
    definition: scheduleDefinitionSchema,
    nextAt: timeSchema.nullable(),
  }),
  event('schedule.switched', {
    scheduleId: scheduleIdSchema,
    enabled: z.boolean(),
    reason,
    nextAt: timeSchema.nullable(),
  }),
  event('schedule.removed', { scheduleId: scheduleIdSchema, reason }),
  /** The schedule as it is now: what came before this may be forgotten. */
  event('schedule.condensed', { scheduleId: scheduleIdSchema, row: scheduleSchema }),
  /** What became of a time at which it was due; told twice of one that waited first. */
  event('schedule.fired', {
    scheduleId: scheduleIdSchema,
    dueAt: timeSchema,
    outcome: z.enum(firingOutcomes),
    runId: runIdSchema.nullable(),
    taskId: taskIdSchema.nullable(),
    reason: z.string().nullable(),
    nextAt: timeSchema.nullable(),
  }),
  event('approval.requested', {
    ...stage,
    approvalId: approvalIdSchema,
    question: z.string(),
    onTimeout: z.enum(['approve', 'reject']),
    expiresAt: timeSchema.nullable(),
  }),
  event('approval.answered', {
    ...stage,
    approvalId: approvalIdSchema,
    answer: z.enum(['approved', 'rejected', 'expired', 'withdrawn']),
    comment: z.string().nullable(),
  }),
  /** An agent asks to be allowed something, and waits. What a rule answers at once is no such event. */
  event('permission.requested', {
    ...attempt,
    stage: nameSchema.nullable(),
    permissionId: permissionIdSchema,
    callId: z.string(),
    tool: z.string(),
    title: z.string(),
    detail: z.string(),
    options: z.array(permissionOptionSchema),
    expiresAt: timeSchema.nullable(),
  }),
  event('permission.answered', {
    ...attempt,
    permissionId: permissionIdSchema,
    state: z.enum(['answered', 'expired', 'withdrawn']),
    /** Null when nobody chose. */
    answer: permissionOptionSchema.nullable(),
    by: z.enum(permissionAnswerers).nullable(),
    comment: z.string().nullable(),
  }),
  event('permission.ruleAdded', {
    ...agent,
    ruleId: permissionRuleIdSchema,
    tool: z.string(),
    answer: z.enum(permissionRuleAnswers),
  }),
  event('permission.ruleRemoved', { ...agent, ruleId: permissionRuleIdSchema, reason }),
] as const;

export const eventSchema = z.discriminatedUnion('kind', [...engineEvents, ...runEvents, ...taskEvents, ...otherEvents]);

/** A committed event. */
export type Event = z.infer<typeof eventSchema>;
export type EventKind = Event['kind'];
/** One kind of event. */
export type EventOf<K extends EventKind> = Extract<Event, { kind: K }>;

type WithoutSeq<E> = E extends unknown ? Omit<E, 'seq'> : never;
/** An event that was decided but not yet committed: the store gives it its number. */
export type NewEvent = WithoutSeq<Event>;

/** Every kind of event, in the order of the union. */
export const eventKinds = eventSchema.options.map((option) => option.shape.kind.value) as readonly EventKind[];
