import { z } from 'zod';
import { err } from './result.ts';

/** What kind of refusal an {@link ApiError} is; a caller may branch on it. */
const apiErrorTypes = [
  'invalidInput',
  'notFound',
  'refused',
  'conflict',
  'unavailable',
  'storeFailed',
  'internal',
] as const;

/** One finding in a file: line and column count from 1, as editors show them. */
export const problemSchema = z.object({
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  line: z.number().int().positive(),
  column: z.number().int().positive(),
  path: z.string(),
});
export type Problem = z.infer<typeof problemSchema>;

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
export type ApiError = z.infer<typeof apiErrorSchema>;

/** A refused {@link Result}; `extra` may add the field or the problems. */
export function refuse(
  type: ApiError['type'],
  message: string,
  remedy: string,
  extra: Pick<ApiError, 'field' | 'problems'> = {},
) {
  return err<ApiError>({ type, message, remedy, ...extra });
}

/** How retrying relates to a failure: `transient` and `unknown` are retried by policy, `fatal` never is. */
export const errorClasses = ['transient', 'fatal', 'unknown'] as const;
export type ErrorClass = (typeof errorClasses)[number];

/** Why something failed, in a shape that dead letters can be grouped by. */
export const failureCategories = [
  'timeout',
  'crash',
  'protocol',
  'handshake',
  'spawn',
  'exit',
  'gate',
  'outputs',
  'agent',
  'stale',
  'dependency',
  'expression',
  'approval',
  'engine',
  'frozen',
  'cancelled',
] as const;

/** Why an attempt, a task, a stage or a run ended badly. */
export const failureSchema = z.object({
  category: z.enum(failureCategories),
  class: z.enum(errorClasses),
  message: z.string(),
  remedy: z.string().optional(),
});
export type Failure = z.infer<typeof failureSchema>;
