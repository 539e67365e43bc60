import { z } from 'zod';
import { permissionKinds, stopReasons, toolStatuses } from './protocol.ts';

/**
 * What is read of version 1 of the Agent Client Protocol: only the fields that are used, and leniently where the
 * protocol says that an unreadable optional field counts as absent. Unknown fields and kinds are no errors: an
 * agent may be newer than this file.
 */
const lenient = <T extends z.ZodType>(schema: T) => schema.nullish().catch(undefined);
const text = lenient(z.string());
const meta = lenient(z.object({ signalbox: lenient(z.object({ heartbeat: lenient(z.boolean()) })) }));

export const initializeResultSchema = z.object({
  protocolVersion: z.number(),
  agentInfo: lenient(z.object({ name: text, version: text })),
  agentCapabilities: lenient(
    z.object({ sessionCapabilities: lenient(z.object({ close: z.unknown().optional() })), _meta: meta }),
  ),
});

export const newSessionResultSchema = z.object({ sessionId: z.string().min(1) });

export const promptResultSchema = z.object({ stopReason: z.enum(stopReasons) });

/** Content of a message or of a tool call; only texts and diffs are shown, the rest is named. */
const contentSchema = z.object({ type: z.string(), text, uri: text, name: text });
export type Content = z.infer<typeof contentSchema>;

const toolContentSchema = z.object({
  type: z.string(),
  content: lenient(contentSchema),
  path: text,
  oldText: text,
  newText: text,
});
export type ToolContent = z.infer<typeof toolContentSchema>;

const toolCallSchema = z.object({
  toolCallId: z.string(),
  title: text,
  kind: text,
  name: text,
  status: lenient(z.enum(toolStatuses)),
  content: lenient(z.array(toolContentSchema)),
  rawInput: z.unknown().optional(),
});
export type ToolCall = z.infer<typeof toolCallSchema>;

const costSchema = z.object({ amount: z.number(), currency: z.string() });

const chunk = { content: contentSchema, messageId: text };
const updateSchema = z.discriminatedUnion('sessionUpdate', [
  z.object({ sessionUpdate: z.literal('agent_message_chunk'), ...chunk }),
  z.object({ sessionUpdate: z.literal('agent_thought_chunk'), ...chunk }),
  toolCallSchema.extend({ sessionUpdate: z.literal('tool_call') }),
  toolCallSchema.extend({ sessionUpdate: z.literal('tool_call_update') }),
  z.object({
    sessionUpdate: z.literal('plan'),
    entries: z.array(z.object({ content: z.string(), status: z.string().catch('pending') })),
  }),
  z.object({ sessionUpdate: z.literal('usage_update'), used: z.number(), size: z.number(), cost: lenient(costSchema) }),
  z.object({
    sessionUpdate: z.literal('notice'),
    severity: z.string().catch('info'),
    title: z.string(),
    description: text,
  }),
]);
export type Update = z.infer<typeof updateSchema>;

const knownKinds: readonly string[] = updateSchema.options.map((option) => option.shape.sessionUpdate.value);

/** A null update is one of a kind that is not read, which is no error. */
export const sessionUpdateSchema = z.object({
  sessionId: z.string(),
  update: z
    .looseObject({ sessionUpdate: z.string() })
    .transform((update) => (knownKinds.includes(update.sessionUpdate) ? update : null))
    .pipe(updateSchema.nullable()),
});

export const permissionRequestSchema = z.object({
  sessionId: z.string(),
  toolCall: toolCallSchema,
  options: z.array(z.object({ optionId: z.string(), name: z.string(), kind: z.enum(permissionKinds) })),
});
