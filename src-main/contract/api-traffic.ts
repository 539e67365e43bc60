import { z } from 'zod';
import { search } from './api-page.ts';
import { agentIdSchema, runIdSchema } from './ids.ts';
import { timeSchema } from './values.ts';

/** Who can be at one end of what is said: a workflow asks by the approvals of its runs. */
const trafficNodeKinds = ['agent', 'tool', 'person', 'workflow'] as const;

/**
 * What is said. `handover`: an agent takes over the outputs of the stages that its own stage needs, from the agents that
 * completed them. `toolCall`: an agent calls a kind of tool. `question`: an agent asks a person for a permission, or a
 * workflow for an approval.
 */
export const trafficKinds = ['handover', 'toolCall', 'question'] as const;
export type TrafficKind = (typeof trafficKinds)[number];

/** The most of a graph that is answered: more can neither be drawn nor looked at. */
export const maxTraffic = { nodes: 500, edges: 2_000 } as const;

const counted = z.number().int();

const trafficNodeSchema = z.object({
  /** Kind and name, such as `agent:builder`; unique in the answer. */
  id: z.string(),
  kind: z.enum(trafficNodeKinds),
  /** An agent's id, a kind of tool as its agent names it, a workflow's name, or `you`. */
  name: z.string(),
  /** Counts of all edges at it, each edge once, also of those that were left out. */
  count: counted,
});
export type TrafficNode = z.infer<typeof trafficNodeSchema>;

/** All of one kind between two nodes; what is neither failed, abandoned nor open has come to its end well. */
const trafficEdgeSchema = z.object({
  from: z.string(),
  to: z.string(),
  kind: z.enum(trafficKinds),
  count: counted,
  /** Attempts that failed or timed out after the handover; tool calls that failed. Questions do not fail. */
  failed: counted,
  /** Attempts that were cancelled or interrupted; tool calls and questions that ended without an answer. */
  abandoned: counted,
  /** Attempts, tool calls and questions that have not ended. */
  open: counted,
  /** When the last of them began. */
  lastAt: timeSchema,
});
export type TrafficEdge = z.infer<typeof trafficEdgeSchema>;

const trafficSchema = z.object({
  nodes: z.array(trafficNodeSchema).max(maxTraffic.nodes),
  /** Busiest first. */
  edges: z.array(trafficEdgeSchema).max(maxTraffic.edges),
  /** How much was left out, because it was less busy than what is here. */
  omitted: z.object({ nodes: counted, edges: counted }),
});
export type Traffic = z.infer<typeof trafficSchema>;

export const trafficEntries = {
  /** Who talked to whom: what began in a span of time, `to` excluded, as it stands now. */
  getTraffic: {
    change: false,
    input: z
      .strictObject({
        from: timeSchema,
        to: timeSchema,
        runId: runIdSchema.optional(),
        /** Only what this agent says, or is told. */
        agentId: agentIdSchema.optional(),
        kinds: z.array(z.enum(trafficKinds)).min(1).optional(),
        /** Only between two of which one has this in its name. */
        search,
      })
      .refine(({ from, to }) => from < to, { error: 'must be before `to`', path: ['from'] }),
    output: trafficSchema,
  },
} as const;
