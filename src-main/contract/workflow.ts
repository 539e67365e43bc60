import { z } from 'zod';
import { agentIdSchema, nameSchema, workflowHashSchema } from './ids.ts';
import { gateSchema, retryPolicySchema, timeoutsSchema } from './policies.ts';
import { durationMsSchema, jsonSchema, prioritySchema } from './values.ts';

export const inputTypes = [
  'string',
  'text',
  'number',
  'integer',
  'boolean',
  'choice',
  'folder',
  'file',
  'list',
] as const;

/** One input of a workflow and the rules its value must meet. Lengths count UTF-16 code units, or list items. */
export const inputSpecSchema = z.strictObject({
  name: nameSchema,
  type: z.enum(inputTypes),
  description: z.string().max(2_000).optional(),
  required: z.boolean(),
  default: jsonSchema.optional(),
  pattern: z.string().max(1_000).optional(),
  minLength: z.number().int().min(0).optional(),
  maxLength: z.number().int().min(0).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  choices: z.array(z.string()).min(1).max(1_000).optional(),
});
export type InputSpec = z.infer<typeof inputSpecSchema>;

/** Which agent may do a piece of work: a type or one agent by id, and capabilities it must have. */
export const agentSelectorSchema = z
  .strictObject({
    type: nameSchema.optional(),
    id: agentIdSchema.optional(),
    capabilities: z.array(nameSchema).max(32).default([]),
  })
  .refine((selector) => selector.type !== undefined || selector.id !== undefined, {
    error: 'must name an agent type or an agent id',
  });
export type AgentSelector = z.infer<typeof agentSelectorSchema>;

/** What a failed stage does to the rest of its run. */
export const failurePolicies = ['stop', 'continue', 'skip-dependants'] as const;

/**
 * The longest command, all arguments together, in UTF-16 code units. One argument of a Linux process may have
 * 131,071 bytes (MAX_ARG_STRLEN), so that a longer script could not be started.
 */
export const maxCommandLength = 100_000;

export const commandSchema = z.discriminatedUnion('kind', [
  /** A program and its arguments, started without a shell. Templates are allowed in every argument. */
  z.strictObject({
    kind: z.literal('argv'),
    argv: z
      .array(z.string())
      .min(1)
      .refine((argv) => argv.reduce((sum, part) => sum + part.length, 0) <= maxCommandLength, {
        error: `must have at most ${maxCommandLength} characters in all; put long text into a file or an input`,
      }),
  }),
  /** A shell script, passed on word for word. Templates are refused: inputs reach it as environment variables. */
  z.strictObject({
    kind: z.literal('script'),
    script: z
      .string()
      .min(1)
      .max(maxCommandLength, {
        error: `must have at most ${maxCommandLength} characters; put a longer script into a file and run that`,
      }),
  }),
]);
export type Command = z.infer<typeof commandSchema>;

/** What a stage does. Strings may hold `${{ CEL }}` templates unless said otherwise. */
const stageActionSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('agent'),
    agent: agentSelectorSchema,
    prompt: z.string().min(1).max(1_000_000),
    with: z.record(z.string(), jsonSchema),
  }),
  z.strictObject({ kind: z.literal('run'), command: commandSchema }),
  z.strictObject({
    kind: z.literal('approval'),
    question: z.string().min(1).max(10_000),
    timeoutMs: durationMsSchema.min(1).optional(),
    onTimeout: z.enum(['approve', 'reject']),
  }),
]);

export const stageSpecSchema = z.strictObject({
  name: nameSchema,
  title: z.string().max(200).optional(),
  needs: z.array(nameSchema),
  action: stageActionSchema,
  /** CEL condition over inputs and earlier outputs; false skips the stage. */
  when: z.string().max(10_000).optional(),
  env: z.record(z.string(), z.string()),
  /** Template of the working folder, relative to the run's folder or absolute; absent: the run's folder. */
  folder: z.string().max(4_096).optional(),
  timeouts: timeoutsSchema,
  retry: retryPolicySchema,
  gates: z.array(gateSchema),
  /** Names of outputs that must be present when the stage completes. */
  outputs: z.array(z.string().min(1).max(200)),
  onFailure: z.enum(failurePolicies),
  priority: prioritySchema.optional(),
});
export type StageSpec = z.infer<typeof stageSpecSchema>;

/** A workflow file after parsing, defaults filled in. A version is named by the hash of the file's text. */
export const workflowDefinitionSchema = z.strictObject({
  name: nameSchema,
  title: z.string().max(200).optional(),
  description: z.string().max(10_000).optional(),
  inputs: z.array(inputSpecSchema),
  stages: z.array(stageSpecSchema).min(1).max(1_000),
});
export type WorkflowDefinition = z.infer<typeof workflowDefinitionSchema>;

/** `project`: a file of a trusted project's `.signalbox/workflows`; `file`: one that was named by its path. */
export const workflowOrigins = ['bundled', 'user', 'project', 'file'] as const;

/** One immutable version of a workflow, as stored. */
export const workflowVersionSchema = z.object({
  hash: workflowHashSchema,
  name: nameSchema,
  origin: z.enum(workflowOrigins),
  source: z.string(),
  definition: workflowDefinitionSchema,
  registeredAt: z.number(),
});
export type WorkflowVersion = z.infer<typeof workflowVersionSchema>;
