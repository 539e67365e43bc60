import { z } from 'zod';
import { newTaskSchema } from './api-tasks.ts';
import { workflowReference } from './api-workflows.ts';
import { runIdSchema, scheduleIdSchema, taskIdSchema } from './ids.ts';
import { durationMsSchema, jsonSchema, prioritySchema, timeSchema } from './values.ts';

/** When a schedule is due. */
const timingSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('cron'),
    /** Five fields, or six with seconds in front; names, ranges, steps and L as croner reads them. */
    expression: z.string().min(1).max(200),
    /** IANA name, such as Europe/Berlin; absent: the time zone of the engine's machine. */
    timeZone: z.string().min(1).max(100).optional(),
  }),
  z.strictObject({
    kind: z.literal('interval'),
    everyMs: durationMsSchema.min(1_000, { error: 'must be at least 1 s' }),
  }),
  z.strictObject({ kind: z.literal('once'), at: timeSchema }),
]);
export type Timing = z.infer<typeof timingSchema>;

/** What a schedule starts. */
const startSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('run'),
    workflow: workflowReference,
    inputs: z.record(z.string(), jsonSchema).default({}),
    /** Absolute folder to work in; absent: a new folder for each run. */
    folder: z.string().min(1).max(4_096).optional(),
    priority: prioritySchema.default('normal'),
  }),
  z.strictObject({ kind: z.literal('task'), task: newTaskSchema.omit({ key: true, needs: true, delayMs: true }) }),
]);

/** What happens when it is due while what it started before has not ended. */
const overlapPolicies = ['skip', 'queue', 'replace'] as const;
/** What happens to times at which no engine was there: none of them, the last one, or all (at most a hundred) start. */
const catchUpPolicies = ['skip', 'last', 'all'] as const;

/** A rule that starts runs or tasks in time. */
export const scheduleDefinitionSchema = z.strictObject({
  id: scheduleIdSchema,
  title: z.string().min(1).max(200),
  timing: timingSchema,
  start: startSchema,
  overlap: z.enum(overlapPolicies).default('skip'),
  catchUp: z.enum(catchUpPolicies).default('last'),
});
export type ScheduleDefinition = z.infer<typeof scheduleDefinitionSchema>;

/**
 * What became of one time at which a schedule was due. `waiting`: it starts when what was started before has ended.
 * `skipped`: by the overlap policy. `missed`: by the catch-up policy. `failed`: it could not be started, see the reason.
 */
export const firingOutcomes = ['started', 'waiting', 'skipped', 'missed', 'failed'] as const;
export type FiringOutcome = (typeof firingOutcomes)[number];

/** One time at which a schedule was due; there is at most one for each time. */
export const firingSchema = z.object({
  /** `<schedule>@<dueAt>`. */
  id: z.string(),
  scheduleId: scheduleIdSchema,
  dueAt: timeSchema,
  /** When this outcome was recorded. */
  at: timeSchema,
  outcome: z.enum(firingOutcomes),
  runId: runIdSchema.nullable(),
  taskId: taskIdSchema.nullable(),
  reason: z.string().nullable(),
});
export type Firing = z.infer<typeof firingSchema>;

/** A schedule as it stands. */
export const scheduleSchema = z.object({
  id: scheduleIdSchema,
  definition: scheduleDefinitionSchema,
  enabled: z.boolean(),
  /** When it is due next; null: never again, or not while it is switched off. */
  nextAt: timeSchema.nullable(),
  /** Times that wait for the end of what was started before, oldest first. */
  waiting: z.array(timeSchema),
  /** What it started last, which may not have ended; nulls before it started anything. */
  lastRunId: runIdSchema.nullable(),
  lastTaskId: taskIdSchema.nullable(),
  savedAt: timeSchema,
});
export type Schedule = z.infer<typeof scheduleSchema>;

/** The key of a firing. */
export function firingKey(scheduleId: string, dueAt: number): string {
  return `${scheduleId}@${dueAt}`;
}
