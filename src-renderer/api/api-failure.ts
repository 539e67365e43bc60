import type { ApiError } from '../../src-main/contract/errors.ts';
import type { Result } from '../../src-main/contract/result.ts';

/** An {@link ApiError} on its way through react-query, which knows failures only as throws. */
class ApiFailure extends Error {
  readonly error: ApiError;

  constructor(error: ApiError) {
    super(error.message);
    this.error = error;
  }
}

/** The value of a result, or a throw that {@link errorOf} turns back. */
export function unwrap<T>(result: Result<T, ApiError>): T {
  if (!result.ok) throw new ApiFailure(result.error);
  return result.value;
}

/** What went wrong, in a shape to show; null when nothing did. */
export function errorOf(thrown: Error | null): ApiError | null {
  if (thrown === null) return null;
  if (thrown instanceof ApiFailure) return thrown.error;
  return {
    type: 'internal',
    message: `The window could not make use of the answer: ${thrown.message}`,
    remedy: 'Reload the window; if it happens again, report it with this text.',
  };
}
