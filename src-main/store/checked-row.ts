import { z } from 'zod';
import type { RowKind } from '../contract/evolve.ts';
import type { SqlValue, Statements } from './connection.ts';

/** A stored row does not fit the contract: something else changed the database, or it is damaged. */
class UnreadableRow extends Error {}

/** Whether an error says that what a row holds cannot be read: it is no JSON, or not what the contract says. */
export function isUnreadable(error: unknown): boolean {
  return error instanceof UnreadableRow || error instanceof SyntaxError;
}

/**
 * Checks a row that was read against the contract, so that a value which someone else wrote into the database is
 * named where it enters and not where it does harm.
 * @param subject what it is, for the message: "run run_…".
 * @throws when it does not fit; see {@link isUnreadable}.
 */
export function decodeChecked<T>(schema: z.ZodType<T>, subject: string, row: unknown): T {
  const parsed = schema.safeParse(row);
  if (parsed.success) return parsed.data;
  throw new UnreadableRow(`The stored ${subject} is not valid: ${z.prettifyError(parsed.error)}`);
}

/** Decodes the rows of a list. One that cannot be read is left out and told of, so that it holds up no other. */
export function decodeEach<T>(
  statements: Statements,
  kind: RowKind,
  rows: readonly (readonly SqlValue[])[],
  decode: (columns: readonly SqlValue[]) => T,
): T[] {
  const decoded: T[] = [];
  for (const columns of rows) {
    try {
      decoded.push(decode(columns));
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      statements.tellUnreadable({ kind, id: String(columns[0]) });
    }
  }
  return decoded;
}
