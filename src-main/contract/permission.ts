import { z } from 'zod';
import {
  agentIdSchema,
  attemptIdSchema,
  nameSchema,
  permissionIdSchema,
  permissionRuleIdSchema,
  runIdSchema,
  taskIdSchema,
} from './ids.ts';
import { permissionStates } from './states.ts';
import { timeSchema } from './values.ts';

/** What choosing an option means, as the Agent Client Protocol names it (`PermissionOptionKind`). */
export const permissionOptionKinds = ['allow_once', 'allow_always', 'reject_once', 'reject_always'] as const;

/** One of the answers that an agent offers; ids and names differ from agent to agent, kinds do not. */
export const permissionOptionSchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(permissionOptionKinds),
});
export type PermissionOption = z.infer<typeof permissionOptionSchema>;

/** Who chose: a person, a rule of theirs, or the policy for questions that nobody answers in time. */
export const permissionAnswerers = ['person', 'rule', 'policy'] as const;
/** What a rule says. */
export const permissionRuleAnswers = ['allow', 'reject'] as const;
/** The most text of a permission's `detail`, in UTF-16 code units. */
export const maxPermissionDetail = 10_000;

/** Something that an agent may do only when a person, or a rule of theirs, lets it. Its attempt waits meanwhile. */
export const permissionSchema = z.object({
  id: permissionIdSchema,
  attemptId: attemptIdSchema,
  taskId: taskIdSchema,
  runId: runIdSchema.nullable(),
  stage: nameSchema.nullable(),
  agentId: agentIdSchema,
  /** The agent's own name of the tool call. */
  callId: z.string(),
  /** Kind of tool, as the protocol names it: `edit`, `execute`, … */
  tool: z.string(),
  title: z.string(),
  /** What the call would do, as the agent told it: a command, a patch; bounded, without secrets. Empty when not told. */
  detail: z.string(),
  options: z.array(permissionOptionSchema),
  state: z.enum(permissionStates),
  requestedAt: timeSchema,
  /** When the question is withdrawn without an answer; null: never. */
  expiresAt: timeSchema.nullable(),
  answeredAt: timeSchema.nullable(),
  /** The option that was chosen; null while it is open, and when nobody chose. */
  answer: permissionOptionSchema.nullable(),
  answeredBy: z.enum(permissionAnswerers).nullable(),
  comment: z.string().nullable(),
});
export type Permission = z.infer<typeof permissionSchema>;

/** The same answer from now on to an agent that asks for a kind of tool. */
export const permissionRuleSchema = z.object({
  id: permissionRuleIdSchema,
  agentId: agentIdSchema,
  tool: z.string(),
  answer: z.enum(permissionRuleAnswers),
  addedAt: timeSchema,
});
export type PermissionRule = z.infer<typeof permissionRuleSchema>;

/**
 * Which kinds of option a rule chooses, best first. What holds for this once comes before what holds for ever: the
 * rule is asked again each time, and may be gone by then.
 */
const preferred = {
  allow: ['allow_once', 'allow_always'],
  reject: ['reject_once', 'reject_always'],
} as const;

/** The option that a rule chooses, by its kind: ids and names differ from agent to agent. Null when none fits. */
export function optionFor(
  answer: PermissionRule['answer'],
  options: readonly PermissionOption[],
): PermissionOption | null {
  for (const kind of preferred[answer]) {
    const option = options.find((candidate) => candidate.kind === kind);
    if (option !== undefined) return option;
  }
  return null;
}

/** What a rule would have to say for an option to be its choice. */
export function answerOf(option: PermissionOption): PermissionRule['answer'] {
  return option.kind === 'allow_once' || option.kind === 'allow_always' ? 'allow' : 'reject';
}
