import { z } from 'zod';

/** Entries without input. */
export const empty = z.strictObject({});
/** Why a person asks for a change; it is kept with the event. */
export const why = z.string().min(1).max(1_000);
/** How many rows of a page are wanted. */
export const pageSize = z.number().int().min(1).max(1_000).default(100);
/** Pages are by key: `after` is the `next` of the page before, absent for the first one. */
export const page = { limit: pageSize, after: z.string().max(1_000).optional() };
/** What to pass as `after` for the next page; null when this was the last one. */
export const next = z.string().nullable();
/** The answer of entries that have nothing to say but that it was done. */
export const done = z.object({});
/** Text that a row must contain, whatever the case; absent: any row. */
export const search = z.string().trim().min(1).max(200).optional();
export const direction = z.enum(['ascending', 'descending']);
/** Whether to count all rows that match, for a heading. Costs a look at each of them, so it is asked for. */
export const count = z.boolean().default(false);
/** How many rows match; null when it was not asked for. */
export const total = z.number().int().nullable();
