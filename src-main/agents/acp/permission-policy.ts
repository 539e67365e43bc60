import type { AgentDefinition } from '../../contract/agent.ts';
import type { PermissionKind, PermissionQuestion } from './protocol.ts';

/**
 * Which kinds of option answer a question, best first. What holds for this once comes before what holds for ever:
 * the policy is asked again each time, and may have changed by then.
 */
const PREFERRED: Readonly<Record<AgentDefinition['permissions'], readonly PermissionKind[]>> = {
  allow: ['allow_once', 'allow_always'],
  reject: ['reject_once', 'reject_always'],
};

/** The answer to a permission question: an option's id, or null to cancel it. `answer` is for people. */
export interface PermissionAnswer {
  readonly optionId: string | null;
  readonly answer: string;
}

/**
 * Answers by the agent's policy. Options are chosen by their kind, because ids and names differ from agent to agent.
 * Where the policy rejects and no option says so, the question is cancelled: never is more allowed than was asked for.
 */
export function answerPermission(
  policy: AgentDefinition['permissions'],
  options: PermissionQuestion['options'],
): PermissionAnswer {
  for (const kind of [...PREFERRED[policy], ...PREFERRED.reject]) {
    const option = options.find((candidate) => candidate.kind === kind);
    if (option !== undefined) return { optionId: option.id, answer: `${kind} (${option.name}), by the agent's policy` };
  }
  return { optionId: null, answer: "cancelled: no option fits the agent's policy" };
}
