import { z } from 'zod';
import type { ApiError } from '../../contract/errors.ts';
import { refuse } from '../../contract/errors.ts';
import type { Result } from '../../contract/result.ts';
import { ok } from '../../contract/result.ts';
import type { SqlValue } from '../connection.ts';

/** Where a sorted page ended: what it was sorted by, the time it was asked for, and the place of its last row. */
const cursorSchema = z.object({
  sort: z.string(),
  now: z.number().int().nonnegative(),
  last: z.array(z.union([z.string(), z.number()])),
});

/** Where a sorted page begins: `after` is undefined for the first page. */
interface Start {
  readonly now: number;
  readonly after: readonly SqlValue[] | undefined;
}

/** Writes down where the next page goes on. The time goes with it: durations would move rows between two pages. */
export function encodeCursor(sort: string, now: number, last: readonly SqlValue[]): string {
  return Buffer.from(JSON.stringify({ sort, now, last })).toString('base64url');
}

/**
 * Reads what {@link encodeCursor} wrote, which came back from outside.
 * @param length how many values the place of a row has.
 */
export function decodeCursor(
  cursor: string | undefined,
  expected: { readonly sort: string; readonly now: number; readonly length: number },
): Result<Start, ApiError> {
  if (cursor === undefined) return ok({ now: expected.now, after: undefined });
  const parsed = cursorSchema.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  if (!parsed.success || parsed.data.sort !== expected.sort || parsed.data.last.length !== expected.length) {
    return refuse(
      'invalidInput',
      'The page cannot be continued: "after" does not come from a page of this order.',
      'Ask for the first page, without "after".',
      { field: 'after' },
    );
  }
  return ok({ now: parsed.data.now, after: parsed.data.last });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
