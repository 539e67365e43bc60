import type { NewEvent } from '../contract/event.ts';
import type { AgentId, AttemptId } from '../contract/ids.ts';
import type { Permission, PermissionOption, PermissionRule } from '../contract/permission.ts';
import type { PermissionVerdict, StoreUnit } from './ports.ts';
import type { Moment } from './refusals.ts';

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

/** How the answer to an open permission is recorded; the fields of `permission.answered` that say what it was. */
export type PermissionEnd = Pick<
  Extract<NewEvent, { kind: 'permission.answered' }>,
  'state' | 'answer' | 'by' | 'comment'
>;

/** The event by which a permission ends. */
export function endPermission(permission: Permission, end: PermissionEnd, moment: Moment): NewEvent {
  const { id: permissionId, attemptId, taskId, runId, agentId } = permission;
  return { ...moment, kind: 'permission.answered', permissionId, attemptId, taskId, runId, agentId, ...end };
}

/** Withdraws what an attempt still asks: part of the unit of work in which it ends. */
export function withdrawOpen(unit: StoreUnit, attemptId: AttemptId, moment: Moment): void {
  const comment = 'its attempt ended before anybody answered';
  const end = { state: 'withdrawn' as const, answer: null, by: null, comment };
  unit.record(unit.openPermissions(attemptId).map((permission) => endPermission(permission, end, moment)));
}

/** Removes the rules of an agent with the agent: another one of the same name has to earn its own. */
export function removeRulesOf(unit: StoreUnit, agentId: AgentId, moment: Moment): void {
  const rules = unit.permissionRules().filter((rule) => rule.agentId === agentId);
  const reason = 'its agent was removed';
  unit.record(
    rules.map(({ id: ruleId }): NewEvent => ({ ...moment, kind: 'permission.ruleRemoved', ruleId, agentId, reason })),
  );
}

/** What the agent is told, and what its history says of it. */
export function verdictOf({ answer, by, comment }: Omit<PermissionEnd, 'state'>): PermissionVerdict {
  if (answer === null) return { optionId: null, answer: `cancelled: ${comment}` };
  const who = by === 'person' ? 'a person' : 'a rule';
  return { optionId: answer.id, answer: `${answer.kind} (${answer.name}), by ${who}` };
}
