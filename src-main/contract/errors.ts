import type { z } from 'zod';
import type { apiErrorSchema, failureSchema, problemSchema } from './error-schemas.ts';
import { err } from './result.ts';

/** What kind of refusal an {@link ApiError} is; a caller may branch on it. */
export const apiErrorTypes = [
  'invalidInput',
  'notFound',
  'refused',
  'conflict',
  'unavailable',
  'storeFailed',
  'internal',
] as const;

/** One finding in a file; the schema says more. */
export type Problem = z.infer<typeof problemSchema>;
/** An error that a person can act on; the schema says more. */
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
  'folder',
  'exit',
  'gate',
  'outputs',
  'agent',
  'stale',
  'stuck',
  'quota',
  'dependency',
  'expression',
  'approval',
  'engine',
  'frozen',
  'cancelled',
] as const;

/** Why something that ran ended badly; the schema says more. */
export type Failure = z.infer<typeof failureSchema>;
