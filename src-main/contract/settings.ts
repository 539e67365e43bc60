import { z } from 'zod';
import { desktopSettingsSchema, notificationSettingsSchema } from './desktop-settings.ts';
import { nameSchema } from './ids.ts';
import type { StuckPolicy } from './policies.ts';
import { stuckPolicySchema } from './policies.ts';
import { projectPathSchema } from './project.ts';
import { durationMsSchema } from './values.ts';

/** A policy of which any part may be left out. */
function stuckSettings(defaults: StuckPolicy) {
  const { silentMs, stepMs, upTo } = stuckPolicySchema.shape;
  return z
    .strictObject({
      silentMs: silentMs.default(defaults.silentMs),
      stepMs: stepMs.default(defaults.stepMs),
      upTo: upTo.default(defaults.upTo),
    })
    .prefault({});
}

/**
 * The newest version of the settings file, which is what is written. A file that names none is of version 1; older ones
 * are brought up as they are read.
 */
export const settingsVersion = 2;

/** The engine's settings, with their defaults. Read from `settings.json` in the data folder. */
export const settingsSchema = z.strictObject({
  /** What the schema of the file is, for editors; not read. */
  $schema: z.string().optional(),
  /** Of the file. */
  version: z.literal(settingsVersion).default(settingsVersion),
  slots: z
    .strictObject({
      /** How many attempts may be live at once, in total. */
      total: z.number().int().min(1).max(1_024).default(16),
      /** The same per agent type; a type that is not named has no limit of its own. */
      perType: z.record(nameSchema, z.number().int().min(1).max(1_024)).default({}),
    })
    .prefault({}),
  heartbeat: z
    .strictObject({
      intervalMs: durationMsSchema.min(100).default(10_000),
      /** Without a sign of life for this long an attempt is stale: its task is given to another agent. */
      staleMs: durationMsSchema.min(500).default(60_000),
    })
    .prefault({})
    .refine((heartbeat) => heartbeat.staleMs >= 2 * heartbeat.intervalMs, {
      error: 'must be at least twice heartbeat.intervalMs',
      path: ['staleMs'],
    }),
  restart: z
    .strictObject({
      /** After this many process deaths in a row an agent is only started again by a person. */
      maxCrashes: z.number().int().min(1).max(100).default(5),
      delayMs: durationMsSchema.default(500),
      maxDelayMs: durationMsSchema.default(60_000),
      /** A task whose agent died this often under it is dead: it may be what kills them. */
      maxInterruptions: z.number().int().min(1).max(1_000).default(5),
    })
    .prefault({}),
  /** What the watchdog does about attempts that show no activity; an agent may say otherwise. */
  watchdog: z
    .strictObject({
      /** Agents that speak a protocol, and so tell when they do something. */
      agents: stuckSettings({ silentMs: 300_000, stepMs: 60_000, upTo: 'park' }),
      /** Commands, which may be silent for a long time with good reason. */
      commands: stuckSettings({ silentMs: 600_000, stepMs: 60_000, upTo: 'notice' }),
    })
    .prefault({}),
  /** Circuit breakers, one for each agent and each provider: while one is open, work for it waits. */
  breaker: z
    .strictObject({
      /** After this many failures in a row it opens. */
      failures: z.number().int().min(1).max(1_000).default(5),
      /** How long it stays open before some work is let through again. */
      openMs: durationMsSchema.min(1).default(60_000),
      /** After this many successes of what was let through it closes. */
      successes: z.number().int().min(1).max(100).default(2),
    })
    .prefault({}),
  backups: z
    .strictObject({
      /** Time between two copies of the database; none is made when nothing has changed. 0: none by itself. */
      everyMs: durationMsSchema
        .refine((ms) => ms === 0 || ms >= 60_000, { error: 'must be 0 or at least a minute' })
        .default(3_600_000),
      /** How many of them are kept. */
      keep: z.number().int().min(1).max(1_000).default(5),
    })
    .prefault({}),
  retention: z
    .strictObject({
      /** Runs and tasks that ended longer ago than this are forgotten, with their events and logs; 0: never. */
      days: z.number().int().min(0).max(36_500).default(90),
      /** Above this size of all logs, in MiB, the logs of what ended longest ago are removed; 0: never. */
      logMebibytes: z.number().int().min(0).max(1_000_000_000).default(10_240),
    })
    .prefault({}),
  permissions: z
    .strictObject({
      /** An agent's question that nobody answered for this long is cancelled, which denies nothing; 0: it waits for ever. */
      expireAfterMs: durationMsSchema.default(0),
    })
    .prefault({}),
  /** Regular expressions of further secrets to redact, besides the known shapes and the values of secret variables. */
  redact: z.array(z.string().min(1).max(1_000)).max(100).default([]),
  /** Folders whose `.signalbox` folder a person trusts: its workflows, agents and settings hold for work in them. */
  projects: z.array(projectPathSchema).max(100).default([]),
  notifications: notificationSettingsSchema.prefault({}),
  desktop: desktopSettingsSchema.prefault({}),
});
export type Settings = z.infer<typeof settingsSchema>;
