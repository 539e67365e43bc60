import { z } from 'zod';
import { approvalIdSchema, nameSchema, runIdSchema } from './ids.ts';
import { approvalStates } from './states.ts';
import { timeSchema } from './values.ts';

/** A question to a person that holds a stage until it is answered. */
export const approvalSchema = z.object({
  id: approvalIdSchema,
  runId: runIdSchema,
  stage: nameSchema,
  question: z.string(),
  state: z.enum(approvalStates),
  onTimeout: z.enum(['approve', 'reject']),
  /** When the policy answers instead of a person; null: waits for ever. */
  expiresAt: timeSchema.nullable(),
  requestedAt: timeSchema,
  answeredAt: timeSchema.nullable(),
  comment: z.string().nullable(),
});
export type Approval = z.infer<typeof approvalSchema>;
