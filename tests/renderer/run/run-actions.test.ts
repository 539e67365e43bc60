import { describe, expect, it } from 'vitest';
import type { Run } from '../../../src-main/contract/run.ts';
import type { RunAction } from '../../../src-renderer/features/run/run-actions.ts';
import { refusalsOf, requestedWord, telling, whyEnded } from '../../../src-renderer/features/run/run-actions.ts';
import { runRow, stageRow } from '../../support/samples.ts';

function offered(change: Partial<Run>): RunAction[] {
  const refusals = refusalsOf(runRow(change));
  return (['pause', 'resume', 'cancel', 'rerun'] as const).filter((action) => refusals[action] === null);
}

const completed = [stageRow('a', { state: 'completed', endedAt: 5 })];

describe('what can be asked of a run', () => {
  it.each<[string, Partial<Run>, RunAction[]]>([
    ['queued', { state: 'queued' }, ['pause', 'cancel']],
    ['running', { state: 'running' }, ['pause', 'cancel']],
    ['running and asked to pause', { state: 'running', pauseRequestedAt: 1 }, ['resume', 'cancel']],
    ['paused', { state: 'paused', pauseRequestedAt: 1 }, ['resume', 'cancel']],
    ['waiting', { state: 'waiting' }, ['pause', 'cancel']],
    ['asked to cancel', { state: 'running', cancelRequestedAt: 1 }, []],
    ['failed', { state: 'failed' }, ['rerun']],
    ['cancelled', { state: 'cancelled' }, ['rerun']],
    ['completed in every stage', { state: 'completed', stages: completed }, []],
  ])('when it is %s', (_name, change, actions) => {
    expect(offered(change)).toEqual(actions);
  });

  it('shows what was asked until it has come true', () => {
    const word = (change: Partial<Run>) => requestedWord(runRow(change));
    expect([
      word({ pauseRequestedAt: 1 }),
      word({ pauseRequestedAt: 1, cancelRequestedAt: 2 }),
      word({ pauseRequestedAt: 1, state: 'paused' }),
      word({ cancelRequestedAt: 2, state: 'cancelled' }),
      word({}),
    ]).toEqual(['Pausing…', 'Cancelling…', null, null, null]);
  });
});

describe('a stage', () => {
  it('that tells most is one in trouble, then one under way, then the one that ended last', () => {
    const name = (...stages: ReturnType<typeof stageRow>[]) => telling(stages)?.name;
    const running = stageRow('running', { state: 'running' });
    expect([
      name(running, stageRow('failed', { state: 'failed' })),
      name(running, stageRow('waiting', { state: 'waiting' })),
      name(...completed, running),
      name(stageRow('late', { state: 'completed', endedAt: 9 }), ...completed, stageRow('pending')),
      name(stageRow('pending')),
      name(),
    ]).toEqual(['failed', 'waiting', 'running', 'late', 'pending', undefined]);
  });

  it.each([
    [stageRow('a', { state: 'pending' }), 'It begins after b.'],
    [stageRow('a', { state: 'skipped', reason: 'when was false' }), 'It was skipped: when was false.'],
    [stageRow('a', { state: 'failed', tolerated: true }), 'It failed; its policy lets the others go on.'],
    [
      stageRow('a', { state: 'completed', inherited: true }),
      'Its outputs were kept from the run that this one reruns.',
    ],
    [stageRow('a', { state: 'running' }), null],
  ])('says why it is where it is', (stage, words) => {
    expect(whyEnded(stage, [stageRow('b'), ...completed])).toBe(words);
  });
});
