import { z } from 'zod';

/**
 * Identifiers. Runs, tasks, attempts, approvals, permissions and rules carry a prefix and a time-ordered part (26 characters of
 * Crockford base 32, as in the ULID specification), so that sorting by id is sorting by creation.
 * A person chooses the ids of agents, schedules, workflows and stages: short lower-case names.
 */
function prefixedId<Brand extends string>(prefix: string) {
  return z
    .string()
    .regex(new RegExp(`^${prefix}_[0-9a-hjkmnp-tv-z]{26}$`), {
      error: `must look like ${prefix}_ followed by 26 characters`,
    })
    .brand<Brand>();
}

const namePattern = /^[a-z][a-z0-9]*([-_][a-z0-9]+)*$/;
const nameRule = {
  error: 'must be lower-case letters, digits, "-" or "_", start with a letter, and have at most 64 characters',
};

/** A short name chosen by a person: of a workflow, a stage, an input, an agent type. */
export const nameSchema = z.string().max(64, nameRule).regex(namePattern, nameRule);

export const runIdSchema = prefixedId<'RunId'>('run');
export const taskIdSchema = prefixedId<'TaskId'>('task');
export const attemptIdSchema = prefixedId<'AttemptId'>('attempt');
export const approvalIdSchema = prefixedId<'ApprovalId'>('approval');
export const permissionIdSchema = prefixedId<'PermissionId'>('permission');
export const permissionRuleIdSchema = prefixedId<'PermissionRuleId'>('rule');
export const agentIdSchema = nameSchema.brand<'AgentId'>();
export const scheduleIdSchema = nameSchema.brand<'ScheduleId'>();

/** A circuit breaker's id says what it protects: `agent:` with an agent's id, or `provider:` with a provider's name. */
export const breakerIdSchema = z
  .string()
  .regex(/^(agent|provider):[a-z][a-z0-9]*([-_][a-z0-9]+)*$/, { error: 'must be agent:<id> or provider:<name>' })
  .max(80)
  .brand<'BreakerId'>();

/** SHA-256 (hex) of a workflow file's text: names one immutable version of it. */
export const workflowHashSchema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, { error: 'must be a SHA-256 in lower-case hex' })
  .brand<'WorkflowHash'>();

/** A W3C trace-context trace id: 32 lower-case hex digits, not all zero (https://www.w3.org/TR/trace-context/). */
export const traceIdSchema = z
  .string()
  .regex(/^(?!0{32})[0-9a-f]{32}$/, { error: 'must be 32 lower-case hex digits' })
  .brand<'TraceId'>();

export type RunId = z.infer<typeof runIdSchema>;
export type TaskId = z.infer<typeof taskIdSchema>;
export type AttemptId = z.infer<typeof attemptIdSchema>;
export type ApprovalId = z.infer<typeof approvalIdSchema>;
export type PermissionId = z.infer<typeof permissionIdSchema>;
export type PermissionRuleId = z.infer<typeof permissionRuleIdSchema>;
export type AgentId = z.infer<typeof agentIdSchema>;
export type ScheduleId = z.infer<typeof scheduleIdSchema>;
export type BreakerId = z.infer<typeof breakerIdSchema>;
export type WorkflowHash = z.infer<typeof workflowHashSchema>;
export type TraceId = z.infer<typeof traceIdSchema>;
