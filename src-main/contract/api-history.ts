import { z } from 'zod';
import { timeSchema } from './values.ts';

export const historyEntries = {
  /**
   * Forgets runs and tasks that ended long ago, with their events, logs and folders, in steps that hold up nothing. The
   * engine does it by itself once a day; this is for now, or for another time than that of the settings.
   */
  pruneHistory: {
    change: true,
    input: z.strictObject({
      /** Forgets what ended longer ago than this, in days; absent: as the settings say. */
      olderThanDays: z.number().min(0).max(36_500).optional(),
      /** Counts, and removes nothing. */
      dryRun: z.boolean().default(false),
    }),
    output: z.object({
      /** What ended before this was forgotten; null: the settings say never. */
      before: timeSchema.nullable(),
      runs: z.number().int(),
      /** Tasks that stood alone. */
      tasks: z.number().int(),
      events: z.number().int(),
    }),
  },
} as const;
