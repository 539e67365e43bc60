import type { ApiError } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';

/**
 * Ends a command with an error for its person. Thrown inside commands, and caught in one place, which prints it: a
 * command has nothing else to do once something was refused.
 */
export class RefusedError extends Error {
  readonly apiError: ApiError;

  constructor(apiError: ApiError) {
    super(apiError.message);
    this.apiError = apiError;
  }
}

/** The value of a result; a refusal ends the command. */
export function expectOk<T>(result: Result<T, ApiError>): T {
  if (result.ok) return result.value;
  throw new RefusedError(result.error);
}

/** Ends the command because of what the person typed. */
export function badInput(message: string, remedy: string): RefusedError {
  return new RefusedError({ type: 'invalidInput', message, remedy });
}

/** What the process ends with. Scripts rely on these; see `signalbox --help`. */
export const exitCodes = {
  done: 0,
  failed: 1,
  badInput: 2,
  /** 128 + the number of the signal, as shells have it. */
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
} as const;

/** What was wrong before anything was begun: what the person gave, or a data folder that cannot be used. */
const unusable: ReadonlySet<ApiError['type']> = new Set(['invalidInput', 'notFound', 'storeFailed']);

/** The exit code of a refusal. */
export function exitCodeOf({ type }: ApiError): number {
  return unusable.has(type) ? exitCodes.badInput : exitCodes.failed;
}
