/** What makes random histories worth anything: they are the same again, and what is wrong is seen and made shorter. */
import { afterAll, expect, test } from 'vitest';
import { MemoryStore } from './histories/memory-store.ts';
import { playHistory } from './histories/play-history.ts';
import { shrink } from './histories/shrink.ts';
import type { Step } from './histories/steps.ts';
import { stepsOf } from './histories/steps.ts';

const database = new MemoryStore({ info: () => {}, warn: () => {}, error: () => {} });

afterAll(() => database.close());

test('a history follows from its seed', async () => {
  const steps = stepsOf(4, 40);
  expect(stepsOf(4, 40)).toEqual(steps);
  const first = await playHistory(database, { seed: 4, steps });
  const events = database.eventsAfter(0);
  expect(await playHistory(database, { seed: 4, steps })).toEqual(first);
  expect(database.eventsAfter(0)).toEqual(events);
  expect(first).toMatchObject({ violations: [] });
  expect(first.events).toBeGreaterThan(20);
});

test('a row that is changed behind the back of its events is seen', async () => {
  const steps = stepsOf(4, 40);
  const { violations } = await playHistory(database, {
    seed: 4,
    steps,
    spoil: 'UPDATE tasks SET attempts = attempts + 1',
  });
  expect(violations.some((text) => text.startsWith('P5:'))).toBe(true);
});

test('a history that fails is left with the steps that it needs', async () => {
  const needed: Step = { kind: 'enqueue', numbers: [1, 1, 1], settles: true };
  const steps = [...stepsOf(9, 20), needed, ...stepsOf(10, 20)];
  const spoil = 'DELETE FROM task_specs';
  const played = await playHistory(database, { seed: 9, steps, spoil });
  expect(played.violations).not.toEqual([]);
  const short = await shrink(database, { seed: 9, steps, played, spoil });
  expect(short.steps.length).toBeLessThan(4);
});
