import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nearestName } from '../../src-main/core/nearest-name.ts';

const known = ['scaffold', 'validation', 'e2e', 'integration', 'deployment'];

test.each([
  ['a missing letter', 'scafold', 'scaffold'],
  ['a letter too many', 'validations', 'validation'],
  ['a wrong letter', 'intecration', 'integration'],
  ['two letters swapped', 'deplyoment', 'deployment'],
  ['capitals', 'Scaffold', 'scaffold'],
  ['a wrong letter in a short name', 'e3e', 'e2e'],
  ['another word', 'monitoring', null],
  ['a short word that shares nothing', 'x', null],
  ['nothing at all', '', null],
])('%s: "%s" is near %s', (_what, name, expected) => {
  expect(nearestName(name, known)).toBe(expected);
});

test('the nearest of several wins, the first of equals', () => {
  expect([nearestName('names', ['nine', 'nameless', 'name']), nearestName('cat', ['bat', 'rat'])]).toEqual([
    'name',
    'bat',
  ]);
});

test('a known name is always nearest to itself', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 }), fc.nat(), (names, pick) => {
      const name = names[pick % names.length] as string;
      expect(nearestName(name, names)).toBe(name);
    }),
  );
});
