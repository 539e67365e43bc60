import { z } from 'zod';
import { environmentSchema } from './environment.ts';
import { agentIdSchema, nameSchema } from './ids.ts';
import { stuckPolicySchema } from './policies.ts';
import { projectPathSchema } from './project.ts';
import { agentStates } from './states.ts';
import { processIdentitySchema } from './task.ts';
import { durationMsSchema, timeSchema } from './values.ts';

/**
 * How work reaches an agent. `acp`: a persistent process that speaks the Agent Client Protocol. `command`: one
 * process per task, the agent's own command line. `shell`: one process per task, the command that the task carries.
 */
export const agentProtocols = ['acp', 'command', 'shell'] as const;

/** `ask`: a rule answers, or else a person. */
export const permissionAnswers = ['allow', 'reject', 'ask'] as const;

/** An agent as configured. Built-in agents are registered at every start; their definition cannot be edited. */
export const agentDefinitionSchema = z
  .strictObject({
    id: agentIdSchema,
    title: z.string().min(1).max(200),
    type: nameSchema,
    protocol: z.enum(agentProtocols),
    /** Program and arguments, started without a shell; empty only for the protocol `shell`. */
    command: z.array(z.string().min(1)).max(200),
    /** Environment variables added to the engine's own. Secrets belong into the engine's own: these are stored. */
    env: environmentSchema,
    capabilities: z.array(nameSchema).max(64),
    /** Folders this agent knows best; work in them prefers it. */
    repositories: z.array(z.string()).max(64),
    /** How many attempts it may hold at once. */
    slots: z.number().int().min(1).max(256),
    startTimeoutMs: durationMsSchema.min(1),
    /** A started process without work is stopped after this time; 0 keeps it. */
    idleStopMs: durationMsSchema,
    /** Who answers when the agent asks for permission, and how. */
    permissions: z.enum(permissionAnswers),
    builtin: z.boolean(),
    /** Whose service it uses, such as `anthropic`: agents of one provider share a circuit breaker. */
    provider: nameSchema.optional(),
    /** What the watchdog does about its attempts; absent: what the settings say for its protocol. */
    watchdog: stuckPolicySchema.optional(),
    /** Folder of the trusted project that brings it: it gets work in that folder only. Absent: it gets any work. */
    project: projectPathSchema.optional(),
  })
  .refine((agent) => agent.protocol === 'shell' || agent.command.length > 0, {
    error: 'must name a program',
    path: ['command'],
  });
export type AgentDefinition = z.infer<typeof agentDefinitionSchema>;

/** An agent with its state. `crashesInRow` counts process deaths since the last good result. */
export const agentSchema = z.object({
  id: agentIdSchema,
  definition: agentDefinitionSchema,
  state: z.enum(agentStates),
  reason: z.string().nullable(),
  version: z.string().nullable(),
  processes: z.array(processIdentitySchema),
  /** Whether waiting work starts it. False after a person stopped it: only a person starts it again. */
  startsOnDemand: z.boolean(),
  crashesInRow: z.number().int(),
  restarts: z.number().int(),
  /** A crashed agent is not started by itself before this time; null: only a person starts it again. */
  restartAt: timeSchema.nullable(),
  registeredAt: timeSchema,
  stateSince: timeSchema,
});
export type Agent = z.infer<typeof agentSchema>;
