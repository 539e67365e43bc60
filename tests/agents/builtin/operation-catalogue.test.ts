import { expect, test } from 'vitest';
import { nextVersion } from '../../../src-main/agents/builtin/calculator/next-version.ts';
import {
  findRecipes,
  knownOperations,
  operationsAskedFor,
} from '../../../src-main/agents/builtin/calculator/operation-catalogue.ts';
import { percentile } from '../../../src-main/agents/builtin/percentile.ts';

const basic = ['add', 'subtract', 'multiply', 'divide'];

test.each([
  ['A calculator', []],
  ['with powers, square roots and a remainder', ['power', 'sqrt', 'modulo']],
  ['Factorial of n; the absolute value; x^y', ['power', 'factorial', 'absolute']],
  [
    'the maximum of two numbers, min(a, b), the average of both, logarithms, a percentage',
    ['percent', 'minimum', 'maximum', 'average', 'logarithm'],
  ],
])('the requirements %j ask for the basic four and %j', (requirements, further) => {
  expect(operationsAskedFor(requirements)).toEqual([...basic, ...further]);
});

test('ordinary prose asks for nothing further', () => {
  const prose =
    'A powerful tool: 80 percent coverage, at most 5 min, average response time < 1 s, absolute path of the log, **bold**';
  expect(operationsAskedFor(prose)).toEqual(basic);
});

test('every recipe has examples that fit its parameters', () => {
  for (const { parameters, examples, refusals } of findRecipes(knownOperations())) {
    expect(examples.length).toBeGreaterThan(0);
    for (const { values } of [...examples, ...refusals]) {
      expect(values).toHaveLength(parameters.length);
    }
  }
});

test('a version rises by its part', () => {
  expect(nextVersion('0.1.9', 'minor')).toBe('0.2.0');
  expect(nextVersion('1.2.9', 'patch')).toBe('1.2.10');
});

test('a percentile is the nearest rank', () => {
  expect(percentile([5, 1, 4, 2, 3], 0.5)).toBe(3);
  expect(percentile([1.234, 9.876], 0.95)).toBe(9.88);
  expect(percentile([], 0.95)).toBe(0);
});
