import type { OperationExample, OperationRecipe, OperationRefusal } from './operation-recipe.ts';

/** Path of an operation's module inside the application. */
export function operationPath(name: string): string {
  return `src/operations/${name}.mjs`;
}

/** Path of an operation's test inside the application. */
export function operationTestPath(name: string): string {
  return `test/operations/${name}.test.mjs`;
}

/** Source of one operation's module. */
export function renderOperation(recipe: OperationRecipe): string {
  const parameters = recipe.parameters.join(', ');
  const guards = recipe.guards.flatMap(({ condition, reason }) => [
    `if (${condition}) {`,
    `  throw new CalculatorError('${reason}');`,
    '}',
  ]);
  const lines = [
    ...(guards.length > 0 ? ["import { CalculatorError } from '../calculator-error.mjs';", ''] : []),
    `/** Answers ${recipe.summary}. */`,
    `export const ${recipe.name} = {`,
    `  name: '${recipe.name}',`,
    `  summary: '${recipe.summary}',`,
    `  parameters: [${recipe.parameters.map((parameter) => `'${parameter}'`).join(', ')}],`,
    `  compute(${parameters}) {`,
    ...[...guards, ...recipe.body].map((line) => `    ${line}`),
    '  },',
    '};',
  ];
  return `${lines.join('\n')}\n`;
}

/** Source of the table of all operations; one import and one entry per name. */
export function renderOperationTable(names: readonly string[]): string {
  const imports = [...names].sort().map((name) => `import { ${name} } from './${name}.mjs';`);
  const lines = [
    ...imports,
    '',
    '/** Every operation of the calculator by its name. */',
    `export const operations = new Map(`,
    `  [${names.join(', ')}].map((operation) => [operation.name, operation]),`,
    ');',
  ];
  return `${lines.join('\n')}\n`;
}

/** Source of one operation's tests. */
export function renderOperationTest(recipe: OperationRecipe): string {
  const lines = [
    "import assert from 'node:assert/strict';",
    "import { test } from 'node:test';",
    "import { calculate } from '../../src/calculate.mjs';",
    ...recipe.examples.flatMap((example) => ['', ...renderExample(recipe.name, example)]),
    ...recipe.refusals.flatMap((refusal) => ['', ...renderRefusal(recipe.name, refusal)]),
  ];
  return `${lines.join('\n')}\n`;
}

function renderExample(name: string, { values, result }: OperationExample): string[] {
  return [
    `test('${[name, ...values].join(' ')} is ${result}', () => {`,
    `  assert.equal(calculate('${name}', [${renderTexts(values)}]), ${result});`,
    '});',
  ];
}

function renderRefusal(name: string, { values, reason }: OperationRefusal): string[] {
  return [
    `test('${[name, ...values].join(' ')} is refused', () => {`,
    `  assert.throws(() => calculate('${name}', [${renderTexts(values)}]), /${reason}/);`,
    '});',
  ];
}

function renderTexts(values: readonly number[]): string {
  return values.map((value) => `'${value}'`).join(', ');
}
