import { z } from 'zod';
import { page } from './api-page.ts';
import { apiErrorSchema, problemSchema } from './error-schemas.ts';
import { agentIdSchema, nameSchema, workflowHashSchema } from './ids.ts';
import { jsonSchema, timeSchema } from './values.ts';
import { workflowDefinitionSchema, workflowOrigins } from './workflow.ts';

/** Name of a bundled or user workflow, or the absolute path of a workflow file. */
export const workflowReference = z.string().min(1).max(4_096);
const source = z.string().max(2_000_000);
const folder = z.string().min(1).max(4_096);

export const workflowSummarySchema = z.object({
  name: nameSchema,
  title: z.string(),
  description: z.string(),
  origin: z.enum(workflowOrigins),
  path: z.string(),
  /** Folder of the project that brings it; null unless `origin` is `project`. */
  project: z.string().nullable(),
  stages: z.number().int(),
  problems: z.array(problemSchema),
});
export type WorkflowSummary = z.infer<typeof workflowSummarySchema>;

const workflowViewSchema = workflowSummarySchema.extend({
  source,
  /** SHA-256 of `source`: what `saveWorkflow` has to name to replace it. */
  hash: workflowHashSchema,
  definition: workflowDefinitionSchema.nullable(),
});

/** What a run would do in one stage, were it started now. Earlier outputs are not known yet: their templates stay. */
const plannedStageSchema = z.object({
  name: nameSchema,
  needs: z.array(nameSchema),
  /** How many stages on the longest way must end before this one begins. */
  rank: z.number().int().min(0),
  /** What is done, in words: the prompt, the command or the question, as far as it is known now. */
  work: z.string(),
  /** Agents that may do it; empty for an approval. */
  agents: z.array(agentIdSchema),
  /** Why it would have to wait, in words; null when it could start. */
  waitingBecause: z.string().nullable(),
});

export const workflowEntries = {
  /**
   * Those that come with Signalbox and the user's own, then those of every trusted project. With `folder`: what names
   * mean for work in that folder, where those of its project come first.
   */
  listWorkflows: {
    change: false,
    input: z.strictObject({ folder: folder.optional() }),
    output: z.object({ workflows: z.array(workflowSummarySchema) }),
  },
  getWorkflow: {
    change: false,
    input: z.strictObject({ workflow: workflowReference, folder: folder.optional() }),
    output: workflowViewSchema,
  },
  validateWorkflow: {
    change: false,
    input: z.strictObject({ source, folder: folder.optional() }),
    output: z.object({ problems: z.array(problemSchema), definition: workflowDefinitionSchema.nullable() }),
  },
  /**
   * Writes a workflow file of the user's own. The text must have no errors, and name the workflow `name`. `replaces` is
   * the hash of the text that was edited, so that nobody's change is lost; null: there must be no such file yet.
   */
  saveWorkflow: {
    change: true,
    input: z.strictObject({ name: nameSchema, source, replaces: workflowHashSchema.nullable() }),
    output: workflowViewSchema,
  },
  /** Deletes a workflow file of the user's own; runs that were started from it keep their version. */
  deleteWorkflow: {
    change: true,
    input: z.strictObject({ name: nameSchema, replaces: workflowHashSchema }),
    output: z.object({}),
  },
  /** The versions that runs were started from, newest first. */
  listWorkflowVersions: {
    change: false,
    input: z.strictObject({ ...page, workflow: nameSchema.optional() }),
    output: z.object({
      versions: z.array(
        z.object({
          hash: workflowHashSchema,
          name: nameSchema,
          origin: z.enum(workflowOrigins),
          registeredAt: timeSchema,
        }),
      ),
      next: z.string().nullable(),
    }),
  },
  getWorkflowVersion: {
    change: false,
    input: z.strictObject({ hash: workflowHashSchema }),
    output: z.object({ name: nameSchema, source, definition: workflowDefinitionSchema, registeredAt: timeSchema }),
  },
  /** A dry run: what `startRun` would do with these inputs. Changes nothing; `refusal` says what it would be refused for. */
  planRun: {
    change: false,
    input: z.strictObject({
      workflow: workflowReference,
      inputs: z.record(z.string(), jsonSchema),
      folder: folder.optional(),
    }),
    output: z.object({ stages: z.array(plannedStageSchema), refusal: apiErrorSchema.nullable() }),
  },
} as const;
