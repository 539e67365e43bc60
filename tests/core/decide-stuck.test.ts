import { describe, expect, it } from 'vitest';
import type { StuckPolicy, WatchdogRung } from '../../src-main/contract/policies.ts';
import { settingsSchema } from '../../src-main/contract/settings.ts';
import { decideStuck, gotStuckBefore, stuckEvidence, stuckPolicyOf } from '../../src-main/core/decide-stuck.ts';
import { agentDefinition, runningTask } from '../support/samples.ts';

const policy: StuckPolicy = { silentMs: 60_000, stepMs: 10_000, upTo: 'park' };
const { watchdog } = settingsSchema.parse({});
const process = { pid: 123, startMark: '1' };

describe('the policy of an attempt', () => {
  it('is that of its agent, or else that of the settings for its protocol', () => {
    expect(stuckPolicyOf(agentDefinition({ protocol: 'acp' }), watchdog, undefined)).toBe(watchdog.agents);
    expect(stuckPolicyOf(agentDefinition({ protocol: 'command' }), watchdog, undefined)).toBe(watchdog.commands);
    expect(stuckPolicyOf(agentDefinition({ protocol: 'shell', command: [] }), watchdog, undefined)).toBe(
      watchdog.commands,
    );
    expect(stuckPolicyOf(agentDefinition({ watchdog: policy }), watchdog, undefined)).toBe(policy);
  });

  it('what the project of the work says otherwise holds for what its agent leaves open', () => {
    const project = { agents: { silentMs: 1 }, commands: { stepMs: 2, upTo: 'stop' as const } };
    expect(stuckPolicyOf(agentDefinition({ protocol: 'acp' }), watchdog, project)).toEqual({
      ...watchdog.agents,
      silentMs: 1,
    });
    expect(stuckPolicyOf(agentDefinition({ protocol: 'command' }), watchdog, project)).toEqual({
      ...watchdog.commands,
      stepMs: 2,
      upTo: 'stop',
    });
    expect(stuckPolicyOf(agentDefinition({ watchdog: policy }), watchdog, project)).toBe(policy);
    expect(stuckPolicyOf(agentDefinition(), watchdog, { agents: {} })).toBe(watchdog.agents);
  });
});

describe('what the watchdog does next', () => {
  it('R18 suspects an attempt shortly before its time is up, then flags it when it is', () => {
    expect(decideStuck(policy, { stage: 'active', silentMs: 0, stageMs: 0 })).toEqual({
      next: 'suspected',
      inMs: 58_000,
    });
    expect(decideStuck(policy, { stage: 'suspected', silentMs: 58_500, stageMs: 500 })).toEqual({
      next: 'notice',
      inMs: 1_500,
    });
  });

  it('measures for half of the time at most', () => {
    const hasty = { ...policy, silentMs: 1_000 };
    expect(decideStuck(hasty, { stage: 'active', silentMs: 200, stageMs: 0 })).toEqual({
      next: 'suspected',
      inMs: 300,
    });
  });

  it('gives each rung its time before the next one', () => {
    expect(decideStuck(policy, { stage: 'notice', silentMs: 64_000, stageMs: 4_000 })).toEqual({
      next: 'stop',
      inMs: 6_000,
    });
    expect(decideStuck(policy, { stage: 'stop', silentMs: 99_000, stageMs: 12_000 })).toEqual({
      next: 'restart',
      inMs: -2_000,
    });
    expect(decideStuck(policy, { stage: 'restart', silentMs: 99_000, stageMs: 12_000 })).toBeNull();
  });

  it.each<[WatchdogRung, boolean, boolean]>([
    ['notice', false, false],
    ['stop', true, false],
    ['restart', true, true],
    ['park', true, true],
  ])('goes up to %s and no further', (upTo, stops, restarts) => {
    const next = (stage: 'notice' | 'stop') =>
      decideStuck({ ...policy, upTo }, { stage, silentMs: 99_000, stageMs: 0 });
    expect([next('notice') !== null, next('stop') !== null]).toEqual([stops, restarts]);
  });

  it('does nothing where nobody watches', () => {
    expect(decideStuck({ ...policy, silentMs: 0 }, { stage: 'active', silentMs: 99_000, stageMs: 0 })).toBeNull();
  });
});

describe('the evidence', () => {
  it('says when something was done last, what lives, and how much it computes', () => {
    const facts = { silentMs: 62_100, process, isThere: true, percent: 0.3 };
    expect(stuckEvidence(facts)).toBe('last activity 62 s ago, process 123 alive, 0.3 % of a core');
    expect(stuckEvidence({ ...facts, percent: 97 })).toBe(
      'last activity 62 s ago, process 123 alive, 97 % of a core: it computes',
    );
  });

  it('says no more than is known', () => {
    const facts = { silentMs: 1_240, process, isThere: true, percent: null };
    expect(stuckEvidence(facts)).toBe('last activity 1.2 s ago, process 123 alive');
    expect(stuckEvidence({ ...facts, isThere: false })).toBe('last activity 1.2 s ago, process 123 not found');
    expect(stuckEvidence({ ...facts, isThere: null })).toBe('last activity 1.2 s ago, process 123');
    expect(stuckEvidence({ ...facts, process: null })).toBe(
      'last activity 1.2 s ago, no process has taken the work yet',
    );
  });
});

describe('whether a task got stuck before', () => {
  const failure = { category: 'stuck' as const, class: 'transient' as const, message: 'stuck' };
  const attempt = (number: number, change: object) => ({ ...runningTask().attempt, number, ...change });
  const stuck = attempt(1, { state: 'failed', failure });

  it('looks at the try before, and passes over tries that were interrupted', () => {
    const interrupted = attempt(2, { state: 'interrupted', failure: { ...failure, category: 'engine' } });
    expect(gotStuckBefore([stuck, attempt(2, {})], 2)).toBe(true);
    expect(gotStuckBefore([stuck, interrupted, attempt(3, {})], 3)).toBe(true);
  });

  it('forgets it after a try that ended otherwise, and knows of none before the first', () => {
    const failed = attempt(2, { state: 'failed', failure: { ...failure, category: 'exit' } });
    expect(gotStuckBefore([stuck, failed, attempt(3, {})], 3)).toBe(false);
    expect(gotStuckBefore([stuck, attempt(2, { state: 'completed' }), attempt(3, {})], 3)).toBe(false);
    expect(gotStuckBefore([stuck], 1)).toBe(false);
  });
});
