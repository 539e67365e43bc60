import { EvaluationError } from '@marcbachmann/cel-js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { err, ok } from '../../src-main/contract/result.ts';
import type { Json, JsonObject } from '../../src-main/contract/values.ts';
import { asFault } from '../../src-main/core/expression-language.ts';
import { findReferences } from '../../src-main/core/expression-references.ts';
import type { ExpressionScope } from '../../src-main/core/expressions.ts';
import {
  checkExpression,
  evaluateCondition,
  fillKnown,
  fillTemplate,
  fillValue,
  findTemplates,
} from '../../src-main/core/expressions.ts';

const scope: ExpressionScope = {
  inputs: { name: 'calc', count: 3, ratio: 2.5, list: ['a', 'b'], nothing: null, deep: { 'a-b': { c: 1 } } },
  stages: { build: { state: 'completed', outputs: { coverage: 93.5, errors: 0, ready: true } } },
  run: { id: 'run_1', folder: '/work' },
};

const withInputs = (inputs: JsonObject): ExpressionScope => ({ ...scope, inputs });
/** A value in the whole-template form, which keeps its type. */
const evaluated = (expression: string, from: ExpressionScope = scope) => fillValue(`\${{ ${expression} }}`, from);

describe('checkExpression', () => {
  test.each([
    ['inputs.name == "x" && stages.build.outputs.errors < 1', null],
    ['inputs.list.exists(item, item.startsWith("a"))', null],
    ['inputs.count * 2.5 > 7', null],
    ['', { message: 'The expression is empty', offset: 0 }],
    ['  \n', { message: 'The expression is empty', offset: 0 }],
    ['inputs.name ==', { message: 'The expression ends too early', offset: 14 }],
    ['inputs.name = "x"', { message: 'Unexpected character: =', offset: 12 }],
    ['name == "x"', { message: 'Unknown variable: name; an expression may use inputs, stages and run', offset: 0 }],
    ['1 + "a"', { message: 'no such overload: int + string', offset: 0 }],
  ])('%j: %j', (source, fault) => {
    expect(checkExpression(source)).toEqual(fault);
  });

  test.each(['matches', 'bind', 'timestamp', 'b64', 'type'])(
    'refuses the function %s, with those that are known',
    (name) => {
      expect(checkExpression(`inputs.name.${name}("(a+)+")`)).toEqual({
        message: expect.stringMatching(
          new RegExp(`^Unknown function: ${name}; known are all, bool, contains, .*upperAscii$`),
        ),
        offset: expect.any(Number),
      });
      expect(checkExpression(`${name}("x")`)?.message).toMatch(`Unknown function: ${name};`);
    },
  );

  test('refuses a source that is too long, one with too many parts and one that is nested too deep', () => {
    expect([
      checkExpression('1'.repeat(2_001)),
      checkExpression('1+'.repeat(600) + 1),
      checkExpression('('.repeat(500) + 1 + ')'.repeat(500)),
    ]).toEqual([
      { message: 'The expression has 2001 characters; at most 2000 are allowed', offset: 2_000 },
      { message: 'Exceeded maxAstNodes (400)', offset: expect.any(Number) },
      { message: 'Exceeded maxDepth (40)', offset: expect.any(Number) },
    ]);
  });

  test('a fault that the library places nowhere is placed at the start', () => {
    expect(asFault(new EvaluationError('it broke'))).toEqual({ message: 'it broke', offset: 0 });
  });

  test('demands of a condition that it can give true or false', () => {
    expect([
      checkExpression('inputs.count > 1', 'condition'),
      checkExpression('inputs.flag', 'condition'),
      checkExpression('size(inputs.list)', 'condition'),
    ]).toEqual([null, null, { message: 'A condition must give true or false, but this gives a int', offset: 0 }]);
  });

  test('never throws, and points into the source, whatever the source is', () => {
    const pieces = fc.constantFrom(
      'inputs',
      '.',
      'a',
      '[',
      ']',
      '(',
      ')',
      '"',
      "'",
      '1',
      '+',
      '&&',
      '{',
      '}',
      '\\',
      ' ',
      '?',
      ':',
    );
    const sources = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(sources, (source) => {
        const offset = checkExpression(source)?.offset ?? 0;
        expect(offset).toBeGreaterThanOrEqual(0);
        expect(offset).toBeLessThanOrEqual(source.length);
      }),
      { numRuns: 500 },
    );
  });
});

describe('evaluateCondition', () => {
  test.each([
    ['inputs.name == "calc"', true],
    ['inputs.count == 3 && inputs.count < 3.5 && inputs.count + 1 == 4', true],
    ['stages.build.outputs.coverage >= 80', true],
    ['stages.build.state == "failed"', false],
    ['has(inputs.other) || inputs.nothing != null', false],
    ['"a-b" in inputs.deep && size(inputs.deep) == 1 && inputs.deep == {"a-b": {"c": 1}}', true],
    ['inputs.deep.exists(key, key.startsWith("a")) && has(inputs.deep)', true],
    ['"a" in inputs.list && inputs.list[1] == "b"', true],
    ['inputs.deep["a-b"].c == 1', true],
    ['inputs.list.all(item, item.size() == 1)', true],
    ['run.folder.endsWith("work")', true],
  ])('%s: %s', (source, value) => {
    expect(evaluateCondition(source, scope)).toEqual(ok(value));
  });

  test.each([
    ['inputs.other', 'The expression "inputs.other" could not be evaluated: No such key: other'],
    ['inputs.name', 'The expression "inputs.name" must give true or false, but gave "calc"'],
    ['inputs.name &&', 'The expression "inputs.name &&" is not valid: The expression ends too early'],
    ['1 / 0 == 1', 'The expression "1 / 0 == 1" could not be evaluated: division by zero'],
    ['inputs.constructor', 'The expression "inputs.constructor" could not be evaluated: No such key: constructor'],
    ['inputs.__proto__', 'The expression "inputs.__proto__" could not be evaluated: No such key: __proto__'],
  ])('%s is an error in words', (source, message) => {
    expect(evaluateCondition(source, scope)).toEqual(err(message));
  });

  test('shortens what it repeats', () => {
    const result = evaluateCondition('inputs.name', withInputs({ name: 'x'.repeat(5_000) }));
    expect(result).toEqual(err(`The expression "inputs.name" must give true or false, but gave "${'x'.repeat(199)}…`));
  });
});

describe('fillTemplate', () => {
  test.each([
    ['plain text, $name and {{ braces }}', 'plain text, $name and {{ braces }}'],
    ['Build ${{ inputs.name }} with ${{ inputs.count + 1 }} tests', 'Build calc with 4 tests'],
    ['${{inputs.ratio}}|${{stages.build.outputs.ready}}|${{inputs.nothing}}|', '2.5|true||'],
    ['${{ inputs.list }} ${{ inputs.deep }}', '["a","b"] {"a-b":{"c":1}}'],
    ['${{ "}}" + \'"\' + "\\"}}" }}', '}}""}}'],
    ['${{ {"a": {"b": 1}} }}', '{"a":{"b":1}}'],
    ["${{ '${{' }} is how a template starts", '${{ is how a template starts'],
  ])('%s', (template, filled) => {
    expect(fillTemplate(template, scope)).toEqual(ok(filled));
  });

  test.each([
    ['go ${{ inputs.name', 'The template at character 4 has no closing "}}"'],
    ['${{ "a }}', 'The template at character 1 has no closing "}}"'],
    ['${{ }}', 'The expression "" is not valid: The expression is empty'],
    ['${{ inputs.other }}', 'The expression "inputs.other" could not be evaluated: No such key: other'],
    [
      '${{ b"a" }}',
      'The expression "b"a"" gives a value that is neither text, number, true or false, null, list nor map',
    ],
    [
      '${{ 1.0 / 0.0 }}',
      'The expression "1.0 / 0.0" gives Infinity, which is not a number that JSON holds without loss',
    ],
    [
      '${{ 9007199254740993 }}',
      'The expression "9007199254740993" gives 9007199254740993, which is not a number that JSON holds without loss',
    ],
  ])('%s is an error in words', (template, message) => {
    expect(fillTemplate(template, scope)).toEqual(err(message));
  });

  test('refuses a text that grows too large', () => {
    const large = withInputs({ text: 'x'.repeat(600_000) });
    expect([
      fillTemplate('${{ inputs.text }}${{ inputs.text }}', large),
      fillTemplate('${{ inputs.text + inputs.text }}', large),
    ]).toEqual([
      err('The text has more than 1000000 characters once its templates are filled in'),
      err('The expression "inputs.text + inputs.text" gives a value that is too large'),
    ]);
  });

  test('what a value contains is never read as a template', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, before) => {
        const start = before.replaceAll('$', '');
        const value = `${text}\${{ inputs.name }}`;
        expect(fillTemplate(`${start}\${{ inputs.name }}`, withInputs({ name: value }))).toEqual(ok(start + value));
      }),
    );
  });
});

describe('fillValue', () => {
  test('fills strings however deep, keeps everything else, and keeps the type of a whole template', () => {
    const value = {
      files: '${{ inputs.list }}',
      more: ['${{ inputs.count }}', ' ${{ inputs.count }}', 7, null, true],
      '${{ key }}': { text: 'for ${{ inputs.name }}', both: '${{ inputs.count }}${{ inputs.count }}' },
    };
    expect(fillValue(value, scope)).toEqual(
      ok({
        files: ['a', 'b'],
        more: [3, ' 3', 7, null, true],
        '${{ key }}': { text: 'for calc', both: '33' },
      }),
    );
  });

  test('reports the first expression that fails', () => {
    expect(fillValue({ a: ['${{ inputs.name }}', '${{ inputs.x }}', '${{ inputs.y }}'] }, scope)).toEqual(
      err('The expression "inputs.x" could not be evaluated: No such key: x'),
    );
  });

  test('any JSON value comes through an expression unchanged', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = JSON.parse(JSON.stringify(value)) as Json;
        expect(evaluated('inputs.value', withInputs({ value: json }))).toEqual(ok(json));
      }),
    );
  });

  test('a key named like a part of JavaScript is a key like any other', () => {
    const inputs = JSON.parse('{"value": {"__proto__": {"constructor": 1}}}') as JsonObject;
    expect(evaluated('inputs.value["__proto__"]["constructor"]', withInputs(inputs))).toEqual(ok(1));
    expect(JSON.stringify(evaluated('inputs.value', withInputs(inputs)))).toContain('"__proto__":{"constructor":1}');
  });

  test('a value that is nested too deep is refused', () => {
    let deep: Json = 1;
    for (let level = 0; level < 20_000; level += 1) {
      deep = [deep];
    }
    expect(evaluated('inputs.deep', withInputs({ deep }))).toEqual(
      err(expect.stringMatching(/could not be evaluated: It takes too much: RangeError/)),
    );
  });
});

describe('the cost of an expression is bounded', () => {
  const long = withInputs({
    list: Array.from({ length: 20_000 }, (_, index) => `item ${index}`),
    text: 'a,'.repeat(90_000),
  });

  test('one pass over a long list is fine', () => {
    expect(
      evaluated('inputs.list.filter(item, item.endsWith("999")).size()', {
        ...long,
        inputs: { list: long.inputs.list ?? [] },
      }),
    ).toEqual(ok(20));
  });

  test.each([
    'inputs.list.exists(a, inputs.list.exists(b, a + b == "x"))',
    'inputs.list.map(a, inputs.list) == inputs.list.map(a, inputs.list)',
    'inputs.text.split(",").all(a, inputs.text.contains(a))',
  ])('%s is refused before it starts', (source) => {
    expect(evaluateCondition(source, long)).toEqual(
      err(`The expression "${source}" would take too long on values of this size; move the work into a stage`),
    );
  });

  test('a result with too many values is refused', () => {
    const inputs = { list: Array.from({ length: 400 }, (_, index) => index) };
    expect(evaluated('inputs.list.map(a, inputs.list)', withInputs(inputs))).toEqual(
      err('The expression "inputs.list.map(a, inputs.list)" gives a value that is too large'),
    );
  });
});

describe('findTemplates and findReferences', () => {
  test('tell where each expression starts', () => {
    expect(findTemplates('a ${{ x }}, ${{y}} and ${{ z')).toEqual([
      { expression: ' x ', offset: 5 },
      { expression: 'y', offset: 15 },
    ]);
  });

  test('tell every name an expression takes from its scope', () => {
    const source = 'inputs.a == stages["e2e-b"].outputs.inputs && has(run.id) ? [inputs["c"]] : inputs[run.id].list[0]';
    expect(
      findReferences(source).map(({ root, name, offset }) => [root, name, source.slice(offset, offset + 3)]),
    ).toEqual([
      ['inputs', 'a', 'a ='],
      ['stages', 'e2e-b', '"e2'],
      ['run', 'id', 'id)'],
      ['inputs', 'c', '"c"'],
      ['run', 'id', 'id]'],
    ]);
    expect(findReferences('inputs.')).toEqual([]);
  });
});

test('fillKnown fills in what is known and can be evaluated, and leaves the rest as it is written', () => {
  const text = 'a ${{ inputs.name }} b ${{ inputs.nothing }} c ${{ stages.x.state }} d ${{';
  expect(fillKnown(text, withInputs({ name: 'N' }), (expression) => !expression.includes('stages'))).toBe(
    'a N b ${{ inputs.nothing }} c ${{ stages.x.state }} d ${{',
  );
});
