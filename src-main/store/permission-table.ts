import type { Permission, PermissionRule } from '../contract/permission.ts';
import { permissionRuleSchema, permissionSchema } from '../contract/permission.ts';
import { decodeChecked } from './checked-row.ts';
import type { SqlValue, Statements } from './connection.ts';
import { RowTable } from './row-table.ts';

const table = new RowTable<Permission>({
  table: 'permissions',
  key: 'id',
  columns: {
    id: ['id', 'plain'],
    attemptId: ['attempt_id', 'plain'],
    taskId: ['task_id', 'plain'],
    runId: ['run_id', 'plain'],
    stage: ['stage', 'plain'],
    agentId: ['agent_id', 'plain'],
    callId: ['call_id', 'plain'],
    tool: ['tool', 'plain'],
    title: ['title', 'plain'],
    detail: ['detail', 'plain'],
    options: ['options', 'json'],
    state: ['state', 'plain'],
    requestedAt: ['requested_at_ms', 'plain'],
    expiresAt: ['expires_at_ms', 'plain'],
    answeredAt: ['answered_at_ms', 'plain'],
    answer: ['answer', 'json'],
    answeredBy: ['answered_by', 'plain'],
    comment: ['comment', 'plain'],
  },
});

/** The columns that {@link decodePermission} expects. */
export const permissionSelection = table.selection('p');
const selectSql = `SELECT ${permissionSelection} FROM permissions p`;
const loadSql = `${selectSql} WHERE p.id = ?`;
const openSql = `${selectSql} WHERE p.state = 'open' ORDER BY p.id`;
const openOfSql = `${selectSql} WHERE p.attempt_id = (SELECT ?) AND p.state = 'open' ORDER BY p.id`;

/** A permission out of its columns. */
export function decodePermission(columns: readonly SqlValue[]): Permission {
  return decodeChecked(permissionSchema, `permission ${columns[0]}`, table.decode(columns));
}

/** A permission by its id; null when there is none. */
export function loadPermission(statements: Statements, id: string): Permission | null {
  const columns = statements.row(loadSql, id);
  return columns === undefined ? null : decodePermission(columns);
}

/**
 * Permissions that wait for an answer, oldest first.
 * @param attemptId only those of this attempt.
 */
export function openPermissions(statements: Statements, attemptId?: string): readonly Permission[] {
  const rows = attemptId === undefined ? statements.rows(openSql) : statements.rows(openOfSql, attemptId);
  return rows.map(decodePermission);
}

/** Stores a new permission, or writes what changed of it. */
export function savePermission(statements: Statements, before: Permission | null, after: Permission): void {
  if (before === null) table.insert(statements, after);
  else table.update(statements, before, after);
}

const ruleTable = new RowTable<PermissionRule>({
  table: 'permission_rules',
  key: 'id',
  columns: {
    id: ['id', 'plain'],
    agentId: ['agent_id', 'plain'],
    tool: ['tool', 'plain'],
    answer: ['answer', 'plain'],
    addedAt: ['added_at_ms', 'plain'],
  },
});

const rulesSql = `SELECT ${ruleTable.selection()} FROM permission_rules`;
const loadRuleSql = `${rulesSql} WHERE id = ?`;
const allRulesSql = `${rulesSql} ORDER BY id`;
const deleteRuleSql = 'DELETE FROM permission_rules WHERE id = ?';

function decodeRule(columns: readonly SqlValue[]): PermissionRule {
  return decodeChecked(permissionRuleSchema, `permission rule ${columns[0]}`, ruleTable.decode(columns));
}

/** A rule by its id; null when there is none. */
export function loadPermissionRule(statements: Statements, id: string): PermissionRule | null {
  const columns = statements.row(loadRuleSql, id);
  return columns === undefined ? null : decodeRule(columns);
}

/** All rules, oldest first. There are few: people made each. */
export function readPermissionRules(statements: Statements): readonly PermissionRule[] {
  return statements.rows(allRulesSql).map(decodeRule);
}

/** Stores a new rule, or removes one; a rule never changes. */
export function savePermissionRule(
  statements: Statements,
  before: PermissionRule | null,
  after: PermissionRule | null,
): void {
  if (before !== null) statements.run(deleteRuleSql, before.id);
  if (after !== null) ruleTable.insert(statements, after);
}
