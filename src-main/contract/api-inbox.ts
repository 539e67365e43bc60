import { z } from 'zod';
import { done, empty, next, page } from './api-page.ts';
import { approvalSchema } from './approval.ts';
import { approvalIdSchema, permissionIdSchema, permissionRuleIdSchema } from './ids.ts';
import { permissionRuleSchema, permissionSchema } from './permission.ts';
import { approvalStates, permissionStates } from './states.ts';

const comment = z.string().max(10_000).optional();

export const inboxEntries = {
  listApprovals: {
    change: false,
    input: z.strictObject({ ...page, states: z.array(z.enum(approvalStates)).optional() }),
    output: z.object({ approvals: z.array(approvalSchema), next }),
  },
  answerApproval: {
    change: true,
    input: z.strictObject({
      approvalId: approvalIdSchema,
      answer: z.enum(['approved', 'rejected']),
      comment,
    }),
    output: approvalSchema,
  },
  /** What agents asked a person for, newest first. */
  listPermissions: {
    change: false,
    input: z.strictObject({ ...page, states: z.array(z.enum(permissionStates)).optional() }),
    output: z.object({ permissions: z.array(permissionSchema), next }),
  },
  /** `always` also stores a rule: the same answer for this agent and kind of tool from now on, without being asked. */
  answerPermission: {
    change: true,
    input: z.strictObject({
      permissionId: permissionIdSchema,
      /** Id of one of the permission's options. */
      optionId: z.string().min(1).max(1_000),
      always: z.boolean().default(false),
      comment,
    }),
    output: permissionSchema,
  },
  listPermissionRules: { change: false, input: empty, output: z.object({ rules: z.array(permissionRuleSchema) }) },
  removePermissionRule: { change: true, input: z.strictObject({ ruleId: permissionRuleIdSchema }), output: done },
} as const;
