import fc from 'fast-check';
import { expect, test } from 'vitest';
import { needleFinder } from '../../src-main/agents/needle-finder.ts';

test('I11 the search for secrets agrees with a plain one, wherever in memory the bytes lie', () => {
  // Few different letters, so that needles are often met, almost met, and met at the very ends.
  const text = (size: { minLength: number; maxLength: number }) =>
    fc.string({ unit: fc.constantFrom('a', 'b', 'K', '-'), ...size });
  fc.assert(
    fc.property(
      fc.array(text({ minLength: 3, maxLength: 6 }), { minLength: 1, maxLength: 5 }),
      text({ minLength: 0, maxLength: 60 }),
      fc.nat({ max: 7 }),
      (needles, hay, shift) => {
        const memory = Buffer.from(`${'x'.repeat(shift)}${hay}`);
        const find = needleFinder(needles.map((needle) => Buffer.from(needle)));
        expect(find(memory.subarray(shift))).toBe(needles.some((needle) => hay.includes(needle)));
      },
    ),
    { numRuns: 2_000 },
  );
});
