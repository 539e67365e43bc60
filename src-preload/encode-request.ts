import type { ApiError } from '../src-main/contract/errors.ts';
import { refuse } from '../src-main/contract/errors.ts';
import type { Result } from '../src-main/contract/result.ts';
import { ok } from '../src-main/contract/result.ts';
import { maxRequestLength } from '../src-main/contract/wire-terms.ts';

/**
 * A request as JSON text. Nothing given counts as `{}`, which is what entries without input take.
 * @returns a refusal when it cannot be written as JSON or is too long to send.
 */
export function encodeRequest(input: unknown): Result<string, ApiError> {
  const text = writeJson(input ?? {});
  if (text === undefined) {
    return refuse('invalidInput', 'The request cannot be written as JSON.', 'Send plain values only.');
  }
  if (text.length > maxRequestLength) {
    return refuse(
      'invalidInput',
      `The request is longer than ${maxRequestLength / 1024 / 1024} MiB.`,
      'Send less at once, or put long text into a file and name the file.',
    );
  }
  return ok(text);
}

/** Functions have no JSON, big integers and circles throw. */
function writeJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
