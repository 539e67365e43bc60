import { describe, expect, it } from 'vitest';
import type { AgentView } from '../../../src-main/contract/api-agents.ts';
import { agentIdSchema } from '../../../src-main/contract/ids.ts';
import { agentStates, agentTransitions, mayFollow } from '../../../src-main/contract/states.ts';
import {
  actionsFor,
  cpuWords,
  inOrder,
  interrupts,
  matching,
  pidWords,
  successRate,
} from '../../../src-renderer/features/agents/agent-words.ts';
import { agentDefinition } from '../../support/samples.ts';

const acp = agentDefinition();

function agent(id: string, state: AgentView['state']): AgentView {
  const definition = agentDefinition({ id: agentIdSchema.parse(id), title: id });
  return { ...({} as AgentView), id: definition.id, definition, state, heldBecause: null };
}

describe('what can be asked of an agent', () => {
  it('is never what its state does not allow', () => {
    const leadsTo = {
      stop: 'stopped',
      restart: 'stopped',
      drain: 'draining',
      disable: 'disabled',
      enable: 'stopped',
    } as const;
    for (const state of agentStates) {
      for (const action of actionsFor({ state, definition: acp })) {
        if (action !== 'start') expect(mayFollow(agentTransitions, state, leadsTo[action])).toBe(true);
      }
    }
  });

  it('is to start what is down, and to enable what is disabled', () => {
    expect(actionsFor({ state: 'crashed', definition: acp })).toContain('start');
    expect(actionsFor({ state: 'disabled', definition: acp })).toEqual(['enable']);
  });

  it('is no restart where each task has a process of its own', () => {
    const command = agentDefinition({ protocol: 'command' });
    expect(actionsFor({ state: 'idle', definition: command })).toEqual(['stop', 'drain', 'disable']);
  });

  it('is asked about only when it ends work', () => {
    expect(interrupts('stop', 1)).toBe(true);
    expect(interrupts('stop', 0)).toBe(false);
    expect(interrupts('drain', 3)).toBe(false);
  });
});

describe('numbers of an agent', () => {
  it('are dashes until there are any', () => {
    expect(successRate({ completed: 0, failed: 0 })).toBeNull();
    expect(cpuWords(null)).toBe('–');
    expect(cpuWords({ cpuPercent: null, memoryBytes: 1 })).toBe('–');
    expect(pidWords([])).toBe('–');
  });

  it('are written as people read them', () => {
    expect(successRate({ completed: 3, failed: 1 })).toBe(0.75);
    expect(cpuWords({ cpuPercent: 3.25, memoryBytes: 1 })).toBe('3.3 %');
    expect(cpuWords({ cpuPercent: 210.4, memoryBytes: 1 })).toBe('210 %');
    expect(
      pidWords([
        { pid: 4, startMark: 'a' },
        { pid: 7, startMark: 'b' },
      ]),
    ).toBe('4, 7');
  });
});

describe('a list of agents', () => {
  it('begins with those that need somebody, then those that work', () => {
    const agents = [
      agent('b', 'idle'),
      agent('off', 'disabled'),
      agent('a', 'stopped'),
      agent('w', 'busy'),
      agent('x', 'crashed'),
    ];
    expect(inOrder(agents).map(({ id }) => id)).toEqual(['x', 'w', 'a', 'b', 'off']);
  });

  it('begins with one that a circuit breaker keeps work from', () => {
    const agents = [agent('a', 'busy'), { ...agent('b', 'idle'), heldBecause: 'its circuit breaker is open' }];
    expect(inOrder(agents).map(({ id }) => id)).toEqual(['b', 'a']);
  });

  it('is searched in ids, types, states and capabilities', () => {
    const agents = [agent('alpha', 'idle'), agent('beta', 'crashed')];
    expect(matching(agents, ' CRASH ').map(({ id }) => id)).toEqual(['beta']);
    expect(matching(agents, '')).toHaveLength(2);
    expect(matching(agents, 'nothing')).toEqual([]);
  });
});
