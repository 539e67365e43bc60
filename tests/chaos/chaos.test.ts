/**
 * Every group of faults with its short trials; `npm run chaos` has the full ones. `SIGNALBOX_SEED` repeats an earlier
 * run.
 */
import { expect, test } from 'vitest';
import { allGroups } from './all-groups.ts';
import type { FaultGroup } from './fault-group.ts';
import type { GroupResult } from './run-group.ts';
import { runGroup } from './run-group.ts';

const seed = Number(process.env.SIGNALBOX_SEED ?? Date.now() % 1_000_000_000);

test.each(sentences())(
  'R17 after %s, every property holds',
  async (_, group) => {
    process.stdout.write(`chaos: group ${group.number}, SIGNALBOX_SEED=${seed}\n`);
    const result = await runGroup(group, { seed, form: 'short' });
    expect(result.failures).toEqual([]);
    expect(doneIn(result)).toBeGreaterThan(0);
  },
  240_000,
);

function sentences(): [string, FaultGroup][] {
  return allGroups.map((group) => [`faults of group ${group.number} (${group.title})`, group]);
}

/** How many trials there were, and how often something was asserted after them; a group that did nothing is no pass. */
function doneIn({ faults, properties, expectations }: GroupResult): number {
  const trials = faults.reduce((sum, fault) => sum + fault.trials, 0);
  const asserted = Object.values(properties).reduce((sum, { times }) => sum + times, expectations);
  return Math.min(trials, asserted);
}
