import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Gate } from '../../src-main/contract/policies.ts';
import { gateOperators, gateResultSchema } from '../../src-main/contract/policies.ts';
import type { JsonObject } from '../../src-main/contract/values.ts';
import { checkOutputGate, commandGateResult } from '../../src-main/core/gates.ts';

type OutputGate = Extract<Gate, { kind: 'output' }>;

const outputGate = (output: string, operator: OutputGate['operator'], value: OutputGate['value']): OutputGate => ({
  kind: 'output',
  name: `${output} ${operator} ${value}`,
  output,
  operator,
  value,
  level: 'blocking',
});

describe('a gate on an output', () => {
  test('tells what it found and what it wanted', () => {
    const gate = outputGate('coverage', '>=', 80);
    expect([checkOutputGate(gate, { coverage: 93.25 }), checkOutputGate(gate, { coverage: 79.99 })]).toEqual([
      {
        name: 'coverage >= 80',
        level: 'blocking',
        passed: true,
        actual: 93.25,
        expected: '>= 80',
        message: 'coverage is 93.25, as required (>= 80)',
      },
      {
        name: 'coverage >= 80',
        level: 'blocking',
        passed: false,
        actual: 79.99,
        expected: '>= 80',
        message: 'coverage is 79.99, but must be >= 80',
      },
    ]);
  });

  test.each([
    ['errors', '==', 0, { errors: 0 }, true],
    ['errors', '!=', 0, { errors: 0 }, false],
    ['errors', '<', 1, { errors: 1 }, false],
    ['errors', '<=', 1, { errors: 1 }, true],
    ['errors', '>', 1, { errors: 1 }, false],
    ['errors', '>', 9, { errors: 10 }, true],
    ['state', '==', 'ok', { state: 'ok' }, true],
    ['state', '!=', 'ok', { state: 'broken' }, true],
    ['clean', '==', true, { clean: true }, true],
    ['clean', '!=', true, { clean: true }, false],
    ['report.errors', '==', 0, { report: { errors: 0 } }, true],
    ['report.errors', '==', 0, { 'report.errors': 0, report: { errors: 7 } }, true],
    ['files.0', '==', 'a', { files: ['a', 'b'] }, true],
    ['files.length', '<', 2, { files: ['a', 'b'] }, false],
  ] as const)('%s %s %s on %j: %s', (output, operator, value, outputs, passed) => {
    expect(checkOutputGate(outputGate(output, operator, value), outputs).passed).toBe(passed);
  });

  test.each<[string, OutputGate, JsonObject, string]>([
    ['nothing', outputGate('coverage', '>=', 80), {}, 'coverage is missing; it must be >= 80'],
    ['null', outputGate('coverage', '!=', 80), { coverage: null }, 'coverage is null; it must be != 80'],
    [
      'a list',
      outputGate('coverage', '!=', 80),
      { coverage: [80] },
      'coverage is a list, which cannot be compared; it must be != 80',
    ],
    [
      'a map',
      outputGate('coverage', '==', 'x'),
      { coverage: { a: 1 } },
      'coverage is a map, which cannot be compared; it must be == "x"',
    ],
    [
      'a number as text',
      outputGate('coverage', '>=', 80),
      { coverage: '93' },
      'coverage is the string "93", which cannot be compared with a number; it must be >= 80',
    ],
    [
      'texts in order',
      outputGate('state', '<', 'b'),
      { state: 'a' },
      'state is the string "a", and only numbers have an order; it must be < "b"',
    ],
    [
      'a path into a text',
      outputGate('state.length', '==', 1),
      { state: 'a' },
      'state.length is missing; it must be == 1',
    ],
    [
      'a path into nothing',
      outputGate('report.errors', '==', 0),
      { report: null },
      'report.errors is missing; it must be == 0',
    ],
    [
      'an inherited property',
      outputGate('constructor.name', '!=', 'x'),
      {},
      'constructor.name is missing; it must be != "x"',
    ],
  ])('fails on %s with a sentence that says why', (_what, gate, outputs, message) => {
    expect(checkOutputGate(gate, outputs)).toMatchObject({ passed: false, message });
  });

  test('shortens a long text in its message, and keeps it whole as what it found', () => {
    const state = 'x'.repeat(5_000);
    const { message, actual } = checkOutputGate(outputGate('state', '==', 'ok'), { state });
    expect({ message, actual }).toEqual({
      message: `state is "${'x'.repeat(199)}…, but must be == "ok"`,
      actual: state,
    });
  });

  test('gives a valid result whatever the outputs are, and passes only by a true comparison', () => {
    const values = fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean());
    const outputs = fc.dictionary(fc.constantFrom('a', 'b', 'a.b'), fc.oneof(fc.jsonValue(), values));
    fc.assert(
      fc.property(outputs, fc.constantFrom(...gateOperators), values, (found, operator, value) => {
        const result = checkOutputGate(outputGate('a', operator, value), found as JsonObject);
        expect(gateResultSchema.parse(result)).toEqual(result);
        expect(result.passed && typeof found.a !== typeof value).toBe(false);
      }),
    );
  });
});

describe('a gate that runs a command', () => {
  const gate: Extract<Gate, { kind: 'command' }> = {
    kind: 'command',
    name: 'lint',
    argv: ['npm', 'run', 'lint'],
    level: 'warning',
    timeoutMs: 1_000,
  };

  test.each([
    [0, '', true, 'npm ended with exit code 0'],
    [1, '', false, 'npm ended with exit code 1'],
    [null, '', false, 'npm ended with no exit code'],
    [null, 'npm was stopped after 1 s', false, 'npm was stopped after 1 s'],
  ])('exit code %s with the message "%s": passed is %s', (exitCode, given, passed, message) => {
    expect(commandGateResult(gate, { exitCode, message: given })).toEqual({
      name: 'lint',
      level: 'warning',
      passed,
      actual: exitCode,
      expected: 'exit code 0',
      message,
    });
  });
});
