import { z } from 'zod';
import { subscriptionMessageSchema } from './api.ts';
import { apiErrorSchema } from './error-schemas.ts';

const id = z.number().int().nonnegative();

/**
 * What is said over a connection to the engine, as JSON in UTF-8: one value per line on the socket, one per text message
 * on a WebSocket. The engine speaks first, with `hello`. A caller may have many requests under way; answers carry the
 * request's id and come in any order. Its limits are in `wire-terms.ts`.
 */
export const requestSchema = z.discriminatedUnion('ask', [
  z.strictObject({ ask: z.literal('call'), id, name: z.string(), input: z.unknown() }),
  z.strictObject({ ask: z.literal('follow'), id, subscription: z.unknown() }),
  /** The feed's message was taken; the engine sends the next one only after this, so that a slow caller is spared. */
  z.strictObject({ ask: z.literal('next'), id }),
  /** Ends the feed that was started with this id. */
  z.strictObject({ ask: z.literal('stop'), id }),
  /** Answered with `pong` at once: a caller that hears nothing knows that the connection is lost. */
  z.strictObject({ ask: z.literal('ping'), id }),
]);
export type Request = z.infer<typeof requestSchema>;

/** Who answers, said once at the beginning. */
const helloSchema = z.object({
  say: z.literal('hello'),
  protocol: z.number(),
  version: z.string(),
  pid: z.number().int(),
});
export type Hello = z.infer<typeof helloSchema>;

export const replySchema = z.discriminatedUnion('say', [
  helloSchema,
  z.object({ say: z.literal('answer'), id, value: z.unknown() }),
  z.object({ say: z.literal('refusal'), id, error: apiErrorSchema }),
  z.object({ say: z.literal('message'), id, message: subscriptionMessageSchema }),
  /** A feed ended by itself. */
  z.object({ say: z.literal('ended'), id, error: apiErrorSchema }),
  z.object({ say: z.literal('pong'), id }),
  /** The connection ends, and why. */
  z.object({ say: z.literal('goodbye'), error: apiErrorSchema }),
]);
export type Reply = z.infer<typeof replySchema>;
