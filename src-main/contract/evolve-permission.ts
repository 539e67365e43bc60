import type { Event, NewEvent } from './event.ts';
import type { Permission, PermissionRule } from './permission.ts';

/**
 * Folds an event into the permission it names.
 * @param permission the permission so far; null before `permission.requested`.
 */
export function evolvePermission(permission: Permission | null, event: Event | NewEvent): Permission | null {
  if (event.kind === 'permission.requested') {
    const { attemptId, taskId, runId, stage, agentId, callId, tool, title, detail, options, expiresAt } = event;
    return {
      id: event.permissionId,
      attemptId,
      taskId,
      runId,
      stage,
      agentId,
      callId,
      tool,
      title,
      detail,
      options,
      state: 'open',
      requestedAt: event.at,
      expiresAt,
      answeredAt: null,
      answer: null,
      answeredBy: null,
      comment: null,
    };
  }
  if (permission === null || event.kind !== 'permission.answered') return permission;
  const { state, answer, by, comment } = event;
  return { ...permission, state, answeredAt: event.at, answer, answeredBy: by, comment };
}

/**
 * Folds an event into the rule it names.
 * @param rule the rule so far; null before `permission.ruleAdded`.
 * @returns null after `permission.ruleRemoved`.
 */
export function evolvePermissionRule(rule: PermissionRule | null, event: Event | NewEvent): PermissionRule | null {
  if (event.kind === 'permission.ruleAdded') {
    const { ruleId, agentId, tool, answer, at } = event;
    return { id: ruleId, agentId, tool, answer, addedAt: at };
  }
  return event.kind === 'permission.ruleRemoved' ? null : rule;
}
