import type { NewEvent } from '../contract/event.ts';
import type { AgentId, AttemptId } from '../contract/ids.ts';
import type { Permission } from '../contract/permission.ts';
import type { PermissionVerdict, StoreUnit } from './ports.ts';
import type { Moment } from './refusals.ts';

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
