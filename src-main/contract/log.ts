import { z } from 'zod';

/** Where a log line came from: the process's own streams, or what its protocol said. */
export const logStreams = ['stdout', 'stderr', 'message', 'thought', 'tool', 'plan', 'engine'] as const;

/** One line of an attempt's log; numbers start at 1. `cut` says that the whole line is longer, and on disk. */
export const logLineSchema = z.object({
  number: z.number().int().positive(),
  stream: z.enum(logStreams),
  at: z.number(),
  text: z.string(),
  cut: z.boolean(),
});
export type LogLine = z.infer<typeof logLineSchema>;
export type LogStream = (typeof logStreams)[number];

/** The most UTF-16 code units of one line that cross a process boundary; the rest stays on disk. */
export const maxLogLineLength = 65_536;
/** The most lines of one page of a log. */
export const maxLogPage = 5_000;
