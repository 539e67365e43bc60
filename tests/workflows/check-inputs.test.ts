import { describe, expect, test } from 'vitest';
import { definitionOf, problemsOf } from './read-workflow.ts';

describe('inputs', () => {
  const input = (rules: string) => `name: w\ninputs:\n  x: ${rules}\nstages: {a: {run: x}}`;

  test.each([
    [
      'strng',
      '3:6 inputs.x: x must be one of string, text, number, integer, boolean, choice, folder, file, list, but is the text "strng"; did you mean "string"?',
    ],
    [
      '[]',
      '3:6 inputs.x: x must be one of string, text, number, integer, boolean, choice, folder, file, list, but is a list',
    ],
    ['{required: true}', '3:3 inputs.x.type: type is missing'],
    ['{type: choice}', '3:3 inputs.x: An input of the type choice must have choices'],
    [
      '{type: integer, default: many}',
      '3:31 inputs.x.default: The default of x must be a whole number, but is the text "many"',
    ],
    [
      '{type: string, pattern: "["}',
      expect.stringMatching(/^3:30 inputs\.x\.pattern: pattern is not a regular expression: /) as unknown as string,
    ],
    [
      '{type: string, min: 1}',
      '3:21 inputs.x.min: "min" is for inputs of the types number, integer, and this one is of the type string',
    ],
    [
      '{type: number, pattern: x}',
      '3:21 inputs.x.pattern: "pattern" is for inputs of the types string, text, list, and this one is of the type number',
    ],
    ['{type: number, min: 3, max: 2}', '3:26 inputs.x.min: min is 3, but max is only 2'],
    ['{type: text, minLength: 3, maxLength: 2}', '3:30 inputs.x.minLength: minLength is 3, but maxLength is only 2'],
    ['{type: text, minLength: -1}', '3:30 inputs.x.minLength: minLength must be at least 0'],
  ])('%s', (rules, problem) => {
    expect(problemsOf(input(rules))).toEqual([problem]);
  });

  test('a default of null is no default', () => {
    expect(definitionOf(input('{type: text, default: null, required: false}')).inputs).toMatchObject([{ name: 'x' }]);
  });
});
