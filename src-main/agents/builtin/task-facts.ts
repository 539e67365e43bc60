import { z } from 'zod';
import { fatal } from './stage-failure.ts';

const values = z.record(z.string(), z.unknown());
const optionalText = z
  .string()
  .nullish()
  .transform((text) => text ?? undefined);
const optionalValues = values.nullish().transform((record) => record ?? {});

const taskFactsSchema = z.looseObject({
  runId: optionalText,
  taskId: z.string().min(1),
  attemptId: z.string().min(1),
  attemptNumber: z.number().int().positive().default(1),
  workflow: optionalText,
  stage: optionalText,
  traceparent: optionalText,
  inputs: optionalValues,
  outputs: optionalValues,
  config: optionalValues,
  outputFile: optionalText,
});

/**
 * What the engine tells an agent about its task beside the prompt, in `_meta.signalbox` of `session/new`.
 * `outputs` holds the outputs of every earlier stage by stage name; `config` is the stage's own `with` block;
 * `outputFile` is the absolute path at which the engine expects a JSON object, undefined when nobody reads it.
 */
export type TaskFacts = z.infer<typeof taskFactsSchema>;

/**
 * Reads the facts out of a session's `_meta`.
 * Throws a fatal `StageFailure` when they are absent or malformed: guessing the task would be worse.
 */
export function readTaskFacts(meta: Record<string, unknown> | null | undefined): TaskFacts {
  const parsed = taskFactsSchema.safeParse(meta?.signalbox);
  if (!parsed.success) {
    throw fatal(
      'The task cannot be understood',
      `the session carries no valid _meta.signalbox (${z.prettifyError(parsed.error).replaceAll('\n', ' ')})`,
      'Start this agent from Signalbox, which adds these facts, or add them to session/new as docs/test-agent.md shows',
    );
  }
  return parsed.data;
}
