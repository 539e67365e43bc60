import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Agent } from '../../src-main/contract/agent.ts';
import type { AgentId } from '../../src-main/contract/ids.ts';
import { agentIdSchema } from '../../src-main/contract/ids.ts';
import type { AgentSelector } from '../../src-main/contract/workflow.ts';
import type { LiveCounts } from '../../src-main/core/agent-roster.ts';
import { freeSlots, matchesSelector, selectAgent, unavailableBecause } from '../../src-main/core/agent-roster.ts';
import { agentDefinition, agentRow, taskRow, taskSpec } from '../support/samples.ts';

function agentNamed(id: string, repositories: string[] = []): Agent {
  return agentRow({ definition: agentDefinition({ id, repositories }) });
}

describe('R39 the agents that a selector asks for', () => {
  const coder = agentRow({ definition: agentDefinition({ id: 'claude', type: 'coder', capabilities: ['ts', 'sql'] }) });
  const id = agentIdSchema.parse('claude');
  test.each<[string, AgentSelector, boolean]>([
    ['its type', { type: 'coder', capabilities: [] }, true],
    ['another type', { type: 'tester', capabilities: [] }, false],
    ['its id', { id, capabilities: [] }, true],
    ['another id', { id: agentIdSchema.parse('codex'), capabilities: [] }, false],
    ['its id and another type', { id, type: 'tester', capabilities: [] }, false],
    ['capabilities that it has', { type: 'coder', capabilities: ['sql', 'ts'] }, true],
    ['a capability that it has not', { type: 'coder', capabilities: ['ts', 'rust'] }, false],
  ])('are known by %s: %#', (_what, selector, expected) => {
    expect(matchesSelector(coder, selector, null)).toBe(expected);
  });
});

describe('an agent that a project brings', () => {
  const helper = agentRow({ definition: agentDefinition({ id: 'helper', project: '/work/app' }) });
  const selector: AgentSelector = { type: 'worker', capabilities: [] };

  it('gets the work of its project, and no other', () => {
    expect(matchesSelector(helper, selector, '/work/app')).toBe(true);
    for (const project of ['/work', '/work/app/inner', null, undefined]) {
      expect(matchesSelector(helper, selector, project)).toBe(false);
    }
  });

  it('is preferred there, also to one that knows the folder', () => {
    const general = { agent: agentNamed('general', ['/work/app']) };
    const own = { agent: helper };
    const task = taskRow({ spec: taskSpec({ folder: '/work/app', project: '/work/app' }) });
    expect(selectAgent(general, [own], task, () => 0)).toBe(own);
    expect(selectAgent(own, [general], task, () => 0)).toBe(own);
  });
});

describe('why an agent takes no work', () => {
  const now = 10_000;
  test.each<[string, Partial<Agent>, string | null]>([
    ['idle', { state: 'idle' }, null],
    ['busy: slots are not looked at', { state: 'busy' }, null],
    ['starting', { state: 'starting' }, null],
    ['stopped, and started by work', { state: 'stopped' }, null],
    [
      'stopped by a person',
      { state: 'stopped', startsOnDemand: false, reason: 'too loud' },
      'agent worker was stopped by a person (too loud)',
    ],
    [
      'stopped by a person who gave no reason',
      { state: 'stopped', startsOnDemand: false },
      'agent worker was stopped by a person (no reason given)',
    ],
    ['draining', { state: 'draining', reason: 'lunch' }, 'agent worker is draining (lunch)'],
    ['disabled', { state: 'disabled' }, 'agent worker is disabled'],
    ['unhealthy', { state: 'unhealthy', reason: 'silent' }, 'agent worker is unhealthy (silent)'],
    ['crashed, and its delay is over', { state: 'crashed', restartAt: now }, null],
    [
      'crashed a moment ago',
      { state: 'crashed', restartAt: now + 1_001 },
      'agent worker crashed and is started again in 2 s',
    ],
    [
      'crashed too often',
      { state: 'crashed', crashesInRow: 5, reason: 'SIGSEGV' },
      'agent worker crashed 5 times in a row and waits for a person to start it (SIGSEGV)',
    ],
    [
      'crashed too often, nobody knows why',
      { state: 'crashed', crashesInRow: 5 },
      'agent worker crashed 5 times in a row and waits for a person to start it (no reason kept)',
    ],
  ])('%s', (_what, change, expected) => {
    expect(unavailableBecause(agentRow(change), now, { heldBecause: () => null })).toBe(expected);
  });
});

describe('R28 the slots that an agent has left', () => {
  const live = (total: number, ofType: number, ofAgent: number): LiveCounts => ({
    total,
    ofType: () => ofType,
    ofAgent: () => ofAgent,
  });
  const agent = agentRow({ definition: agentDefinition({ type: 'coder', slots: 4 }) });

  it('are the least of its own, its type’s and all', () => {
    expect([
      freeSlots(agent, live(1, 1, 1), { total: 16, perType: {} }),
      freeSlots(agent, live(1, 1, 1), { total: 16, perType: { coder: 2, tester: 1 } }),
      freeSlots(agent, live(14, 1, 1), { total: 16, perType: { coder: 9 } }),
      freeSlots(agent, live(3, 3, 3), { total: 2, perType: {} }),
    ]).toEqual([3, 1, 2, 0]);
  });

  it('are not limited by what every object inherits', () => {
    const odd = agentRow({ definition: agentDefinition({ type: 'constructor', slots: 4 }) });
    expect(freeSlots(odd, live(0, 0, 0), { total: 16, perType: {} })).toBe(4);
  });

  it('I7 never let a limit be passed, whatever the numbers are', () => {
    const count = fc.nat(50);
    fc.assert(
      fc.property(count, count, count, count, count, (total, ofType, ofAgent, limit, typeLimit) => {
        const free = freeSlots(agent, live(total, ofType, ofAgent), { total: limit, perType: { coder: typeLimit } });
        expect(free).toBeGreaterThanOrEqual(0);
        if (free > 0) {
          expect(ofAgent + free).toBeLessThanOrEqual(4);
          expect(ofType + free).toBeLessThanOrEqual(typeLimit);
          expect(total + free).toBeLessThanOrEqual(limit);
        }
      }),
    );
  });
});

describe('R39 the choice among agents', () => {
  const inFolder = (folder: string) => taskRow({ spec: taskSpec({ folder }) });
  const uses = (used: Readonly<Record<string, number>>) => (id: AgentId) => used[id] ?? 0;
  type Some = readonly [Agent, ...Agent[]];
  const choose = ([first, ...others]: Some, folder: string, used: Readonly<Record<string, number>> = {}) => {
    const seats = others.map((agent) => ({ agent }));
    return selectAgent({ agent: first }, seats, inFolder(folder), uses(used)).agent.id;
  };

  it('is the one used longest ago, and the first of those never used', () => {
    const agents: Some = [agentNamed('a'), agentNamed('b'), agentNamed('c')];
    expect(choose(agents, '/work', { a: 7, b: 3, c: 5 })).toBe('b');
    expect(choose(agents, '/work', { a: 7 })).toBe('b');
  });

  it.each(['/repo', '/repo/packages/core', '/repo\\packages'])(
    'is one that knows the folder %s, used or not',
    (folder) => {
      const agents: Some = [agentNamed('a'), agentNamed('b', ['/other', '/repo']), agentNamed('c')];
      expect(choose(agents, folder, { b: 9 })).toBe('b');
    },
  );

  it('is not one that knows a folder whose name only begins alike', () => {
    expect(choose([agentNamed('a'), agentNamed('b', ['/repo'])], '/repository', { b: 9 })).toBe('a');
  });

  it('is the one used longest ago among those that know the folder', () => {
    const agents: Some = [agentNamed('a', ['/repo']), agentNamed('b'), agentNamed('c', ['/repo'])];
    expect(choose(agents, '/repo', { a: 2, c: 1 })).toBe('c');
  });
});
