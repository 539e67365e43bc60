import { z } from 'zod';
import { agentEntries } from './api-agents.ts';
import { backupEntries } from './api-backups.ts';
import { breakerEntries } from './api-breakers.ts';
import { engineEntries } from './api-engine.ts';
import { historyEntries } from './api-history.ts';
import { inboxEntries } from './api-inbox.ts';
import { eventFilter, logEntries } from './api-logs.ts';
import { projectEntries } from './api-projects.ts';
import { runEntries } from './api-runs.ts';
import { scheduleEntries } from './api-schedules.ts';
import { taskEntries } from './api-tasks.ts';
import { trafficEntries } from './api-traffic.ts';
import { workflowEntries } from './api-workflows.ts';
import type { ApiError } from './errors.ts';
import { eventSchema } from './event.ts';
import { attemptIdSchema, runIdSchema } from './ids.ts';
import { nouns } from './nouns.ts';
import type { Result } from './result.ts';

/**
 * The contract. Each entry is a name with its input and its output; the client, the servers, the list of names that
 * a renderer may call and the tests of completeness all derive from this one literal. `change` says whether it
 * changes anything: entries that do not never write. Every entry may answer with an {@link ApiError}.
 */
export const api = {
  ...workflowEntries,
  ...projectEntries,
  ...runEntries,
  ...taskEntries,
  ...inboxEntries,
  ...agentEntries,
  ...breakerEntries,
  ...scheduleEntries,
  ...logEntries,
  ...trafficEntries,
  ...engineEntries,
  ...backupEntries,
  ...historyEntries,
} as const satisfies Record<string, { change: boolean; input: z.ZodType; output: z.ZodType }>;

export type ApiName = keyof typeof api;
/** What a caller passes: fields with defaults may be left out. */
export type ApiInput<N extends ApiName> = z.input<(typeof api)[N]['input']>;
/** What a handler receives: validated, defaults filled in. */
export type ApiParsedInput<N extends ApiName> = z.output<(typeof api)[N]['input']>;
export type ApiOutput<N extends ApiName> = z.output<(typeof api)[N]['output']>;

/** One method per entry, as a caller sees it. */
export type ApiClient = {
  readonly [N in ApiName]: (input: ApiInput<N>) => Promise<Result<ApiOutput<N>, ApiError>>;
};

/** One method per entry, as the core implements it. Input is already validated. */
export type ApiHandlers = {
  readonly [N in ApiName]: (
    input: ApiParsedInput<N>,
  ) => Result<ApiOutput<N>, ApiError> | Promise<Result<ApiOutput<N>, ApiError>>;
};

/**
 * What can be followed live. `events` answers every event after `afterSeq`; `log` says when a log has grown; `changes`
 * says what kinds of rows have changed, at most ten times a second, for views that show pages of lists.
 */
export const subscriptionSchema = z.discriminatedUnion('topic', [
  z.strictObject({ topic: z.literal('events'), afterSeq: z.number().int().min(0), ...eventFilter }),
  z.strictObject({ topic: z.literal('log'), attemptId: attemptIdSchema }),
  z.strictObject({ topic: z.literal('changes') }),
]);
export type Subscription = z.infer<typeof subscriptionSchema>;
/** What a follower passes: ids as plain text. */
export type SubscriptionInput = z.input<typeof subscriptionSchema>;

/** What a subscriber receives: events in the order of `seq`, how far a log has grown, or what has changed. */
export const subscriptionMessageSchema = z.discriminatedUnion('topic', [
  z.object({ topic: z.literal('events'), events: z.array(eventSchema) }),
  z.object({
    topic: z.literal('log'),
    attemptId: attemptIdSchema,
    totalLines: z.number().int(),
    complete: z.boolean(),
  }),
  z.object({
    topic: z.literal('changes'),
    lastSeq: z.number().int(),
    nouns: z.array(z.enum(nouns)),
    /** Runs that were touched; null when there were more than a hundred. */
    runIds: z.array(runIdSchema).nullable(),
  }),
]);
export type SubscriptionMessage = z.infer<typeof subscriptionMessageSchema>;
