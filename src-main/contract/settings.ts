import { z } from 'zod';
import { nameSchema } from './ids.ts';
import { durationMsSchema } from './values.ts';

/** The engine's settings, with their defaults. Read from `settings.json` in the data folder. */
export const settingsSchema = z.strictObject({
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
    })
    .prefault({}),
  /** A task whose agent died this often under it is dead: it may be what kills them. */
  maxInterruptions: z.number().int().min(1).max(1_000).default(5),
  permissions: z
    .strictObject({
      /** An agent's question that nobody answered for this long is cancelled, which denies nothing; 0: it waits for ever. */
      expireAfterMs: durationMsSchema.default(0),
    })
    .prefault({}),
  /** Regular expressions of further secrets to redact, besides the known shapes and the values of secret variables. */
  redact: z.array(z.string().min(1).max(1_000)).max(100).default([]),
});
export type Settings = z.infer<typeof settingsSchema>;
