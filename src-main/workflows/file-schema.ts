import { z } from 'zod';
import { isSecretVariable, storedSecretMessage } from '../contract/environment.ts';
import { nameSchema } from '../contract/ids.ts';
import { gateOperators } from '../contract/policies.ts';
import { prioritySchema } from '../contract/values.ts';
import { failurePolicies, inputTypes, maxCommandLength } from '../contract/workflow.ts';
import { durationFault, durationPattern } from './duration.ts';
import { gateTextPattern } from './gate-text.ts';

/**
 * A map with fixed keys. The message about an unknown key carries the known ones, separated by spaces: whoever
 * reports it makes a sentence of them.
 */
function fixedKeys<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : undefined),
  });
}

/** The sentence about a value that is of none of the kinds that a key takes. */
function kinds(sentence: string) {
  return { error: (issue: { readonly input?: unknown }) => (issue.input === undefined ? 'is missing' : sentence) };
}

const text = (maxLength: number) => z.string().min(1).max(maxLength);
const duration = z
  .string({ error: (issue) => (issue.input === null ? undefined : (durationFault(issue.input) ?? undefined)) })
  .regex(durationPattern, { error: (issue) => durationFault(issue.input) ?? undefined, abort: true })
  .refine((value) => durationFault(value) === null, { error: (issue) => durationFault(issue.input) ?? undefined })
  .meta({ description: 'A whole number with its unit: 500ms, 30s, 10m, 2h', examples: ['30s', '10m'] });
const positiveDuration = duration.refine((value) => !/^0+[a-z]+$/.test(value), {
  error: 'must be more than nothing',
});
const level = z
  .enum(['blocking', 'warning'])
  .optional()
  .describe('A warning does not fail the stage; default: blocking');

const inputShape = {
  type: z.enum(inputTypes).describe('What kind of value the input takes'),
  description: text(2_000).optional().describe('What to give, shown in forms and in error messages'),
  required: z.boolean().optional().describe('Default: true, unless there is a default value'),
  default: z.json().optional().describe('The value when none is given'),
  pattern: text(1_000).optional().describe('A regular expression that the whole text, or every item, must match'),
  minLength: z.int().min(0).optional().describe('Least number of characters, or of items'),
  maxLength: z.int().min(0).optional().describe('Greatest number of characters, or of items'),
  min: z.number().optional().describe('Least number'),
  max: z.number().optional().describe('Greatest number'),
  choices: z.array(z.string()).min(1).max(1_000).optional().describe('The only texts that are allowed'),
};

/** One input: a map with its rules, or only its type. */
export const fileInputSchema = z
  .union([z.enum(inputTypes), fixedKeys(inputShape)], kinds('must be a type or a map of rules with a type'))
  .describe('An input of the workflow');

const timeoutSchema = z
  .union(
    [
      positiveDuration,
      fixedKeys({
        start: positiveDuration.optional().describe('From launch to ready; default: 30s'),
        run: positiveDuration.optional().describe('From ready to result; default: 1h'),
        idle: duration.optional().describe('Longest silence; 0s switches it off, the default'),
        stop: duration.optional().describe('Grace between asking to stop and killing; default: 5s'),
      }),
    ],
    kinds('must be a duration such as 10m, or a map of start, run, idle and stop'),
  )
  .describe('Limits of one attempt; a duration alone limits its run');

const attempts = z.int().min(1).max(100);
const retrySchema = z
  .union(
    [
      attempts,
      fixedKeys({
        attempts: attempts.optional().describe('How many attempts in all; default: 3'),
        delay: duration.optional().describe('Before the second attempt; default: 1s'),
        maxDelay: duration.optional().describe('Longest delay; default: 60s, or the delay where that is longer'),
        factor: z.number().min(1).max(10).optional().describe('By how much each delay is longer; default: 2'),
        jitter: z.number().min(0).max(1).optional().describe('Share of the delay that is left to chance; default: 0.2'),
      }),
    ],
    kinds('must be a number of attempts, or a map of attempts, delay, maxDelay, factor and jitter'),
  )
  .describe('How often and when a failed attempt is tried again; a number alone is the number of attempts');

const gateSchema = z
  .union(
    [
      z.string().regex(gateTextPattern, {
        error: 'must be an output, an operator and a value, such as: coverage >= 80',
      }),
      fixedKeys({
        name: text(200).optional(),
        output: text(200).describe('Name of an output, or a dotted path into it'),
        operator: z.enum(gateOperators),
        value: z.union([z.string(), z.number(), z.boolean()], kinds('must be text, a number, true or false')),
        level,
      }),
      fixedKeys({
        name: text(200).optional(),
        run: z.array(z.string()).min(1).max(1_000).describe('A verifying command; exit code 0 passes'),
        level,
        timeout: positiveDuration.optional().describe('Default: 10m'),
      }),
    ],
    kinds('must be text such as "coverage >= 80", a map of output, operator and value, or a map with run'),
  )
  .describe('A check on the outputs of a stage, or a verifying command');

const agentSchema = z
  .union(
    [
      nameSchema,
      fixedKeys({
        type: nameSchema.optional().describe('Any agent of this type'),
        id: nameSchema.optional().describe('One agent'),
        capabilities: z.array(nameSchema).max(32).optional().describe('What the agent must be capable of'),
      }).meta({ anyOf: [{ required: ['type'] }, { required: ['id'] }] }),
    ],
    kinds('must be an agent type, or a map with type or id'),
  )
  .describe('The agent that does the stage: a type, or a map with type or id and capabilities');

const runSchema = z
  .union(
    [z.array(z.string()).min(1).max(1_000), text(maxCommandLength)],
    kinds('must be a list of a program and its arguments, or the text of a shell script'),
  )
  .describe(
    'A command: a list is a program and its arguments, with templates; a text is a shell script, without templates, which finds inputs in $SIGNALBOX_INPUT_<NAME>',
  );

const approvalSchema = z
  .union(
    [
      text(10_000),
      fixedKeys({
        question: text(10_000),
        timeout: positiveDuration.optional().describe('How long to wait for an answer; default: for ever'),
        onTimeout: z
          .enum(['approve', 'reject'])
          .optional()
          .describe('The answer when nobody gives one; default: reject'),
      }),
    ],
    kinds('must be a question, or a map of question, timeout and onTimeout'),
  )
  .describe('A question to a person that holds the stage until it is answered');

const onFailure = z
  .enum(failurePolicies)
  .optional()
  .describe('What a failure does to the run: stop (default), continue, or skip-dependants');

const envSchema = z
  .record(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, {
      error: 'must be letters, digits and "_", and not start with a digit',
    }),
    z.union([z.string(), z.number(), z.boolean()], kinds('must be text, a number, true or false')),
  )
  .superRefine((variables, context) => {
    for (const [name, value] of Object.entries(variables)) {
      if (!isSecretVariable(name, String(value))) continue;
      context.addIssue({ code: 'custom', path: [name], message: storedSecretMessage });
    }
  });

const stageShape = {
  title: z.string().max(200).optional(),
  needs: z
    .union([nameSchema, z.array(nameSchema).max(1_000)], kinds('must be the name of a stage, or a list of names'))
    .optional()
    .describe('Stages that must have ended first; default: the stage before it in the file'),
  agent: agentSchema.optional(),
  prompt: text(1_000_000)
    .optional()
    .describe('What the agent is asked to do; may hold templates (a dollar sign and CEL in double braces)'),
  with: z.record(z.string(), z.json()).optional().describe('Options for the agent; texts may hold templates'),
  run: runSchema.optional(),
  approval: approvalSchema.optional(),
  when: z
    .union([z.string().min(1).max(10_000), z.boolean()], kinds('must be a CEL condition, true or false'))
    .optional()
    .describe('A CEL condition over inputs, stages and run; false skips the stage'),
  env: envSchema.optional().describe('Environment variables; values may hold templates'),
  folder: text(4_096).optional().describe("Working folder, absolute or inside the run's folder; may hold templates"),
  timeout: timeoutSchema.optional(),
  retry: retrySchema.optional(),
  gates: z.array(gateSchema).max(100).optional(),
  outputs: z.array(text(200)).max(100).optional().describe('Outputs that must be there when the stage ends'),
  onFailure,
  priority: prioritySchema.optional(),
};

const oneAction = { oneOf: [{ required: ['agent', 'prompt'] }, { required: ['run'] }, { required: ['approval'] }] };
const mapStageSchema = fixedKeys(stageShape).meta(oneAction);
const listStageSchema = fixedKeys({ name: nameSchema, ...stageShape }).meta(oneAction);

const stageMapSchema = z
  .record(nameSchema, mapStageSchema)
  .refine((stages) => Object.keys(stages).length > 0, { error: 'must not be empty' })
  .meta({ minProperties: 1 });

/**
 * The workflow file as a person writes it. Drives both the check of files and the JSON Schema for editors; what a
 * schema cannot say (needs, templates, names) is checked on top of it.
 */
export const workflowFileSchema = fixedKeys({
  name: nameSchema.describe('Lower-case letters, digits, "-" and "_"; a user workflow replaces a bundled one by name'),
  title: text(200).optional(),
  description: text(10_000).optional(),
  inputs: z.record(nameSchema, fileInputSchema).optional().describe('What a run asks for, by name'),
  timeout: timeoutSchema.optional(),
  retry: retrySchema.optional(),
  onFailure,
  stages: z
    .union(
      [z.array(listStageSchema).min(1).max(1_000), stageMapSchema],
      kinds('must be a list of stages, or a map of stages by name'),
    )
    .describe('The stages, in order; each does exactly one of agent, run and approval'),
}).meta({ title: 'Signalbox workflow' });

export type WorkflowFile = z.infer<typeof workflowFileSchema>;
export type FileStage = z.infer<typeof mapStageSchema>;
export type FileInput = z.infer<typeof fileInputSchema>;
export type FileGate = z.infer<typeof gateSchema>;
