import {
  approvalIdSchema,
  attemptIdSchema,
  permissionIdSchema,
  permissionRuleIdSchema,
  runIdSchema,
  taskIdSchema,
  traceIdSchema,
} from '../../src-main/contract/ids.ts';
import type { IdSource } from '../../src-main/core/ports.ts';

/** Ids that count up, so that a failing test reads the same every time; `random` is always one half. */
export function countingIds(): IdSource {
  let count = 0;
  const next = (width: number) => {
    count += 1;
    return String(count).padStart(width, '0');
  };
  return {
    runId: () => runIdSchema.parse(`run_${next(26)}`),
    taskId: () => taskIdSchema.parse(`task_${next(26)}`),
    attemptId: () => attemptIdSchema.parse(`attempt_${next(26)}`),
    approvalId: () => approvalIdSchema.parse(`approval_${next(26)}`),
    permissionId: () => permissionIdSchema.parse(`permission_${next(26)}`),
    permissionRuleId: () => permissionRuleIdSchema.parse(`rule_${next(26)}`),
    traceId: () => traceIdSchema.parse(next(32)),
    requestId: () => `request-${next(6)}`,
    random: () => 0.5,
  };
}
