import { z } from 'zod';
import { agentDefinitionSchema, agentSchema } from './agent.ts';
import { done, empty, why } from './api-page.ts';
import { failureSchema } from './error-schemas.ts';
import { agentIdSchema, attemptIdSchema, nameSchema, runIdSchema, taskIdSchema } from './ids.ts';
import { timeSchema } from './values.ts';

const agentViewSchema = agentSchema.extend({
  slotsUsed: z.number().int(),
  /** Why its circuit breaker, or its provider's, keeps work from it now, in words; null when none does. */
  heldBecause: z.string().nullable(),
  completed: z.number().int(),
  failed: z.number().int(),
  lastHeartbeatAt: timeSchema.nullable(),
  /** What it works on now. */
  live: z.array(
    z.object({
      attemptId: attemptIdSchema,
      taskId: taskIdSchema,
      runId: runIdSchema.nullable(),
      stage: nameSchema.nullable(),
      title: z.string(),
      claimedAt: timeSchema,
    }),
  ),
  /** Of all its processes and those they started; null when it has none, or the system does not tell. */
  usage: z
    .object({
      /** 100 is one core; null at the first look, because it is the use between two. */
      cpuPercent: z.number().nullable(),
      memoryBytes: z.number().int(),
    })
    .nullable(),
  /** Mean time from start to end of its last hundred completed attempts, in ms; null without any. */
  averageMs: z.number().nullable(),
  lastFailure: z.object({ at: timeSchema, attemptId: attemptIdSchema, failure: failureSchema }).nullable(),
});
export type AgentView = z.infer<typeof agentViewSchema>;

/** A known agent program, whether it is on this machine or not. */
const detectedAgentSchema = z.object({
  /** What to save to have it, with the identifier it would get. */
  definition: agentDefinitionSchema,
  /** The program that was found; null: it cannot be started as it is. */
  path: z.string().nullable(),
  /** What is here and what is not, when only a part of it is, in a sentence; null otherwise. */
  missing: z.string().nullable(),
  /** The exact command that would install it, or the part that is missing. */
  install: z.string(),
  /** Where to read about it. */
  documentation: z.string(),
  /** Whether an agent with this identifier is registered already. */
  registered: z.boolean(),
});
export type DetectedAgent = z.infer<typeof detectedAgentSchema>;

export const agentEntries = {
  listAgents: { change: false, input: empty, output: z.object({ agents: z.array(agentViewSchema) }) },
  saveAgent: { change: true, input: agentDefinitionSchema, output: agentSchema },
  removeAgent: { change: true, input: z.strictObject({ agentId: agentIdSchema }), output: done },
  startAgent: { change: true, input: z.strictObject({ agentId: agentIdSchema }), output: agentSchema },
  /** Stops taking work, lets live attempts end, then ends the processes. */
  drainAgent: { change: true, input: z.strictObject({ agentId: agentIdSchema, reason: why }), output: agentSchema },
  /** Ends the processes at once; live attempts are interrupted and their tasks released. */
  stopAgent: { change: true, input: z.strictObject({ agentId: agentIdSchema, reason: why }), output: agentSchema },
  disableAgent: { change: true, input: z.strictObject({ agentId: agentIdSchema, reason: why }), output: agentSchema },
  enableAgent: { change: true, input: z.strictObject({ agentId: agentIdSchema }), output: agentSchema },
  /** Agents that Signalbox knows how to start, and which of them are on this machine. */
  detectAgents: { change: false, input: empty, output: z.object({ agents: z.array(detectedAgentSchema) }) },
  /**
   * Starts a process by this definition, in an empty folder, and ends it again; nothing is stored. An `acp` agent has
   * to answer the handshake, and, when there is a prompt, to end its turn; a `command` agent is given the prompt.
   */
  testAgent: {
    change: false,
    input: z.strictObject({ definition: agentDefinitionSchema, prompt: z.string().min(1).max(10_000).optional() }),
    output: z.object({
      passed: z.boolean(),
      version: z.string().nullable(),
      durationMs: z.number(),
      /** The last lines that it printed or said, without secrets. */
      output: z.array(z.string()),
      /** Why it did not pass; null when it did. */
      failure: failureSchema.nullable(),
    }),
  },
} as const;
