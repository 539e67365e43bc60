import { z } from 'zod';
import { durationMsSchema } from './values.ts';

/**
 * How a task is tried again. The n-th delay is `delayMs * factor^(n-1)`, at most `maxDelayMs`, spread by
 * ±`jitter` (a share between 0 and 1). `maxAttempts` counts the first try too.
 */
export const retryPolicySchema = z.strictObject({
  maxAttempts: z.number().int().min(1).max(100),
  delayMs: durationMsSchema,
  maxDelayMs: durationMsSchema,
  factor: z.number().min(1).max(10),
  jitter: z.number().min(0).max(1),
});
export type RetryPolicy = z.infer<typeof retryPolicySchema>;

export const defaultRetryPolicy: RetryPolicy = {
  maxAttempts: 3,
  delayMs: 1_000,
  maxDelayMs: 60_000,
  factor: 2,
  jitter: 0.2,
};

/**
 * The limits of one attempt, in milliseconds. `start`: from launch to ready. `run`: from ready to result.
 * `idle`: longest silence between two signs of activity; 0 switches it off. `stop`: the grace between asking an
 * attempt to stop and killing it.
 */
export const timeoutsSchema = z.strictObject({
  startMs: durationMsSchema.min(1),
  runMs: durationMsSchema.min(1),
  idleMs: durationMsSchema,
  stopMs: durationMsSchema,
});
export type Timeouts = z.infer<typeof timeoutsSchema>;

export const defaultTimeouts: Timeouts = { startMs: 30_000, runMs: 3_600_000, idleMs: 0, stopMs: 5_000 };

/**
 * How far the watchdog goes with an attempt that does nothing, from the mildest to the last: `notice` shows it and why;
 * `stop` asks the agent to stop; `restart` kills what did not, so that the task is tried again; `park` sets a task that
 * got stuck again aside for a person. Each rung includes those before it.
 */
export const watchdogRungs = ['notice', 'stop', 'restart', 'park'] as const;
export type WatchdogRung = (typeof watchdogRungs)[number];

/** When an attempt counts as stuck, and what becomes of it. */
export const stuckPolicySchema = z.strictObject({
  /** Without activity for this long (no output, no report, nearly no processor time) an attempt is stuck; 0: never. */
  silentMs: durationMsSchema,
  /** How long each rung is given before the next one. */
  stepMs: durationMsSchema.min(1),
  upTo: z.enum(watchdogRungs),
});
export type StuckPolicy = z.infer<typeof stuckPolicySchema>;

/** Comparison operators of a gate on an output. */
export const gateOperators = ['==', '!=', '<', '<=', '>', '>='] as const;

/** A check on an attempt's outputs, or a verifying command (exit code 0 passes). A missing output fails. */
export const gateSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('output'),
    name: z.string().min(1).max(200),
    output: z.string().min(1).max(200),
    operator: z.enum(gateOperators),
    value: z.union([z.string(), z.number(), z.boolean()]),
    level: z.enum(['blocking', 'warning']),
  }),
  z.strictObject({
    kind: z.literal('command'),
    name: z.string().min(1).max(200),
    argv: z.array(z.string()).min(1).max(1_000),
    level: z.enum(['blocking', 'warning']),
    timeoutMs: durationMsSchema.min(1),
  }),
]);
export type Gate = z.infer<typeof gateSchema>;

/** What a gate found: `actual` is the output's value or the command's exit code, null when there was none. */
export const gateResultSchema = z.object({
  name: z.string(),
  level: z.enum(['blocking', 'warning']),
  passed: z.boolean(),
  actual: z.union([z.string(), z.number(), z.boolean(), z.null()]),
  expected: z.string(),
  message: z.string(),
});
export type GateResult = z.infer<typeof gateResultSchema>;
