import type { OperationRecipe } from './operation-recipe.ts';

/**
 * Operations that a calculator gets when its requirements, or a feature run, ask for them.
 * The words are chosen so that ordinary prose ("80 percent coverage", "5 min") asks for nothing.
 */
export const furtherOperations: readonly OperationRecipe[] = [
  {
    name: 'power',
    summary: 'a raised to the power of b',
    parameters: ['a', 'b'],
    mentions: /\b(powers?|exponent(s|iation)?|raised? to)\b|[a-z]\s?\^\s?[a-z]/i,
    guards: [{ condition: 'a === 0 && b < 0', reason: 'zero has no negative power' }],
    body: ['return a ** b;'],
    examples: [
      { values: [2, 10], result: 1024 },
      { values: [4, 0.5], result: 2 },
      { values: [5, 0], result: 1 },
    ],
    refusals: [{ values: [0, -1], reason: 'zero has no negative power' }],
  },
  {
    name: 'sqrt',
    summary: 'the square root of a',
    parameters: ['a'],
    mentions: /\b(sqrt|square[ -]roots?)\b|√/i,
    guards: [{ condition: 'a < 0', reason: 'a negative number has no square root' }],
    body: ['return Math.sqrt(a);'],
    examples: [
      { values: [81], result: 9 },
      { values: [0.25], result: 0.5 },
      { values: [0], result: 0 },
    ],
    refusals: [{ values: [-1], reason: 'a negative number has no square root' }],
  },
  {
    name: 'modulo',
    summary: 'the remainder of a divided by b',
    parameters: ['a', 'b'],
    mentions: /\b(modul(o|us)|mod|remainder)\b/i,
    guards: [{ condition: 'b === 0', reason: 'division by zero' }],
    body: ['return a % b;'],
    examples: [
      { values: [17, 5], result: 2 },
      { values: [-7, 3], result: -1 },
    ],
    refusals: [{ values: [5, 0], reason: 'division by zero' }],
  },
  {
    name: 'percent',
    summary: 'a percent of b',
    parameters: ['a', 'b'],
    mentions: /(?<!\d\s?)\bpercent(ages?)?\b/i,
    guards: [],
    body: ['return (a / 100) * b;'],
    examples: [
      { values: [25, 80], result: 20 },
      { values: [150, 10], result: 15 },
    ],
    refusals: [],
  },
  {
    name: 'factorial',
    summary: 'the product of the whole numbers from 1 to a',
    parameters: ['a'],
    mentions: /\bfactorials?\b/i,
    guards: [
      { condition: '!Number.isInteger(a) || a < 0', reason: 'only whole numbers from 0 have a factorial' },
      { condition: 'a > 170', reason: 'the factorial is too large' },
    ],
    body: [
      'let product = 1;',
      'for (let factor = 2; factor <= a; factor += 1) {',
      '  product *= factor;',
      '}',
      'return product;',
    ],
    examples: [
      { values: [5], result: 120 },
      { values: [0], result: 1 },
    ],
    refusals: [
      { values: [-1], reason: 'only whole numbers' },
      { values: [2.5], reason: 'only whole numbers' },
      { values: [171], reason: 'too large' },
    ],
  },
  {
    name: 'absolute',
    summary: 'a without its sign',
    parameters: ['a'],
    mentions: /\babs(olute values?)?\b/i,
    guards: [],
    body: ['return Math.abs(a);'],
    examples: [
      { values: [-12.5], result: 12.5 },
      { values: [3], result: 3 },
    ],
    refusals: [],
  },
  {
    name: 'minimum',
    summary: 'the smaller of a and b',
    parameters: ['a', 'b'],
    mentions: /\b(minimum|smaller) of\b|\bmin\(/i,
    guards: [],
    body: ['return Math.min(a, b);'],
    examples: [
      { values: [3, -8], result: -8 },
      { values: [2, 2], result: 2 },
    ],
    refusals: [],
  },
  {
    name: 'maximum',
    summary: 'the larger of a and b',
    parameters: ['a', 'b'],
    mentions: /\b(maximum|larger) of\b|\bmax\(/i,
    guards: [],
    body: ['return Math.max(a, b);'],
    examples: [
      { values: [3, -8], result: 3 },
      { values: [-2, -1], result: -1 },
    ],
    refusals: [],
  },
  {
    name: 'average',
    summary: 'the number half way between a and b',
    parameters: ['a', 'b'],
    mentions: /\b(averages? of|arithmetic mean|mean of)\b/i,
    guards: [],
    body: ['return a / 2 + b / 2;'],
    examples: [
      { values: [4, 10], result: 7 },
      { values: [-1, 2], result: 0.5 },
    ],
    refusals: [],
  },
  {
    name: 'logarithm',
    summary: 'the natural logarithm of a',
    parameters: ['a'],
    mentions: /\b(logarithms?|natural log)\b/i,
    guards: [{ condition: 'a <= 0', reason: 'only positive numbers have a logarithm' }],
    body: ['return Math.log(a);'],
    examples: [
      { values: [1], result: 0 },
      { values: [3], result: 1.09861228866811 },
    ],
    refusals: [{ values: [0], reason: 'only positive numbers have a logarithm' }],
  },
];
