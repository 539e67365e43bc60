import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ok } from '../../src-main/contract/result.ts';
import type { Json } from '../../src-main/contract/values.ts';
import type { InputSpec } from '../../src-main/contract/workflow.ts';
import { inputTypes } from '../../src-main/contract/workflow.ts';
import { parseInputs, pathInputs } from '../../src-main/core/inputs.ts';

const spec = (type: InputSpec['type'], rules: Partial<InputSpec> = {}): InputSpec => ({
  name: 'value',
  type,
  required: true,
  ...rules,
});
const parse = (rules: InputSpec, value: Json) => parseInputs([rules], { value });

describe('values', () => {
  test.each<[InputSpec, Json, Json]>([
    [spec('string'), 'calculator-app', 'calculator-app'],
    [spec('string', { required: false, minLength: 2, pattern: '[a-z]+' }), '', ''],
    [spec('string', { choices: ['a', 'b'] }), 'b', 'b'],
    [spec('string', { pattern: '[a-z]+(-[a-z]+)*', minLength: 2, maxLength: 8 }), 'calc-app', 'calc-app'],
    [spec('text'), 'add\nsubtract', 'add\nsubtract'],
    [spec('number'), 2.5, 2.5],
    [spec('number', { min: 1, max: 3 }), ' 2.5 ', 2.5],
    [spec('integer'), '12', 12],
    [spec('integer', { required: false, default: 7 }), '', 7],
    [spec('integer', { required: false }), null, null],
    [spec('boolean'), 'True', true],
    [spec('boolean'), false, false],
    [spec('choice', { choices: ['fast', 'safe'] }), 'safe', 'safe'],
    [spec('folder'), '/work/app', '/work/app'],
    [spec('file'), 'C:\\work\\a.txt', 'C:\\work\\a.txt'],
    [spec('list'), ['a', 1, null], ['a', 1, null]],
    [spec('list'), '["a, b", 2]', ['a, b', 2]],
    [spec('list'), 'a, b ,,c', ['a', 'b', 'c']],
    [spec('list'), 'a, b\n\n c', ['a, b', 'c']],
    [spec('list', { pattern: '[a-z]', minLength: 1, choices: ['a', 'b'] }), 'a,b', ['a', 'b']],
    [spec('list', { required: false }), '', null],
  ])('%j takes %j as %j', (rules, given, value) => {
    expect(parse(rules, given)).toEqual(ok({ value }));
  });

  test('defaults fill what was not given, and what has none is null', () => {
    const specs = [
      spec('string', { name: 'a', required: false, default: 'x' }),
      spec('integer', { name: 'b', default: '5' }),
      spec('text', { name: 'c', required: false }),
    ];
    expect(parseInputs(specs, {})).toEqual(ok({ a: 'x', b: 5, c: null }));
  });
});

describe('refusals', () => {
  test.each<[InputSpec, Json, string, string]>([
    [spec('string'), 7, 'value must be text, but is the number 7', 'Give text'],
    [spec('string'), 'a\nb', 'value must be a single line', 'Remove the line breaks'],
    [spec('text'), ['a'], 'value must be text, but is a list', 'Give text'],
    [spec('text'), { a: 1 }, 'value must be text, but is a map', 'Give text'],
    [
      spec('text', { minLength: 3 }),
      'ab',
      'value has 2 characters, but must have at least 3',
      'Give at least 3 characters',
    ],
    [
      spec('text', { maxLength: 3 }),
      'abcd',
      'value has 4 characters, but must have at most 3',
      'Give at most 3 characters',
    ],
    [
      spec('string', { pattern: '[a-z]+|[0-9]+' }),
      'a1',
      'value is "a1", which does not match the pattern [a-z]+|[0-9]+',
      'Give a text that matches [a-z]+|[0-9]+',
    ],
    [
      spec('text', { pattern: 'x+' }),
      'x'.repeat(10_001),
      'value has 10001 characters, but must have at most 10000 characters, because it is matched against a pattern',
      'Give a shorter text',
    ],
    [
      spec('string', { choices: ['fast', 'safe'] }),
      'save',
      'value is "save", which is not one of its choices',
      'Did you mean safe? Give one of fast, safe',
    ],
    [
      spec('choice', { choices: ['fast', 'safe'] }),
      'x'.repeat(200),
      `value is "${'x'.repeat(100)}…", which is not one of its choices`,
      'Give one of fast, safe',
    ],
    [
      spec('choice', { choices: ['a'] }),
      true,
      'value must be one of its choices, but is the boolean true',
      'Give one of its choices',
    ],
    [spec('number'), 'twelve', 'value must be a number, but is the text "twelve"', 'Give a number'],
    [spec('number'), '1e999', 'value must be a number, but is the text "1e999"', 'Give a number'],
    [spec('integer'), '2.5', 'value must be a whole number, but is the text "2.5"', 'Give a whole number'],
    [spec('integer', { min: 1 }), 0, 'value is 0, but must be at least 1', 'Give a whole number of at least 1'],
    [spec('number', { max: 1 }), 1.5, 'value is 1.5, but must be at most 1', 'Give a number of at most 1'],
    [spec('boolean'), 'yes', 'value must be true or false, but is the text "yes"', 'Give true or false'],
    [
      spec('boolean'),
      'constructor',
      'value must be true or false, but is the text "constructor"',
      'Give true or false',
    ],
    [spec('folder'), 'app', 'value is "app", which is not an absolute path', 'Give the absolute path of the folder'],
    [
      spec('file'),
      '/a\0b',
      'value is "/a\\u0000b", which is not an absolute path',
      'Give the absolute path of the file',
    ],
    [spec('folder'), 1, 'value must be the path of a folder, but is the number 1', 'Give the path of a folder'],
    [spec('list'), { a: 1 }, 'value must be a list, but is a map', 'Give a list'],
    [spec('list'), '[1,', 'value must be a list, but is the text "[1,"', 'Give a list'],
    [spec('list', { minLength: 2 }), 'a', 'value has 1 items, but must have at least 2', 'Give at least 2 items'],
    [
      spec('list', { pattern: '[a-z]+' }),
      ['a', 'B'],
      'value has an item 2 that is "B", which does not match the pattern [a-z]+',
      'Give a text that matches [a-z]+',
    ],
    [spec('list', { choices: ['a'] }), ['a', null], 'value has an item 2 that must be text, but is null', 'Give text'],
  ])('%j refuses %j', (rules, given, message, remedy) => {
    expect(parse(rules, given)).toEqual({
      ok: false,
      error: { type: 'invalidInput', message, remedy, field: 'inputs.value' },
    });
  });

  test('empty requirements are refused, also when they are only blanks', () => {
    const requirements = spec('text', { name: 'requirements', description: 'what the application shall do' });
    for (const empty of ['', ' \n\t']) {
      expect(parseInputs([requirements], { requirements: empty })).toMatchObject({
        ok: false,
        error: {
          message: 'requirements cannot be empty',
          remedy: 'Give requirements: what the application shall do',
          field: 'inputs.requirements',
        },
      });
    }
  });

  test('a missing input is refused by name', () => {
    expect([parseInputs([spec('string')], {}), parse(spec('string'), null)]).toMatchObject([
      { ok: false, error: { message: 'value is missing', remedy: 'Give value', field: 'inputs.value' } },
      { ok: false, error: { message: 'value is missing' } },
    ]);
  });

  test.each([
    [['name', 'requirements'], 'nmae', 'Did you mean name? Its inputs are name, requirements'],
    [['name', 'requirements'], 'colour', 'Its inputs are name, requirements'],
    [[], 'name', 'This workflow takes no inputs'],
    [['name'], 'constructor', 'Its inputs are name'],
  ])('of %j there is no %s', (names, unknown, remedy) => {
    const specs = names.map((name) => spec('string', { name }));
    expect(parseInputs(specs, { [unknown]: 'x' })).toEqual({
      ok: false,
      error: {
        type: 'invalidInput',
        message: `The workflow has no input ${unknown}`,
        remedy,
        field: `inputs.${unknown}`,
      },
    });
  });
});

describe('properties', () => {
  const specs = fc
    .uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'))
    .chain((names) =>
      fc.tuple(
        ...names.map((name) => fc.constantFrom(...inputTypes).map((type) => spec(type, { name, required: false }))),
      ),
    );
  const texts = fc.oneof(fc.constantFrom('12', 'true', '[1,2]', 'a,b', '/x', ''), fc.string());
  const given = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.oneof(texts, fc.jsonValue()));

  test('whatever is given is either refused with a field, or taken so that taking it again changes nothing', () => {
    fc.assert(
      fc.property(specs, given, (rules, values) => {
        const once = parseInputs(rules, JSON.parse(JSON.stringify(values)));
        if (once.ok) {
          expect(parseInputs(rules, once.value)).toEqual(once);
          expect(Object.keys(once.value)).toEqual(rules.map(({ name }) => name));
        } else {
          expect(once.error.field).toMatch(/^inputs\.[a-e]$/);
        }
      }),
      { numRuns: 500 },
    );
  });
});

test('folders and files are listed for the check on disk, those without a value are not', () => {
  const specs = [
    spec('folder', { name: 'repository' }),
    spec('file', { name: 'notes', required: false }),
    spec('string', { name: 'name' }),
  ];
  expect(pathInputs(specs, { repository: '/work/app', notes: null, name: '/x' })).toEqual([
    { name: 'repository', type: 'folder', path: '/work/app' },
  ]);
});
