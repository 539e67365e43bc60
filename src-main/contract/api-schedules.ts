import { z } from 'zod';
import { done, empty, next, page, why } from './api-page.ts';
import { scheduleIdSchema } from './ids.ts';
import { firingSchema, scheduleDefinitionSchema, scheduleSchema } from './schedule.ts';
import { timeSchema } from './values.ts';

const scheduleViewSchema = scheduleSchema.extend({
  /** What became of the last time at which it was due; null before the first. */
  lastFiring: firingSchema.nullable(),
  /** When it is due next, at most five times; empty when it is switched off or never due again. */
  upcoming: z.array(timeSchema),
  /** Its timing in words, such as "every day at 06:00 (Europe/Berlin)". */
  when: z.string(),
});
export type ScheduleView = z.infer<typeof scheduleViewSchema>;

export const scheduleEntries = {
  listSchedules: { change: false, input: empty, output: z.object({ schedules: z.array(scheduleViewSchema) }) },
  /** Adds one, or changes the one of the same id; it is switched on when it is new. Refuses what would never be due. */
  saveSchedule: { change: true, input: scheduleDefinitionSchema, output: scheduleViewSchema },
  /** What it has started goes on; what became of its times stays. */
  removeSchedule: { change: true, input: z.strictObject({ scheduleId: scheduleIdSchema, reason: why }), output: done },
  switchSchedule: {
    change: true,
    input: z.strictObject({ scheduleId: scheduleIdSchema, enabled: z.boolean(), reason: why }),
    output: scheduleViewSchema,
  },
  /** Starts what it starts once, now, whatever its timing and whether it is switched on. */
  fireSchedule: { change: true, input: z.strictObject({ scheduleId: scheduleIdSchema }), output: firingSchema },
  /** When a schedule would be due: the next times, or why it never would be. Stores nothing. */
  previewSchedule: {
    change: false,
    input: z.strictObject({
      timing: scheduleDefinitionSchema.shape.timing,
      count: z.number().int().min(1).max(100).default(5),
    }),
    output: z.object({ when: z.string(), times: z.array(timeSchema) }),
  },
  /** What became of a schedule's times, newest first. */
  listFirings: {
    change: false,
    input: z.strictObject({ scheduleId: scheduleIdSchema, ...page }),
    output: z.object({ firings: z.array(firingSchema), next }),
  },
} as const;
