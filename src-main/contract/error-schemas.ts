import { z } from 'zod';
import { apiErrorTypes, errorClasses, failureCategories } from './errors.ts';
import { timeSchema } from './values.ts';

/** One finding in a file: line and column count from 1, as editors show them. */
export const problemSchema = z.object({
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  line: z.number().int().positive(),
  column: z.number().int().positive(),
  path: z.string(),
});

/**
 * An error that a person can act on: `message` says what happened and why, `remedy` what to do.
 * `field` is the dotted path of the offending input, absent when no single field is at fault.
 * `problems` lists the findings in a file, absent when the error is not about a file.
 */
export const apiErrorSchema = z.object({
  type: z.enum(apiErrorTypes),
  message: z.string(),
  remedy: z.string(),
  field: z.string().optional(),
  problems: z.array(problemSchema).optional(),
});

/** Why an attempt, a task, a stage or a run ended badly. */
export const failureSchema = z.object({
  category: z.enum(failureCategories),
  class: z.enum(errorClasses),
  message: z.string(),
  remedy: z.string().optional(),
  /** When the agent said that it may be asked again (wall clock, ms), of a quota that is used up; absent: not told. */
  retryAt: timeSchema.optional(),
});
