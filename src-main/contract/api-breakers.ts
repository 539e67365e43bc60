import { z } from 'zod';
import { empty, why } from './api-page.ts';
import { breakerSchema } from './breaker.ts';
import { breakerIdSchema } from './ids.ts';

export const breakerEntries = {
  /** Those that have ever counted a failure; any other is closed. */
  listBreakers: { change: false, input: empty, output: z.object({ breakers: z.array(breakerSchema) }) },
  /** Closes one at once: work goes on as if nothing had failed. */
  resetBreaker: {
    change: true,
    input: z.strictObject({ breakerId: breakerIdSchema, reason: why }),
    output: breakerSchema,
  },
} as const;
