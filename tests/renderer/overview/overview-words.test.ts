import { describe, expect, it } from 'vitest';
import type { AgentView } from '../../../src-main/contract/api-agents.ts';
import type { HealthSignals } from '../../../src-main/core/health.ts';
import { judgeHealth } from '../../../src-main/core/health.ts';
import {
  agentsInTrouble,
  placeOfReason,
  stageToName,
  trackWords,
  unsaid,
} from '../../../src-renderer/features/overview/overview-words.ts';

function agent(id: string, state: AgentView['state'], stateSince: number): AgentView {
  // Only what the overview looks at.
  return { id, state, stateSince, reason: null } as AgentView;
}

const calm: HealthSignals = {
  frozen: null,
  agents: [],
  slots: { used: 0, total: 4 },
  longestWaitMs: null,
  deadTasks: 0,
  storeTrouble: null,
  partsInTrouble: [],
  breakers: [],
  stuck: [],
  lateMs: null,
  now: 1_000_000,
  freeBytes: null,
  dataFolder: '/data',
};

function reasonsOf(signals: Partial<HealthSignals>) {
  return judgeHealth({ ...calm, ...signals }).reasons;
}

it('dead agents come before sick ones, and those that wait longest first', () => {
  const agents = [
    agent('a', 'unhealthy', 1),
    agent('b', 'crashed', 3),
    agent('c', 'idle', 0),
    agent('d', 'crashed', 2),
  ];
  expect(agentsInTrouble(agents).map(({ id }) => id)).toEqual(['d', 'b', 'a']);
});

describe('a track', () => {
  const stages = [
    { name: 'one', state: 'completed' },
    { name: 'two', state: 'running' },
    { name: 'three', state: 'waiting' },
    { name: 'four', state: 'pending' },
  ] as const;

  it('says first what waits for a person, then what runs, then what comes', () => {
    expect(stageToName(stages)?.name).toBe('three');
    expect(stageToName(stages.slice(0, 2))?.name).toBe('two');
    expect(stageToName(stages.slice(3))?.name).toBe('four');
    expect(stageToName(stages.slice(0, 1))).toBeNull();
  });

  it('is told in words to those who do not see it', () => {
    expect(trackWords(stages)).toBe('1 of 4 stages ended, three waiting');
    expect(trackWords(stages.slice(3))).toBe('0 of 1 stage ended');
  });
});

describe('R67: the engine’s reasons', () => {
  it('lead to where they can be looked into', () => {
    const crashed = { id: 'claude', state: 'crashed', reason: null, restartAt: null, awaited: false };
    const agents = [crashed] as unknown as HealthSignals['agents'];
    expect(reasonsOf({ agents }).map(placeOfReason)).toEqual(['/agents/claude']);
    expect(reasonsOf({ deadTasks: 1 }).map(placeOfReason)).toEqual(['/queue/dead']);
    expect(reasonsOf({ deadTasks: 2 }).map(placeOfReason)).toEqual(['/queue/dead']);
    expect(reasonsOf({ longestWaitMs: 3_600_000 }).map(placeOfReason)).toEqual(['/queue']);
    expect(reasonsOf({ longestWaitMs: 3_600_000, slots: { used: 4, total: 4 } }).map(placeOfReason)).toEqual([
      '/settings/limits',
    ]);
    expect(reasonsOf({ freeBytes: 1 }).map(placeOfReason)).toEqual(['/settings/doctor']);
    expect(placeOfReason({ state: 'unhealthy', message: 'Something else.', remedy: '' })).toBeNull();
  });

  it('are not said twice: neither a freeze, nor a dead agent, nor dead letters', () => {
    const crashed = { id: 'claude', state: 'crashed', reason: null, restartAt: null, awaited: false };
    const agents = [crashed] as unknown as HealthSignals['agents'];
    const reasons = reasonsOf({ agents, deadTasks: 2, frozen: 'lunch' });
    const left = unsaid(reasons, [agent('claude', 'crashed', 1)], { deadTasks: 2, isFrozen: true });
    expect(left.reasons).toHaveLength(2);
    expect(left.agents).toEqual([]);
    expect(left.hasDeadLetters).toBe(false);
  });

  it('do not hide what the engine has not said yet', () => {
    const left = unsaid([], [agent('claude', 'crashed', 1)], { deadTasks: 1, isFrozen: false });
    expect(left.agents.map(({ id }) => id)).toEqual(['claude']);
    expect(left.hasDeadLetters).toBe(true);
  });
});
