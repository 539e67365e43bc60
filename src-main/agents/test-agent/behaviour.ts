import { z } from 'zod';
import { fatal } from '../builtin/stage-failure.ts';

const MINUTE_MS = 60_000;
const MIB = 1024 * 1024;

const sleepMs = z
  .number()
  .int()
  .min(0)
  .max(10 * MINUTE_MS);
const processCount = z.number().int().min(0).max(20);
/** No descendant of the test agent lives longer, so that a test that fails leaves nothing for long. */
const descendantMs = z.number().int().min(1).max(MINUTE_MS);

/** Kinds of tools, as the Agent Client Protocol names them. */
const toolKinds = [
  'read',
  'edit',
  'delete',
  'move',
  'search',
  'execute',
  'think',
  'fetch',
  'switch_mode',
  'other',
] as const;

const common = {
  print: z.array(z.string()).default([]),
  outputs: z.record(z.string(), z.unknown()).default({}),
};

const behaviourSchema = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('success'), ...common }),
  z.object({
    mode: z.literal('failure'),
    class: z.enum(['transient', 'fatal', 'unknown']).default('unknown'),
    message: z.string().default('The test agent was told to fail'),
    exitCode: z.number().int().min(1).max(255).optional(),
    ...common,
  }),
  z.object({ mode: z.literal('timeout'), forMs: sleepMs.default(10 * MINUTE_MS), ...common }),
  z.object({ mode: z.literal('partial'), exitCode: z.number().int().min(0).max(255).default(0), ...common }),
  z.object({
    mode: z.literal('crash'),
    afterMs: sleepMs.default(0),
    exitCode: z.number().int().min(0).max(255).default(1),
    signal: z.enum(['SIGKILL', 'SIGABRT', 'SIGSEGV', 'SIGTERM']).optional(),
    ...common,
  }),
  z.object({
    mode: z.literal('hang'),
    forMs: descendantMs.default(MINUTE_MS),
    grandchildren: processCount.default(0),
    ...common,
  }),
  z.object({ mode: z.literal('slow'), ms: sleepMs.default(1_000), ...common }),
  z.object({
    mode: z.literal('flood'),
    bytes: z
      .number()
      .int()
      .min(0)
      .max(1024 * MIB)
      .default(MIB),
    lineBytes: z.number().int().min(2).max(MIB).default(80),
    linesPerSecond: z.number().positive().optional(),
    oneLineBytes: z
      .number()
      .int()
      .min(1)
      .max(256 * MIB)
      .optional(),
    stream: z.enum(['stdout', 'stderr']).default('stdout'),
    ...common,
  }),
  z.object({ mode: z.literal('garbage'), lines: z.number().int().min(1).max(100_000).default(20), ...common }),
  z.object({
    mode: z.literal('lie'),
    how: z.enum(['no-outputs', 'answers-twice', 'foreign-answer', 'exit-without-result']).default('no-outputs'),
    ...common,
  }),
  z.object({
    mode: z.literal('fork'),
    how: z.enum(['group', 'session', 'double']).default('group'),
    count: processCount.default(1),
    forMs: descendantMs.default(MINUTE_MS / 2),
    holdPipe: z.boolean().default(true),
    stubborn: z.boolean().default(false),
    ...common,
  }),
  z.object({
    mode: z.literal('ask'),
    question: z.string().default('May the test agent go on?'),
    tool: z.enum(toolKinds).default('execute'),
    command: z.string().optional(),
    count: z.number().int().min(1).max(20).default(1),
    ...common,
  }),
]);

/** What the test agent does with one attempt; docs/test-agent.md describes every mode and option. */
export type Behaviour = z.infer<typeof behaviourSchema>;

/** The part of a behaviour that belongs to one mode. */
export type BehaviourOf<Mode extends Behaviour['mode']> = Extract<Behaviour, { mode: Mode }>;

/**
 * The behaviour for an attempt: the stage's `with` block over the defaults of the command line. A `script` is a list
 * of behaviours, one per attempt number (from 1); attempts beyond its end repeat the last.
 * Throws a fatal `StageFailure` for a mode or option that does not exist.
 */
export function chooseBehaviour(
  defaults: Readonly<Record<string, unknown>>,
  config: Readonly<Record<string, unknown>>,
  attemptNumber: number,
): Behaviour {
  const { script, ...wanted }: Record<string, unknown> = { mode: 'success', ...defaults, ...config };
  const scripted = Array.isArray(script) ? script[Math.min(attemptNumber, script.length) - 1] : {};
  const parsed = behaviourSchema.safeParse({ ...wanted, ...scripted });
  if (!parsed.success) {
    throw fatal(
      'The test agent does not know what to do',
      z.prettifyError(parsed.error).replaceAll('\n', ' '),
      'Choose a mode and options from docs/test-agent.md',
    );
  }
  return parsed.data;
}
