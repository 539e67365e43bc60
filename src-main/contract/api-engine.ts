import { z } from 'zod';
import { done, empty, why } from './api-page.ts';
import { runSummarySchema, runTrackSchema } from './api-runs.ts';
import { apiErrorSchema } from './error-schemas.ts';
import { failureCategories } from './errors.ts';
import { agentIdSchema, nameSchema, runIdSchema } from './ids.ts';
import { settingsSchema } from './settings.ts';
import { agentStates, runStates, taskStates } from './states.ts';
import { timeSchema } from './values.ts';

/** What a check of the doctor found; a check that is not `ok` names its exact remedy. */
export const findingSchema = z.object({
  check: z.string(),
  status: z.enum(['ok', 'warning', 'broken']),
  detail: z.string(),
  remedy: z.string().nullable(),
});
export type Finding = z.infer<typeof findingSchema>;

const healthStates = ['healthy', 'degraded', 'unhealthy'] as const;
/** How the engine is, from real signals, with every reason why it is not `healthy`. */
export const healthSchema = z.object({
  state: z.enum(healthStates),
  reasons: z.array(
    z.object({
      state: z.enum(['degraded', 'unhealthy']),
      message: z.string(),
      remedy: z.string(),
    }),
  ),
});
export type Health = z.infer<typeof healthSchema>;

/** Quantiles of a length of time, nearest rank, in ms; null when nothing was measured. */
const quantilesSchema = z.object({
  count: z.number().int(),
  meanMs: z.number().nullable(),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
});
export type Quantiles = z.infer<typeof quantilesSchema>;

/** Attempts that ended, and the time each took from its claim to its end. */
const timesSchema = quantilesSchema.extend({ failed: z.number().int() });

const metricsSchema = z.object({
  from: timeSchema,
  to: timeSchema,
  bucketMs: z.number().int(),
  /** Equal parts of the range, oldest first; `at` is where each begins. */
  buckets: z.array(
    z.object({
      at: timeSchema,
      tasksCompleted: z.number().int(),
      tasksFailed: z.number().int(),
      runsCompleted: z.number().int(),
      runsFailed: z.number().int(),
      queueDelayP95Ms: z.number().nullable(),
      durationP95Ms: z.number().nullable(),
    }),
  ),
  /** From when a task could be claimed to its claim. */
  queueDelay: quantilesSchema,
  taskDuration: quantilesSchema,
  runDuration: quantilesSchema,
  /** From an approval's request to its answer. */
  waitingForPerson: quantilesSchema,
  /** Failed ÷ ended attempts, 0 to 1; null when none ended. */
  errorRate: z.number().nullable(),
  causes: z.array(z.object({ category: z.enum(failureCategories), count: z.number().int() })),
  byStage: z.array(timesSchema.extend({ workflow: nameSchema, stage: nameSchema })),
  byType: z.array(timesSchema.extend({ type: z.string() })),
  byAgent: z.array(timesSchema.extend({ agentId: agentIdSchema })),
});
export type Metrics = z.infer<typeof metricsSchema>;

const settingsViewSchema = z.object({
  settings: settingsSchema,
  /** The file they come from; it need not exist. */
  path: z.string(),
  /** Why the file is not used as it is; null when all is well. The settings are then those that were good last. */
  problem: apiErrorSchema.nullable(),
  /** Whether some of them hold only after the engine was started again. */
  needsRestart: z.boolean(),
  /** The names of these. */
  restartSections: z.array(z.string()),
});

const counted = z.number().int();

/** Parts of the desktop application that a system may lack or refuse. */
export const desktopParts = ['tray', 'notifications', 'shortcuts', 'start at login', 'sleep', 'updates'] as const;
export type DesktopPart = (typeof desktopParts)[number];

export const engineEntries = {
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
      slots: z.object({ used: counted, total: counted }),
      runs: z.record(z.enum(runStates), counted),
      tasks: z.record(z.enum(taskStates), counted),
      agents: z.record(z.enum(agentStates), counted),
      /** Open questions to a person: approvals of stages and permissions of agents. */
      questions: z.object({ approvals: counted, permissions: counted }),
      /** Runs that failed since midnight, by the engine's clock. */
      failedToday: counted,
      health: healthSchema,
      database: z.object({ path: z.string(), bytes: z.number(), walBytes: z.number() }),
      /** Runs that an earlier engine left unfinished and this one took up again. */
      resumedRuns: z.array(runIdSchema),
      /** Processes of an earlier engine that were found and ended at start. */
      reapedProcesses: counted,
    }),
  },
  /** What a person wants to see first. `since`: when they looked last. */
  getOverview: {
    change: false,
    input: z.strictObject({ since: timeSchema }),
    output: z.object({
      /** Runs that have not ended, oldest first, at most fifty. */
      live: z.array(runTrackSchema),
      liveTotal: counted,
      /** Runs that ended after `since`, newest first, at most fifty. */
      finished: z.array(runSummarySchema),
      finishedTotal: counted,
      deadTasks: counted,
      /** Since one hour ago, in one-minute parts, oldest first. */
      lastHour: z.object({
        minutes: z.array(z.object({ at: timeSchema, completed: counted, failed: counted })),
        completed: counted,
        failed: counted,
        queueDelay: quantilesSchema,
      }),
      /** Whether there was ever a run or a task: a first start looks different. */
      isFirstStart: z.boolean(),
    }),
  },
  /** Computed from rows when it is asked for; attempts and runs count in the part in which they ended. */
  getMetrics: {
    change: false,
    input: z
      .strictObject({ from: timeSchema, to: timeSchema, buckets: z.number().int().min(1).max(500).default(60) })
      .refine(({ from, to }) => from < to, { error: 'must be before `to`', path: ['from'] }),
    output: metricsSchema,
  },
  freeze: { change: true, input: z.strictObject({ reason: why }), output: done },
  thaw: { change: true, input: z.strictObject({ reason: why }), output: done },
  /** Looks at every file of the data folder, which may take seconds. */
  measureDataFolder: {
    change: false,
    input: empty,
    output: z.object({
      bytes: z.object({ database: z.number(), logs: z.number(), workspaces: z.number(), other: z.number() }),
      /** Files and folders that were looked at. */
      entries: counted,
      /** False: there are more than are looked at, and the sizes are at least these. */
      isComplete: z.boolean(),
    }),
  },
  runDoctor: { change: false, input: empty, output: z.object({ findings: z.array(findingSchema) }) },
  /**
   * The desktop application says that a part of it is in trouble, which health shows; null: it works. A report holds
   * until the next one of the same part.
   */
  reportPart: {
    change: true,
    input: z.strictObject({
      part: z.enum(desktopParts),
      trouble: z.strictObject({ message: z.string().min(1).max(500), remedy: z.string().min(1).max(500) }).nullable(),
    }),
    output: done,
  },
  getSettings: { change: false, input: empty, output: settingsViewSchema },
  /** Writes the settings file. What can be applied at once is; `needsRestart` tells of the rest. */
  saveSettings: { change: true, input: z.strictObject({ settings: settingsSchema }), output: settingsViewSchema },
} as const;
