import fc from 'fast-check';
import { expect, it } from 'vitest';
import { expectSound, openTestStore } from './open-test-store.ts';
import { choiceFrom, steps } from './random-histories.ts';

const numbers = fc.array(fc.nat(1_000), { minLength: 1, maxLength: 40 });
/** A unit of work: which steps it takes, by which choices, and whether it changes its mind at the end. */
const unitOfWork = fc.record({
  steps: fc.array(fc.nat(steps.length - 1), { minLength: 1, maxLength: 4 }),
  numbers,
  fails: fc.nat(3).map((chance) => chance === 0),
});
const history = fc.array(unitOfWork, { minLength: 5, maxLength: 40 });

it('I2 folds to exactly its rows, with queue, leases and counters in step, whatever happened', async () => {
  await fc.assert(
    fc.asyncProperty(history, fc.boolean(), async (units, reopens) => {
      let { store, file, folder } = await openTestStore();
      for (const [index, { steps: chosen, numbers: chances, fails }] of units.entries()) {
        if (reopens && index === Math.floor(units.length / 2)) {
          await store.close();
          ({ store, file } = await openTestStore({ folder }));
        }
        const choice = choiceFrom(chances);
        const written = store.write((unit) => {
          for (const step of chosen) steps[step]?.(unit, choice);
          if (fails) throw new Error('changed its mind');
        });
        await (fails ? expect(written).rejects.toThrow('changed its mind') : written);
      }
      await store.close();
      expectSound(file);
    }),
    { numRuns: 15 },
  );
}, 60_000);
