import type { ApiInput, ApiOutput } from '../../../src-main/contract/api.ts';
import { formatCounted } from '../../format/amount.ts';

/** What can be done to many runs at once. */
export type RunChange = ApiInput<'changeRuns'>['action'];
export type ChangedRuns = ApiOutput<'changeRuns'>;

interface ChangeWords {
  readonly verb: string;
  readonly past: string;
  /** What will happen, and whether it can be undone. */
  readonly consequence: string;
  readonly reason: string;
}

/** The words of each change, in the order in which they are offered. */
export const changeWords: Readonly<Record<RunChange, ChangeWords>> = {
  pause: {
    verb: 'Pause',
    past: 'asked to pause',
    consequence: 'Nothing new is started in them; attempts that are under way end first. They can be resumed.',
    reason: 'Paused by hand',
  },
  resume: {
    verb: 'Resume',
    past: 'resumed',
    consequence: 'Their waiting stages are started again as soon as there are agents for them.',
    reason: 'Resumed by hand',
  },
  cancel: {
    verb: 'Cancel',
    past: 'asked to cancel',
    consequence: 'Attempts that are under way are ended, and what has not begun is not begun. This cannot be undone.',
    reason: 'Cancelled by hand',
  },
  rerun: {
    verb: 'Rerun',
    past: 'started again',
    consequence:
      'Each one that has ended starts as a new run, which keeps what completed and begins at the first stage that did not.',
    reason: 'Rerun by hand',
  },
  delete: {
    verb: 'Delete',
    past: 'deleted',
    consequence:
      'Those that have ended are removed for good, with their events, their logs and the folders that were made for them. This cannot be undone.',
    reason: 'Deleted by hand',
  },
};

/** What came of it, in one sentence: `12 runs asked to cancel; 3 refused.` */
export function describeChange(change: RunChange, { changed, refused }: ChangedRuns): string {
  const done = `${formatCounted(changed, 'run')} ${changeWords[change].past}`;
  return refused === 0 ? `${done}.` : `${done}; ${formatCounted(refused, 'run')} refused and stayed as they were.`;
}

/** The most runs that the contract lets one change name. */
export const largestChange = 10_000;

/** Several answers as one; the contract lists a hundred refusals at most, and so does this. */
export function mergeChanges(answers: readonly ChangedRuns[]): ChangedRuns {
  return {
    changed: answers.reduce((sum, { changed }) => sum + changed, 0),
    refused: answers.reduce((sum, { refused }) => sum + refused, 0),
    refusals: answers.flatMap(({ refusals }) => refusals).slice(0, 100),
  };
}

/** A list in parts of at most `size`. */
export function inParts<T>(list: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let from = 0; from < list.length; from += size) parts.push(list.slice(from, from + size));
  return parts;
}
