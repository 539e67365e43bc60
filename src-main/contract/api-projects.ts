import { z } from 'zod';
import { done, empty, why } from './api-page.ts';
import { workflowSummarySchema } from './api-workflows.ts';
import { problemSchema } from './error-schemas.ts';
import { agentIdSchema, nameSchema } from './ids.ts';
import { projectPathSchema, projectSettingsSchema } from './project.ts';

/** What the `.signalbox` folder of a project holds. Only that of a trusted project is used. */
const projectViewSchema = z.object({
  folder: projectPathSchema,
  /** The last part of its path. */
  name: z.string(),
  trusted: z.boolean(),
  /** Whether there is a `.signalbox` folder now. */
  isThere: z.boolean(),
  workflows: z.array(workflowSummarySchema),
  agents: z.array(z.object({ id: agentIdSchema, title: z.string(), type: nameSchema, command: z.array(z.string()) })),
  /** Null: it has none, or they have faults. */
  settings: projectSettingsSchema.nullable(),
  /** Faults of its settings and agents; those of workflows are with the workflows. */
  problems: z.array(z.object({ path: z.string(), problem: problemSchema })),
});
export type ProjectView = z.infer<typeof projectViewSchema>;

export const projectEntries = {
  /** Those that a person trusts, by their folder. */
  listProjects: { change: false, input: empty, output: z.object({ projects: z.array(projectViewSchema) }) },
  /** What would be used of a folder if it were trusted, such as which programs. Starts and stores nothing. */
  inspectProject: {
    change: false,
    input: z.strictObject({ folder: projectPathSchema }),
    output: projectViewSchema,
  },
  /** From now on the project's workflows, agents and settings hold for work in its folder. Kept in the settings. */
  trustProject: { change: true, input: z.strictObject({ folder: projectPathSchema }), output: projectViewSchema },
  /** Its agents are removed, unless they have live work, which is refused; runs keep their workflow version. */
  forgetProject: {
    change: true,
    input: z.strictObject({ folder: projectPathSchema, reason: why }),
    output: done,
  },
} as const;
