import { describe, expect, it } from 'vitest';
import type { Run } from '../../../src-main/contract/run.ts';
import type { Known, Sign } from '../../../src-renderer/features/run/evidence.ts';
import { attemptWords, runEvidence } from '../../../src-renderer/features/run/evidence.ts';
import { runningTask, runRow, stageRow, taskSpec } from '../../support/samples.ts';

const none: Known = { tasks: [], attempts: [], signs: new Map(), waitingBecause: null, asked: 0 };
const { task, attempt } = runningTask({ attempts: 2 });
const process = { pid: 123, startMark: '7' };

function known(sign: Sign, change: Partial<Known> = {}): Known {
  return {
    ...none,
    tasks: [task],
    attempts: [{ ...attempt, process }],
    signs: new Map([[attempt.id, sign]]),
    ...change,
  };
}

function evidence(change: Partial<Run>, of: Known = none): string {
  return runEvidence(runRow(change), of, 50_000);
}

describe('the evidence of a state', () => {
  it('is when it last printed, that its process is there, and which attempt it is', () => {
    expect(evidence({}, known({ lastOutputAt: 8_000, heartbeatAt: null }))).toBe(
      'last output 42 s ago · PID 123 alive · attempt 2 of 3',
    );
  });

  it('names the last beat of agents that have one, and says that nothing was printed', () => {
    expect(evidence({}, known({ lastOutputAt: null, heartbeatAt: 47_000 }))).toBe(
      'no output yet · heartbeat 3 s ago · PID 123 alive · attempt 2 of 3',
    );
  });

  it('begins with the question when an agent asks one', () => {
    expect(evidence({}, known({ lastOutputAt: 40_000, heartbeatAt: 49_000 }, { asked: 1 }))).toBe(
      'an agent waits for your answer · last output 10 s ago · PID 123 alive · attempt 2 of 3',
    );
  });

  it('says of many attempts how many there are, and the freshest sign', () => {
    const others = [1, 2, 3, 4].map((pid) => ({ ...runningTask().attempt, process: { pid, startMark: '' } }));
    const [first, second] = others;
    const signs = new Map([
      [first?.id ?? '', { lastOutputAt: 10_000, heartbeatAt: null }],
      [second?.id ?? '', { lastOutputAt: 49_000, heartbeatAt: null }],
    ]);
    expect(evidence({}, { ...none, attempts: others, signs })).toBe(
      'last output 1 s ago · PID 1, 2, 3 and 1 more alive · 4 attempts under way',
    );
  });

  it('says that an agent is starting while there is no process', () => {
    const starting = { ...attempt, state: 'starting' as const };
    expect(evidence({}, { ...none, tasks: [task], attempts: [starting] })).toBe(
      'no output yet · its agent is starting · attempt 2 of 3',
    );
  });

  it.each<[string, Partial<Run>, Known, string]>([
    [
      'waits for a person',
      { state: 'waiting', waitingFor: 'approval of sign' },
      none,
      'waits for the approval of sign',
    ],
    ['is paused', { state: 'paused' }, none, 'nothing is under way; it goes on when you resume it'],
    ['has no agent', { state: 'running' }, { ...none, waitingBecause: 'no agent matches' }, 'waits: no agent matches'],
    ['is queued', { state: 'queued' }, none, 'waits for its turn'],
    ['is between stages', { state: 'running' }, none, 'its next stage is about to begin'],
    ['was cancelled', { state: 'cancelled', cancelReason: 'not needed' }, none, 'not needed'],
    [
      'failed',
      { state: 'failed', stages: [stageRow('a', { state: 'failed' }), stageRow('b', { state: 'skipped' })] },
      none,
      'stage a failed',
    ],
    [
      'completed',
      { state: 'completed', stages: [stageRow('a', { state: 'completed' }), stageRow('b', { state: 'skipped' })] },
      none,
      '1 of 2 stages completed, 1 skipped',
    ],
  ])('of a run that %s is in the rows', (_name, change, of, words) => {
    expect(evidence(change, of)).toBe(words);
  });

  it('does not promise a number of attempts that interruptions have gone beyond', () => {
    const once = { id: task.id, spec: taskSpec({ retry: { ...task.spec.retry, maxAttempts: 1 } }) };
    expect(attemptWords(attempt, [once])).toBe('attempt 2');
    expect(attemptWords(attempt, [])).toBe('attempt 2');
  });
});
