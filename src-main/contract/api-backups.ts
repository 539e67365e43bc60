import { z } from 'zod';
import { empty } from './api-page.ts';
import { timeSchema } from './values.ts';

/** A copy of the database. */
const backupSchema = z.object({
  path: z.string(),
  at: timeSchema,
  bytes: z.number(),
  /** `rotating`: made by itself, and removed when newer ones are enough. `migration`: made before the schema changed. */
  kind: z.enum(['rotating', 'asked', 'migration']),
});
export type Backup = z.infer<typeof backupSchema>;

export const backupEntries = {
  /** Newest first. */
  listBackups: { change: false, input: empty, output: z.object({ backups: z.array(backupSchema) }) },
  /** Copies the database while work goes on; the copy is checked before it counts. It is never removed by itself. */
  createBackup: { change: true, input: empty, output: backupSchema },
} as const;
