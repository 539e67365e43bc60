import { z } from 'zod';

/**
 * Checks a row that was read against the contract, so that a value which someone else wrote into the database is
 * named where it enters and not where it does harm.
 * @param subject what it is, for the message: "run run_…".
 * @throws when it does not fit: the database was changed by something else, or is damaged.
 */
export function decodeChecked<T>(schema: z.ZodType<T>, subject: string, row: unknown): T {
  const parsed = schema.safeParse(row);
  if (parsed.success) return parsed.data;
  throw new Error(`The stored ${subject} is not valid: ${z.prettifyError(parsed.error)}`);
}
