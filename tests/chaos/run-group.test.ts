import { expect, test } from 'vitest';
import type { FaultGroup, Trial } from './fault-group.ts';
import { held } from './properties.ts';
import { outcomeOf } from './report.ts';
import { runGroup } from './run-group.ts';

/** A group of one fault that is tried twice. */
function groupOf(body: (trial: Trial) => Promise<void>): FaultGroup {
  return {
    number: 99,
    title: 'A group for a test',
    faults: ['It does what the test says.'],
    run: (context) => context.trials('it', { short: 2, full: 3 }, body),
  };
}

test('a violation fails its trial, says how to repeat it, and the next trial follows', async () => {
  const group = groupOf(async (trial) => {
    await trial.hold(held('P3', 4, trial.number === 1 ? ['Number 2 came twice.'] : []));
  });
  const result = await runGroup(group, { seed: 5, form: 'short' });
  expect(outcomeOf(result)).toBe('failed');
  expect(result.failures).toEqual([
    {
      fault: 'it',
      number: 1,
      message: 'P3: Number 2 came twice.',
      rerun: 'npm run chaos -- --only 99 --trials short --seed 5 --trial 1',
    },
  ]);
  expect(result.properties).toEqual({ P3: { times: 2, looked: 8 } });
});

test('a property that was looked at, but with nothing to see, fails its group', async () => {
  const result = await runGroup(
    groupOf((trial) => trial.hold(held('P7', 0, []))),
    { seed: 5, form: 'short' },
  );
  expect(result.failures.map(({ message }) => message)).toEqual(['P7 was looked at, but every look saw nothing.']);
});

test('the same seed gives a trial the same chance, alone or among others', async () => {
  const chances = new Map<string, number[]>();
  const run = (name: string, seed: number, only: number | null) =>
    runGroup(
      groupOf(async (trial) => {
        chances.set(name, [...(chances.get(name) ?? []), trial.random()]);
        await trial.hold(held('P1', 1, []));
      }),
      { seed, form: 'full', only },
    );
  await run('all', 7, null);
  await run('second', 7, 2);
  await run('other seed', 8, null);
  expect(chances.get('second')).toEqual([chances.get('all')?.[1]]);
  expect(new Set([...(chances.get('all') ?? []), ...(chances.get('other seed') ?? [])]).size).toBe(6);
});

test('what a trial asked to be done at its end is done, last things first, even when it fails', async () => {
  const done: string[] = [];
  const group = groupOf(async (trial) => {
    trial.cleanUp(() => done.push(`first of ${trial.number}`));
    trial.cleanUp(() => done.push(`second of ${trial.number}`));
    trial.expect(trial.number === 2, 'It is the second.', { number: trial.number });
    await trial.hold(held('P1', 1, []));
  });
  const result = await runGroup(group, { seed: 1, form: 'short' });
  expect(done).toEqual(['second of 1', 'first of 1', 'second of 2', 'first of 2']);
  expect(result.failures.map(({ message }) => message)).toEqual(['It is the second. Seen: {"number":1}']);
  expect(result.expectations).toBe(2);
});

test('a group that could do nothing here is not run, which is no pass', async () => {
  const group: FaultGroup = {
    ...groupOf(async () => undefined),
    run: async (context) => context.notRun('it', 'there is no such machine here'),
  };
  expect(outcomeOf(await runGroup(group, { seed: 1, form: 'short' }))).toBe('not run');
});
