import type { Gate, GateResult } from '../contract/policies.ts';
import type { Json, JsonObject } from '../contract/values.ts';

type OutputGate = Extract<Gate, { kind: 'output' }>;
type CommandGate = Extract<Gate, { kind: 'command' }>;
type Scalar = string | number | boolean;

/**
 * Compares one output with the gate's value. Whatever cannot be compared fails with a sentence that says why: a gate
 * never passes by accident. The output is looked up by its full name, then as a dotted path into nested outputs
 * (`report.errors`; of a list also `files.0` and `files.length`).
 */
export function checkOutputGate(gate: OutputGate, outputs: JsonObject): GateResult {
  const found = lookUp(outputs, gate.output);
  const expected = `${gate.operator} ${show(gate.value)}`;
  const actual = isScalar(found) ? found : null;
  const obstacle = findObstacle(gate, found);
  const passed = obstacle === null && compare(gate.operator, found as Scalar, gate.value);
  return { name: gate.name, level: gate.level, passed, actual, expected, message: say() };

  function say(): string {
    if (obstacle !== null) {
      return `${gate.output} ${obstacle}; it must be ${expected}`;
    }
    const is = `${gate.output} is ${show(found as Scalar)}`;
    return passed ? `${is}, as required (${expected})` : `${is}, but must be ${expected}`;
  }
}

/** The result of a gate whose verifying command has ended: exit code 0 passes, everything else fails. */
export function commandGateResult(
  gate: CommandGate,
  result: { readonly exitCode: number | null; readonly message: string },
): GateResult {
  return {
    name: gate.name,
    level: gate.level,
    passed: result.exitCode === 0,
    actual: result.exitCode,
    expected: 'exit code 0',
    message: result.message === '' ? `${gate.argv[0]} ended with ${exitName(result.exitCode)}` : result.message,
  };
}

function exitName(exitCode: number | null): string {
  return exitCode === null ? 'no exit code' : `exit code ${exitCode}`;
}

function lookUp(outputs: JsonObject, path: string): Json | undefined {
  if (Object.hasOwn(outputs, path)) {
    return outputs[path];
  }
  let value: Json | undefined = outputs;
  for (const key of path.split('.')) {
    value = typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? at(value, key) : undefined;
  }
  return value;
}

function at(value: readonly Json[] | JsonObject, key: string): Json | undefined {
  return (value as JsonObject)[key];
}

function isScalar(value: Json | undefined): value is Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** Why the two cannot be compared, as the end of a sentence about the output; null when they can. */
function findObstacle(gate: OutputGate, found: Json | undefined): string | null {
  if (found === undefined || found === null) {
    return found === undefined ? 'is missing' : 'is null';
  }
  if (!isScalar(found)) {
    return `is a ${Array.isArray(found) ? 'list' : 'map'}, which cannot be compared`;
  }
  if (typeof found !== typeof gate.value) {
    return `is the ${typeof found} ${show(found)}, which cannot be compared with a ${typeof gate.value}`;
  }
  if (typeof found !== 'number' && gate.operator !== '==' && gate.operator !== '!=') {
    return `is the ${typeof found} ${show(found)}, and only numbers have an order`;
  }
  return null;
}

function compare(operator: OutputGate['operator'], actual: Scalar, expected: Scalar): boolean {
  switch (operator) {
    case '==':
      return actual === expected;
    case '!=':
      return actual !== expected;
    case '<':
      return actual < expected;
    case '<=':
      return actual <= expected;
    case '>':
      return actual > expected;
    case '>=':
      return actual >= expected;
  }
}

/** Longest text of an output that a message repeats, in characters. */
const shownLength = 200;

function show(value: Scalar): string {
  const text = JSON.stringify(value);
  return text.length > shownLength ? `${text.slice(0, shownLength)}…` : text;
}
