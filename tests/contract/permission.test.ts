import { describe, expect, it } from 'vitest';
import type { NewEvent } from '../../src-main/contract/event.ts';
import { evolvePermission, evolvePermissionRule } from '../../src-main/contract/evolve-permission.ts';
import type { PermissionOption } from '../../src-main/contract/permission.ts';
import { answerOf, optionFor, permissionOptionKinds } from '../../src-main/contract/permission.ts';
import { countingIds } from '../support/counting-ids.ts';
import { permissionRow } from '../support/samples.ts';

const open = permissionRow();
const { id: permissionId, attemptId, taskId, runId, stage, agentId } = open;
const about = { at: 700, actor: 'engine' as const, permissionId, attemptId, taskId, runId, agentId };

function offer(...kinds: PermissionOption['kind'][]): PermissionOption[] {
  return kinds.map((kind, index) => ({ id: `id-${index}`, kind, name: `Option ${index}` }));
}

describe('a permission', () => {
  it('is open from the moment it was requested', () => {
    const { callId, tool, title, detail, options, expiresAt } = open;
    const told = { callId, tool, title, detail, options, expiresAt };
    const requested: NewEvent = { ...about, kind: 'permission.requested', stage, ...told };
    expect(evolvePermission(null, requested)).toEqual({ ...open, requestedAt: 700 });
  });

  it('keeps who answered what, and when', () => {
    const [answer = null] = open.options;
    const end = { state: 'answered' as const, answer, by: 'person' as const, comment: 'fine' };
    const after = { state: 'answered', answer, answeredBy: 'person', comment: 'fine', answeredAt: 700 };
    expect(evolvePermission(open, { ...about, kind: 'permission.answered', ...end })).toEqual({ ...open, ...after });
  });
});

it('a rule is there from when it was added until it is removed', () => {
  const ruleId = countingIds().permissionRuleId();
  const added: NewEvent = {
    at: 700,
    actor: 'person',
    kind: 'permission.ruleAdded',
    ruleId,
    agentId,
    tool: 'edit',
    answer: 'allow',
  };
  const rule = evolvePermissionRule(null, added);
  expect(rule).toEqual({ id: ruleId, agentId, tool: 'edit', answer: 'allow', addedAt: 700 });
  const removed: NewEvent = { at: 800, actor: 'person', kind: 'permission.ruleRemoved', ruleId, agentId, reason: 'no' };
  expect(evolvePermissionRule(rule, removed)).toBeNull();
});

describe('the option that fits an answer', () => {
  it('is chosen by its kind, and once comes before always', () => {
    expect(optionFor('allow', offer('reject_once', 'allow_always', 'allow_once'))?.id).toBe('id-2');
    expect(optionFor('allow', offer('reject_once', 'allow_always'))?.id).toBe('id-1');
    expect(optionFor('reject', offer('allow_once', 'reject_always', 'reject_once'))?.id).toBe('id-2');
  });

  it('is none where the agent offers none: never is more allowed than was asked for', () => {
    expect(optionFor('reject', offer('allow_once', 'allow_always'))).toBeNull();
    expect(optionFor('allow', [])).toBeNull();
  });

  it('says what a rule would have to say', () => {
    const answers = offer(...permissionOptionKinds).map(answerOf);
    expect(answers).toEqual(['allow', 'allow', 'reject', 'reject']);
  });
});
