import { z } from 'zod';
import { priorities } from './states.ts';

/**
 * Any value that survives JSON without loss: what crosses every process boundary as inputs and outputs. A field named
 * `__proto__` is left out: in JavaScript the name means what an object inherits from, and would change it.
 */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = Readonly<Record<string, Json>>;

/** The largest inputs or outputs of one task, in UTF-16 code units of its JSON text. */
export const maxJsonLength = 4 * 1024 * 1024;

export const jsonSchema: z.ZodType<Json> = z.json();
export const jsonObjectSchema: z.ZodType<JsonObject> = z
  .record(z.string(), z.json())
  .refine((value) => JSON.stringify(value).length <= maxJsonLength, { error: 'must be at most 4 MiB as JSON' });

/** Milliseconds since 1970-01-01T00:00:00Z. */
export const timeSchema = z.number().int().nonnegative();
/** A length of time in milliseconds; at most 30 days. */
export const durationMsSchema = z
  .number({ error: ({ code }) => (code === 'invalid_type' ? 'must be a number of milliseconds' : undefined) })
  .int({ error: 'must be a whole number of milliseconds' })
  .min(0, { error: 'must not be negative' })
  .max(30 * 24 * 3_600_000, { error: 'must be at most 30 days' });

export const prioritySchema = z.enum(priorities);

/** Who asked for a change: a person at an interface, the engine itself, or an agent. */
export const actorSchema = z.enum(['person', 'engine', 'agent']);
export type Actor = z.infer<typeof actorSchema>;
