import type { OperationRecipe } from './operation-recipe.ts';

/** The four operations that every calculator has. */
export const basicOperations: readonly OperationRecipe[] = [
  {
    name: 'add',
    summary: 'the sum of a and b',
    parameters: ['a', 'b'],
    mentions: /\b(add(ition|s|ing)?|sum|plus)\b/i,
    guards: [],
    body: ['return a + b;'],
    examples: [
      { values: [2, 3], result: 5 },
      { values: [-4, 1.5], result: -2.5 },
      { values: [0.1, 0.2], result: 0.3 },
    ],
    refusals: [],
  },
  {
    name: 'subtract',
    summary: 'a less b',
    parameters: ['a', 'b'],
    mentions: /\b(subtract(ion|s|ing)?|minus|difference)\b/i,
    guards: [],
    body: ['return a - b;'],
    examples: [
      { values: [9, 4], result: 5 },
      { values: [2, 7], result: -5 },
    ],
    refusals: [],
  },
  {
    name: 'multiply',
    summary: 'the product of a and b',
    parameters: ['a', 'b'],
    mentions: /\b(multipl(y|ies|ying|ication)|times|product)\b/i,
    guards: [],
    body: ['return a * b;'],
    examples: [
      { values: [6, 7], result: 42 },
      { values: [-3, 0.5], result: -1.5 },
    ],
    refusals: [],
  },
  {
    name: 'divide',
    summary: 'a divided by b',
    parameters: ['a', 'b'],
    mentions: /\b(divid(e|es|ing)|division|quotient)\b/i,
    guards: [{ condition: 'b === 0', reason: 'division by zero' }],
    body: ['return a / b;'],
    examples: [
      { values: [8, 2], result: 4 },
      { values: [1, 4], result: 0.25 },
    ],
    refusals: [{ values: [1, 0], reason: 'division by zero' }],
  },
];
