import type { PermissionRule } from '../../contract/permission.ts';
import { optionFor } from '../../contract/permission.ts';
import type { PermissionQuestion } from './protocol.ts';

/** The answer to a permission question: an option's id, or null to cancel it. `answer` is for people. */
export interface PermissionAnswer {
  readonly optionId: string | null;
  readonly answer: string;
}

/**
 * Answers by the agent's policy. Options are chosen by their kind, because ids and names differ from agent to agent.
 * Where nothing allows, it rejects; where nothing rejects either, the question is cancelled: never is more allowed
 * than was asked for.
 */
export function answerPermission(
  policy: PermissionRule['answer'],
  options: PermissionQuestion['options'],
): PermissionAnswer {
  const option = optionFor(policy, options) ?? optionFor('reject', options);
  if (option === null) return { optionId: null, answer: "cancelled: no option fits the agent's policy" };
  return { optionId: option.id, answer: `${option.kind} (${option.name}), by the agent's policy` };
}
