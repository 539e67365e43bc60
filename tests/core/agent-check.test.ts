import { describe, expect, test } from 'vitest';
import { agentIdSchema } from '../../src-main/contract/ids.ts';
import type { AgentSelector } from '../../src-main/contract/workflow.ts';
import { checkSelector, nameSelector } from '../../src-main/core/agent-check.ts';
import { agentDefinition, agentRow } from '../support/samples.ts';

const agents = [
  agentRow({ definition: agentDefinition({ id: 'claude', type: 'coder', capabilities: ['ts'] }) }),
  agentRow({ definition: agentDefinition({ id: 'codex', type: 'coder' }) }),
  agentRow({ definition: agentDefinition({ id: 'checker', type: 'validation' }) }),
];
const named = (id: string): AgentSelector => ({ id: agentIdSchema.parse(id), capabilities: [] });

describe('R09 an agent that work asks for', () => {
  test.each<[string, AgentSelector]>([
    ['by its type', { type: 'coder', capabilities: [] }],
    ['by its id', named('codex')],
    ['by what it can do', { type: 'coder', capabilities: ['ts'] }],
  ])('is there: %s', (_how, selector) => {
    expect(checkSelector(agents, selector, 'agent', null)).toEqual({ ok: true, value: null });
  });

  const cases: readonly [string, AgentSelector, string, string][] = [
    [
      'a mistyped type',
      { type: 'validatoin', capabilities: [] },
      'No agent matches agent type validatoin. Did you mean validation?',
      'coder, validation',
    ],
    [
      'an unknown type',
      { type: 'painter', capabilities: [] },
      'No agent matches agent type painter.',
      'coder, validation',
    ],
    ['a mistyped id', named('cladue'), 'No agent matches agent cladue. Did you mean claude?', 'checker, claude, codex'],
    [
      'a capability that no agent of the type has',
      { type: 'coder', capabilities: ['ts', 'rust'] },
      'No agent matches agent type coder with ts, rust.',
      'coder, validation',
    ],
  ];
  test.each(cases)('is refused with its name and what is there: %s', (_what, selector, message, known) => {
    expect(checkSelector(agents, selector, 'tasks[0].agent', null)).toEqual({
      ok: false,
      error: {
        type: 'invalidInput',
        message,
        remedy: `Use one of: ${known}; or add an agent: signalbox agents add`,
        field: 'tasks[0].agent',
      },
    });
  });

  test('is refused when there are no agents at all', () => {
    expect(checkSelector([], named('claude'), 'agent', null)).toMatchObject({
      error: { remedy: 'Use one of: none yet; or add an agent: signalbox agents add' },
    });
  });
});

test('a selector is named by the agent it wants, and what that must be able to do', () => {
  expect([
    nameSelector({ type: 'coder', capabilities: [] }),
    nameSelector({ ...named('claude'), type: 'coder', capabilities: ['ts', 'sql'] }),
  ]).toEqual(['agent type coder', 'agent claude with ts, sql']);
});
