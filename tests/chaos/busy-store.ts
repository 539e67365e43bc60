/**
 * A store that writes without rest, as a process of its own: takes the steps of `tests/store/random-histories.ts` in a
 * data folder, and prints the number of the last event that was acknowledged, a line each. It ends when its input does.
 */
import { openStore } from '../../src-main/store/open-store.ts';
import { choiceFrom, steps } from '../store/random-histories.ts';
import { seededRandom } from '../support/seeded-random.ts';

const [folder = '', seed = '1'] = process.argv.slice(2);
const silent = { info: () => {}, warn: () => {}, error: () => {} };
const opened = await openStore({ folder, logger: silent, now: () => 0 });
if (!opened.ok) throw new Error(opened.error.message);
const store = opened.value;
const random = seededRandom(Number(seed));
const number = (limit: number) => Math.floor(random() * limit);

let isOver = false;
process.stdin.resume().once('end', () => {
  isOver = true;
});
while (!isOver) {
  // Several units of one turn share a transaction.
  const units = Array.from({ length: 1 + number(6) }, () =>
    store.write((unit) => {
      const choice = choiceFrom(Array.from({ length: 12 }, () => number(1_000)));
      for (let step = 0; step < 3; step += 1) steps[number(steps.length)]?.(unit, choice);
      return unit.lastSeq();
    }),
  );
  const numbers = await Promise.all(units);
  process.stdout.write(`${Math.max(...numbers)}\n`);
  await new Promise((resolve) => setImmediate(resolve));
}
await store.close();
