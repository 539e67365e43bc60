import { describe, expect, it } from 'vitest';
import { answerPermission } from '../../../src-main/agents/acp/permission-policy.ts';
import type { PermissionKind } from '../../../src-main/agents/acp/protocol.ts';

function options(...kinds: PermissionKind[]) {
  return kinds.map((kind, index) => ({ id: `id-${index}`, kind, name: `Option ${index}` }));
}

describe('R47 the answer to a permission question', () => {
  it('allows this once, by kind and not by id or place', () => {
    const offered = options('reject_once', 'allow_always', 'allow_once');
    expect(answerPermission('allow', offered)).toMatchObject({ optionId: 'id-2' });
  });

  it('allows for ever only where once is not offered', () => {
    expect(answerPermission('allow', options('reject_once', 'allow_always'))).toMatchObject({ optionId: 'id-1' });
  });

  it('rejects once, or for ever where once is not offered', () => {
    expect(answerPermission('reject', options('allow_once', 'reject_always', 'reject_once'))).toMatchObject({
      optionId: 'id-2',
    });
    expect(answerPermission('reject', options('allow_once', 'reject_always'))).toMatchObject({ optionId: 'id-1' });
  });

  it('never allows what it should reject: without a fitting option the question is cancelled', () => {
    expect(answerPermission('reject', options('allow_once', 'allow_always'))).toEqual({
      optionId: null,
      answer: "cancelled: no option fits the agent's policy",
    });
    expect(answerPermission('allow', [])).toMatchObject({ optionId: null });
  });
});
