import type { ScheduleDefinition } from '../../../src-main/contract/schedule.ts';

interface Choice {
  readonly label: string;
  /** What it means, in one sentence. */
  readonly hint: string;
}

/** What happens when it is due while what it started before has not ended. */
export const overlapWords: Readonly<Record<ScheduleDefinition['overlap'], Choice>> = {
  skip: { label: 'Skip', hint: 'That time is left out, and told as skipped.' },
  queue: { label: 'Wait', hint: 'It starts when what was started before has ended.' },
  replace: { label: 'Replace', hint: 'What was started before is cancelled.' },
};

/** What happens to times at which no engine ran. */
export const catchUpWords: Readonly<Record<ScheduleDefinition['catchUp'], Choice>> = {
  skip: { label: 'None', hint: 'None of them starts anything.' },
  last: { label: 'The last one', hint: 'The last of them starts when the engine does.' },
  all: { label: 'All', hint: 'All of them start, at most a hundred.' },
};

const shortCatchUp: Readonly<Record<ScheduleDefinition['catchUp'], string>> = {
  skip: 'none',
  last: 'last',
  all: 'all',
};

/** Both policies in a few words, for a table. */
export function policyWords({ overlap, catchUp }: Pick<ScheduleDefinition, 'overlap' | 'catchUp'>): string {
  return `busy: ${overlapWords[overlap].label.toLowerCase()} · missed: ${shortCatchUp[catchUp]}`;
}
