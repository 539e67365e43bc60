import { describe, expect, test } from 'vitest';
import type { InputSpec } from '../../../src-main/contract/workflow.ts';
import { parseInputs } from '../../../src-main/core/inputs.ts';
import type { FieldValue } from '../../../src-renderer/features/workflows/run-values.ts';
import {
  faultsOf,
  fieldFault,
  initialValues,
  inputsOf,
  isManyOf,
  rulesOf,
} from '../../../src-renderer/features/workflows/run-values.ts';

const spec = (type: InputSpec['type'], change: Partial<InputSpec> = {}): InputSpec => ({
  name: 'it',
  type,
  required: true,
  ...change,
});
const inputOf = (one: InputSpec, value: FieldValue) => inputsOf([one], { it: value });

describe('fields begin', () => {
  test.each<[string, InputSpec, FieldValue]>([
    ['empty without a default', spec('string'), ''],
    ['with the default as text', spec('integer', { default: 3 }), '3'],
    ['with yes or no', spec('boolean', { default: false }), 'false'],
    ['with a list, an item per line', spec('list', { default: ['a', 2] }), 'a\n2'],
    ['with what is chosen of many', spec('list', { default: ['a'], choices: ['a', 'b'] }), ['a']],
    ['with nothing chosen of many', spec('list', { choices: ['a', 'b'] }), []],
    ['with a map as JSON', spec('text', { default: { a: 1 } }), '{"a":1}'],
  ])('%s', (_, one, value) => {
    expect(initialValues([one])).toEqual({ it: value });
  });
});

describe('inputs are made of fields', () => {
  test.each<[string, InputSpec, FieldValue, object]>([
    ['a number', spec('number'), '1.5', { it: 1.5 }],
    ['a text that is no number, for the engine to name', spec('number'), 'x', { it: 'x' }],
    ['yes', spec('boolean'), 'true', { it: true }],
    ['lines of a list', spec('list'), ' a \n\nb', { it: ['a', 'b'] }],
    ['several choices', spec('list', { choices: ['a', 'b'] }), ['b'], { it: ['b'] }],
    ['a text as it is', spec('text'), ' a ', { it: ' a ' }],
    ['nothing for an empty field', spec('integer', { required: false }), ' ', {}],
    ['an empty text that replaces a default', spec('string', { required: false, default: 'x' }), '', { it: '' }],
    ['nothing for an empty text without one', spec('string', { required: false }), '', {}],
  ])('%s', (_, one, value, inputs) => {
    expect(inputOf(one, value)).toEqual(inputs);
  });
});

describe('R74 a field says what is wrong with it', () => {
  test.each<[InputSpec, FieldValue, string | null]>([
    [spec('string'), ' ', 'This is needed.'],
    [spec('string', { required: false }), '', null],
    [spec('list', { required: false, choices: ['a'], minLength: 1 }), [], null],
    [spec('string', { minLength: 3 }), 'ab', 'Give at least 3 characters.'],
    [spec('text', { maxLength: 3 }), 'abcd', 'Give at most 3 characters; these are 4.'],
    [spec('string', { pattern: '[a-z]+' }), 'A', 'It must match the pattern [a-z]+.'],
    [spec('string', { pattern: '[a-z]+' }), 'a', null],
    [spec('string', { pattern: '(?<=a)(' }), 'a', null],
    [spec('number'), 'ten', 'Give a number.'],
    [spec('integer'), '1.5', 'Give a whole number.'],
    [spec('integer', { min: 1 }), '0', 'Give at least 1.'],
    [spec('integer', { max: 5 }), '6', 'Give at most 5.'],
    [spec('integer', { min: 1, max: 5 }), '3', null],
    [spec('folder'), 'here', 'Give the whole path, from the root on.'],
    [spec('file'), '/etc/hosts', null],
    [spec('file'), 'C:\\x', null],
    [spec('list', { maxLength: 1 }), 'a\nb', 'Give at most 1 items; these are 2.'],
    [spec('list', { pattern: '[a-z]' }), 'a\nB', 'Item 2 must match the pattern [a-z].'],
    [spec('boolean'), 'true', null],
    [spec('choice', { choices: ['a'] }), 'a', null],
  ])('%j %j: %s', (one, value, fault) => {
    expect(fieldFault(one, value)).toBe(fault);
    expect(faultsOf([one], { it: value })).toEqual(fault === null ? {} : { it: fault });
  });

  test.each<[InputSpec, FieldValue]>([
    [spec('string', { minLength: 3 }), 'ab'],
    [spec('string', { pattern: '[a-z]+' }), 'A'],
    [spec('integer', { min: 1 }), '0'],
    [spec('folder'), 'here'],
    [spec('list', { maxLength: 1 }), 'a\nb'],
    [spec('number'), 'ten'],
    [spec('string'), ''],
  ])('and the engine would refuse it too: %j %j', (one, value) => {
    expect(parseInputs([one], inputOf(one, value)).ok).toBe(false);
  });
});

test('the rules of an input stand in words below its field', () => {
  expect([
    rulesOf(spec('string')),
    rulesOf(spec('integer', { min: 1, max: 5 })),
    rulesOf(spec('text', { minLength: 2 })),
    rulesOf(spec('list', { maxLength: 4 })),
    rulesOf(spec('folder')),
    rulesOf(spec('string', { pattern: 'a+' })),
  ]).toEqual([
    null,
    '1 to 5',
    'at least 2 characters',
    'one per line · at most 4 items',
    'whole path of a folder on this machine',
    'pattern a+',
  ]);
  expect(isManyOf(spec('list'))).toBe(false);
});

test('fields begin with what is given already, rather than with the default', () => {
  const specs = [spec('integer', { default: 3 }), { ...spec('string', { default: 'a' }), name: 'other' }];
  expect(initialValues(specs, { it: 5 })).toEqual({ it: '5', other: 'a' });
});
