import { expect, it } from 'vitest';
import { runIdSchema } from '../../../src-main/contract/ids.ts';
import { describeChange, inParts, mergeChanges } from '../../../src-renderer/features/runs/run-changes.ts';

const refusal = {
  runId: runIdSchema.parse(`run_${'0'.repeat(26)}`),
  error: { type: 'refused' as const, message: 'It has ended.', remedy: 'Nothing to do.' },
};

it('says what came of a change in one sentence, with what refused', () => {
  expect(describeChange('cancel', { changed: 1, refused: 0, refusals: [] })).toBe('1 run asked to cancel.');
  expect(describeChange('rerun', { changed: 1_200, refused: 2, refusals: [] })).toBe(
    '1,200 runs started again; 2 runs refused and stayed as they were.',
  );
});

it('adds up the answers of a change that was too large for one call, and lists a hundred refusals at most', () => {
  const answer = { changed: 2, refused: 80, refusals: Array.from({ length: 80 }, () => refusal) };
  const merged = mergeChanges([answer, answer]);
  expect({ ...merged, refusals: merged.refusals.length }).toEqual({ changed: 4, refused: 160, refusals: 100 });
});

it('cuts a list into parts without losing any of it', () => {
  expect(inParts([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(inParts([], 2)).toEqual([]);
});
