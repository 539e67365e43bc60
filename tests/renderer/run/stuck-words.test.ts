import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../../../src-main/contract/settings.ts';
import { runEvidence } from '../../../src-renderer/features/run/evidence.ts';
import { graphStages } from '../../../src-renderer/features/run/run-stages.ts';
import { isStuck, nextWords, policyOf, rungWord, stuckTitle } from '../../../src-renderer/features/run/stuck-words.ts';
import { timelineRows } from '../../../src-renderer/features/run/timeline-rows.ts';
import { agentDefinition, runningTask, runRow, stageRow, stageSpec, workflowOf } from '../../support/samples.ts';

const stuck = { since: 1_000, rung: 'notice', evidence: 'last activity 62 s ago, process 123 alive' } as const;
const { task, attempt } = runningTask({ stage: 'build' });
const lazy = { ...attempt, stage: 'build', stuck } as const;

describe('an attempt that does nothing', () => {
  it('is stuck until it ends, and does something again', () => {
    expect(isStuck(lazy)).toBe(true);
    expect(isStuck({ ...lazy, stuck: null })).toBe(false);
    expect(isStuck({ ...lazy, state: 'timed_out' })).toBe(false);
  });

  it('is shown with how long it has done nothing, in the run, on its block and on the time axis', () => {
    const run = runRow({ stages: [stageRow('build', { state: 'running', taskId: task.id, startedAt: 1_000 })] });
    const known = { tasks: [task], attempts: [lazy], signs: new Map(), waitingBecause: null, asked: 0 };
    expect(runEvidence(run, known, 63_000)).toMatch(/^did nothing for 1 min 02 s · /);
    const two = [lazy, { ...lazy, stage: 'test' }, { ...lazy, stuck: null }];
    expect(runEvidence(run, { ...known, attempts: two }, 63_000)).toMatch(
      /^build did nothing for 1 min 02 s, and 1 more · /,
    );
    const definition = workflowOf([stageSpec('build')]);
    const work = { run, definition, tasks: [task], attempts: [lazy], approvals: [], lastSeq: 1 };
    const [block] = graphStages(work, { agents: new Map(), asking: new Set(), now: 63_000 });
    expect(block).toMatchObject({ isStuck: true });
    const rows = timelineRows(work, []).filter(({ kind }) => kind !== 'run');
    expect(rows).toMatchObject([
      { kind: 'stage', about: 'running, stuck', tone: 'waiting' },
      { kind: 'attempt', about: expect.stringMatching(/, stuck$/), tone: 'waiting' },
    ]);
  });

  it('has a title that says for how long', () => {
    expect(stuckTitle(1_000, 303_000)).toBe('Did nothing for 5 min 02 s');
  });
});

describe('what the watchdog does next', () => {
  const policy = { silentMs: 300_000, stepMs: 60_000, upTo: 'park' } as const;

  it.each([
    ['notice', 'Noticed', /1 min 00 s, it is asked to stop/],
    ['stop', 'Asked to stop', /after 1 min 00 s, its process is ended/],
    ['restart', 'Ended, to be tried again', /set aside for you/],
    ['park', 'Set aside for you', /waits for you/],
  ] as const)('after %s is said as far as the policy goes', (rung, word, next) => {
    expect(rungWord(rung)).toBe(word);
    expect(nextWords(rung, policy)).toMatch(next);
  });

  it('is nothing after the last step of the policy', () => {
    expect(nextWords('notice', { ...policy, upTo: 'notice' })).toMatch(/^Nothing follows/);
    expect(nextWords('stop', { ...policy, upTo: 'stop' })).toMatch(/^Nothing follows/);
    expect(nextWords('restart', { ...policy, upTo: 'restart' })).toMatch(/retry policy/);
  });

  it('is what the agent says, or else the settings for its protocol', () => {
    const { watchdog } = settingsSchema.parse({});
    expect(policyOf(agentDefinition({ watchdog: policy }), watchdog)).toBe(policy);
    expect(policyOf(agentDefinition({ protocol: 'acp' }), watchdog)).toBe(watchdog.agents);
    expect(policyOf(agentDefinition({ protocol: 'command' }), watchdog)).toBe(watchdog.commands);
  });
});
