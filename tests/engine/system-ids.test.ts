import { expect, test } from 'vitest';
import {
  approvalIdSchema,
  attemptIdSchema,
  permissionIdSchema,
  permissionRuleIdSchema,
  runIdSchema,
  taskIdSchema,
  traceIdSchema,
} from '../../src-main/contract/ids.ts';
import { createSystemIds } from '../../src-main/engine/system-ids.ts';

test('every kind of id fits the contract', () => {
  const ids = createSystemIds(() => 1_700_000_000_000);
  expect(runIdSchema.parse(ids.runId())).toMatch(/^run_01/);
  expect(taskIdSchema.parse(ids.taskId())).toMatch(/^task_/);
  expect(attemptIdSchema.parse(ids.attemptId())).toMatch(/^attempt_/);
  expect(approvalIdSchema.parse(ids.approvalId())).toMatch(/^approval_/);
  expect(permissionIdSchema.parse(ids.permissionId())).toMatch(/^permission_/);
  expect(permissionRuleIdSchema.parse(ids.permissionRuleId())).toMatch(/^rule_/);
  expect(traceIdSchema.parse(ids.traceId())).toHaveLength(32);
  expect(ids.requestId()).not.toBe(ids.requestId());
  expect(ids.random()).toBeLessThan(1);
});

test('ids sort by creation, within a millisecond, over time, and when the clock is set back', () => {
  let now = 1_700_000_000_000;
  const ids = createSystemIds(() => now);
  const made: string[] = [];
  for (let index = 0; index < 3_000; index += 1) {
    if (index === 1_000) now += 5;
    if (index === 2_000) now -= 60_000;
    made.push(ids.taskId());
  }
  expect(made.toSorted()).toEqual(made);
  expect(new Set(made).size).toBe(made.length);
});

test('the time is in the id, as the ULID specification has it', () => {
  expect(createSystemIds(() => 1_469_918_176_385).runId()).toMatch(/^run_01aryz6s41/);
});

test('two engines that start in the same millisecond make different ids', () => {
  const at = () => 5;
  expect(createSystemIds(at).runId()).not.toBe(createSystemIds(at).runId());
});
