import { z } from 'zod';
import { pageSize, search } from './api-page.ts';
import { eventKinds, eventSchema } from './event.ts';
import { agentIdSchema, attemptIdSchema, runIdSchema, taskIdSchema } from './ids.ts';
import { logLineSchema, maxLogPage } from './log.ts';
import { actorSchema } from './values.ts';

/** Which events: all demands must be met. */
export const eventFilter = {
  runId: runIdSchema.optional(),
  taskId: taskIdSchema.optional(),
  attemptId: attemptIdSchema.optional(),
  agentId: agentIdSchema.optional(),
  kinds: z.array(z.enum(eventKinds)).min(1).optional(),
  actors: z.array(actorSchema).min(1).optional(),
};

/** The most line numbers that one search answers. */
const maxLogMatches = 10_000;

export const logEntries = {
  readLog: {
    change: false,
    input: z.strictObject({
      attemptId: attemptIdSchema,
      /** Number of the first line wanted, from 1. */
      from: z.number().int().positive().default(1),
      limit: z.number().int().min(1).max(maxLogPage).default(1_000),
    }),
    output: z.object({
      lines: z.array(logLineSchema),
      totalLines: z.number().int(),
      complete: z.boolean(),
      path: z.string(),
    }),
  },
  /** Looks through a whole log, as far as it is written. Escape sequences are not seen by it. */
  searchLog: {
    change: false,
    input: z.strictObject({
      attemptId: attemptIdSchema,
      find: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('text'), text: z.string().min(1).max(1_000), caseSensitive: z.boolean() }),
        /** An ECMAScript regular expression, matched line by line; one that takes too long is refused. */
        z.strictObject({
          kind: z.literal('pattern'),
          pattern: z.string().min(1).max(1_000),
          caseSensitive: z.boolean(),
        }),
        /** Lines that look like errors. */
        z.strictObject({ kind: z.literal('error') }),
      ]),
      /** Lines before this one are counted, but not listed. */
      from: z.number().int().positive().default(1),
      limit: z.number().int().min(1).max(maxLogMatches).default(maxLogMatches),
    }),
    output: z.object({
      /** Numbers of matching lines, ascending. */
      lines: z.array(z.number().int()),
      /** How many lines match in the whole log. */
      total: z.number().int(),
      /** How many lines were looked at. */
      totalLines: z.number().int(),
    }),
  },
  /**
   * Events after `afterSeq` and before `beforeSeq`. `oldest` first goes on from the last number received; `newest` first
   * goes back through history. `search` looks at the kind, the ids and the facts.
   */
  listEvents: {
    change: false,
    input: z.strictObject({
      afterSeq: z.number().int().min(0).default(0),
      beforeSeq: z.number().int().positive().optional(),
      order: z.enum(['oldest', 'newest']).default('oldest'),
      limit: pageSize,
      search,
      ...eventFilter,
    }),
    output: z.object({ events: z.array(eventSchema), lastSeq: z.number().int() }),
  },
} as const;
