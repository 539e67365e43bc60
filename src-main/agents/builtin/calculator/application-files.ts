import { applicationSource } from './application-source.ts';
import { applicationTests } from './application-tests.ts';
import { findRecipes } from './operation-catalogue.ts';
import {
  operationPath,
  operationTestPath,
  renderOperation,
  renderOperationTable,
  renderOperationTest,
} from './render-operation.ts';
import type { Specification } from './specification.ts';

/** Version of an application that was just scaffolded. */
export const FIRST_VERSION = '0.1.0';

/** Path of the table of operations inside the application. */
export const OPERATION_TABLE = 'src/operations/index.mjs';

/** Files of a whole application by path inside it, without the specification, which exists already. */
export function renderApplication(specification: Specification): Record<string, string> {
  const { name, operations } = specification;
  return {
    'package.json': renderPackage(name, FIRST_VERSION),
    'README.md': renderReadme(specification),
    [`bin/${name}.mjs`]: renderProgram(),
    ...applicationSource,
    ...renderOperations(operations),
    ...applicationTests(name),
  };
}

/** Modules and tests of the operations, and their table. */
export function renderOperations(names: readonly string[]): Record<string, string> {
  const files = findRecipes(names).flatMap((recipe) => [
    [operationPath(recipe.name), renderOperation(recipe)],
    [operationTestPath(recipe.name), renderOperationTest(recipe)],
  ]);
  return { ...Object.fromEntries(files), [OPERATION_TABLE]: renderOperationTable(names) };
}

/** The instructions for people, in Markdown. */
export function renderReadme({ name, operations }: Specification): string {
  const rows = findRecipes(operations).flatMap(({ name: operation, summary, parameters, examples }) =>
    examples.slice(0, 1).map(({ values }) => {
      const query = parameters.map((parameter, index) => `${parameter}=${values[index]}`).join('&');
      return `| ${summary} | \`${[operation, ...values].join(' ')}\` | \`/${operation}?${query}\` |`;
    }),
  );
  const lines = [
    `# ${name}`,
    '',
    'A small calculator with a command line and an HTTP server. It needs Node.js 18 or newer and no packages.',
    '',
    '```sh',
    `node bin/${name}.mjs add 2 3             # prints 5`,
    `node bin/${name}.mjs serve --port 8080   # then: curl 'http://127.0.0.1:8080/add?a=2&b=3'`,
    'npm test',
    '```',
    '',
    '| answers | command | HTTP |',
    '| --- | --- | --- |',
    ...rows,
    '',
    'Over HTTP a result is `{"result": 5}`. Wrong input is answered with 400 and `{"error": "…"}`, an unknown',
    'operation with 404. `GET /health` answers `{"status": "ok"}`.',
    '',
    'Every operation is one file in `src/operations`, listed in `src/operations/index.mjs`. What the calculator is',
    'to do stands in `SPEC.md`.',
  ];
  return `${lines.join('\n')}\n`;
}

function renderPackage(name: string, version: string): string {
  const manifest = {
    name,
    version,
    description: 'A calculator with a command line and an HTTP server',
    private: true,
    type: 'module',
    bin: { [name]: `bin/${name}.mjs` },
    exports: './src/calculate.mjs',
    files: ['bin', 'src', 'README.md', 'SPEC.md', 'spec.json'],
    scripts: { start: `node bin/${name}.mjs serve`, test: 'node --test' },
    engines: { node: '>=18' },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

function renderProgram(): string {
  return `#!/usr/bin/env node
import { runCommand } from '../src/command-line.mjs';

process.exitCode = await runCommand(process.argv.slice(2));
`;
}
