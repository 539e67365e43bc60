import { z } from 'zod';
import { noticeReasonsSchema } from './desktop-settings.ts';
import { stuckPolicySchema } from './policies.ts';
import { durationMsSchema } from './values.ts';

/** The folder of a project that holds what Signalbox reads of it. */
export const projectFolderName = '.signalbox';

/** The absolute folder of a project. */
export const projectPathSchema = z.string().min(1).max(4_096);

const { finished, failed, stuck, needsYou } = noticeReasonsSchema.shape;

/**
 * What a project says otherwise than the settings, for work in its folder: `.signalbox/settings.json`. What is left out
 * is as in the settings.
 */
export const projectSettingsSchema = z.strictObject({
  /** What the schema of this file is, for editors; not read. */
  $schema: z.string().optional(),
  watchdog: z
    .strictObject({ agents: stuckPolicySchema.partial().optional(), commands: stuckPolicySchema.partial().optional() })
    .optional(),
  restart: z.strictObject({ maxInterruptions: z.number().int().min(1).max(1_000).optional() }).optional(),
  permissions: z.strictObject({ expireAfterMs: durationMsSchema.optional() }).optional(),
  notifications: z
    .strictObject({
      reasons: z
        .strictObject({
          finished: finished.unwrap().optional(),
          failed: failed.unwrap().optional(),
          stuck: stuck.unwrap().optional(),
          needsYou: needsYou.unwrap().optional(),
        })
        .optional(),
    })
    .optional(),
});
export type ProjectSettings = z.infer<typeof projectSettingsSchema>;

/** Whether a folder is `base`, or lies in it. Whole segments count: `/work/app-two` does not lie in `/work/app`. */
export function liesIn(folder: string, base: string): boolean {
  if (!folder.startsWith(base)) return false;
  return folder.length === base.length || /[/\\]$/.test(base) || /[/\\]/.test(folder.charAt(base.length));
}

/** The project that work in a folder belongs to: the innermost of some that the folder is, or lies in; null: none. */
export function nearestProject(folder: string, projects: readonly string[]): string | null {
  let nearest: string | null = null;
  for (const project of projects) {
    if (liesIn(folder, project) && (nearest === null || project.length > nearest.length)) nearest = project;
  }
  return nearest;
}
