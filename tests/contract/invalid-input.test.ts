import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { api } from '../../src-main/contract/api.ts';
import { invalidFields, invalidInput } from '../../src-main/contract/invalid-input.ts';

function faultsOf(schema: z.ZodType, value: unknown) {
  const { error } = schema.safeParse(value);
  if (error === undefined) throw new Error('the value is valid');
  return invalidFields(error).map(({ field, complaint }) => `${field ?? 'it'} ${complaint}`);
}

describe('R74 what is wrong with an input is said in words, with its field', () => {
  const cases: readonly [string, z.ZodType, unknown, string[]][] = [
    ['a missing field', z.object({ name: z.string() }), {}, ['name is missing']],
    ['the value itself', z.object({}), 5, ['it must be an object']],
    ['an unexpected type', z.object({ n: z.number() }), { n: 'x' }, ['n must be a number']],
    ['a type without a word of its own', z.date(), 'x', ['it must be date']],
    ['a type with its own sentence', api.saveAgent.input, null, ['it must be an object']],
    [
      'a duration',
      z.number({ error: 'must be a number of milliseconds' }),
      'x',
      ['it must be a number of milliseconds'],
    ],
    ['an empty text', z.string().min(1), '', ['it must not be empty']],
    ['a short text', z.string().min(3), 'a', ['it must have at least 3 characters']],
    ['a long text', z.string().max(2), 'abc', ['it must have at most 2 characters']],
    ['an empty list', z.array(z.string()).min(1), [], ['it must not be empty']],
    ['a short list', z.array(z.string()).min(2), ['a'], ['it must have at least 2 entries']],
    ['a long list', z.array(z.string()).max(1), ['a', 'b'], ['it must have at most 1 entries']],
    ['a small number', z.number().min(1), 0, ['it must be at least 1']],
    ['a large number', z.number().max(1), 2, ['it must be at most 1']],
    ['a number on its lower limit', z.number().gt(1), 1, ['it must be more than 1']],
    ['a number on its upper limit', z.number().lt(1), 1, ['it must be less than 1']],
    [
      'a limit with its own sentence',
      z.number().max(1, { error: 'must be at most 30 days' }),
      2,
      ['it must be at most 30 days'],
    ],
    ['an unknown choice', z.enum(['a', 'b']), 'c', ['it must be one of a, b']],
    ['a wrong constant', z.literal(7), 8, ['it must be 7']],
    ['no form of a union', z.union([z.string(), z.number()]), true, ['it has none of the allowed forms']],
    [
      'an unknown kind',
      z.discriminatedUnion('kind', [z.object({ kind: z.literal('a') }), z.object({ kind: z.literal('b') })]),
      { kind: 'c' },
      ['kind must be one of a, b'],
    ],
    [
      'a name that is not allowed',
      z.record(z.string().regex(/^a/, { error: 'must start with a' }), z.string()),
      { b: 'x' },
      ['b is not an allowed name: it must start with a'],
    ],
    [
      'a pattern with its own sentence',
      api.getRun.input,
      { runId: 'x' },
      ['runId must look like run_ followed by 26 characters'],
    ],
    ['a pattern without one', z.email(), 'x', ['it has the wrong form (Invalid email address)']],
    ['unknown fields', z.strictObject({}), { a: 1, b: 2 }, ['a is not known', 'b is not known']],
    [
      'a nested field',
      z.object({ tasks: z.array(z.object({ retry: z.object({ most: z.int() }) })) }),
      { tasks: [{ retry: { most: 1.5 } }] },
      ['tasks[0].retry.most must be a whole number'],
    ],
  ];
  test.each(cases)('%s', (_title, schema, value, expected) => {
    expect(faultsOf(schema, value)).toEqual(expected);
  });
});

test('R74 one error names the first three faults, counts the rest, and says what to correct', () => {
  const { error } = z.object({ a: z.string(), b: z.string(), c: z.string(), d: z.string() }).safeParse({});
  expect(error && invalidInput('The input of startRun', error)).toEqual({
    type: 'invalidInput',
    message: 'The input of startRun is not valid: a is missing; b is missing; c is missing; and 1 more.',
    remedy: 'Correct a and try again.',
    field: 'a',
  });
});

test('R74 an error about the value as a whole names no field', () => {
  const { error } = z.string().safeParse(null);
  expect(error && invalidInput('The file', error)).toEqual({
    type: 'invalidInput',
    message: 'The file is not valid: it must be a text.',
    remedy: 'Correct it and try again.',
  });
});
