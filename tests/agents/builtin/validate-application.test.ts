import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runHere } from './run-here.ts';
import { prepareApplication, removeWorkspaces } from './workspace.ts';

let copyApplication: Awaited<ReturnType<typeof prepareApplication>>;

beforeAll(async () => {
  copyApplication = await prepareApplication();
}, 30_000);

afterAll(removeWorkspaces);

/** Outputs of the validation after a change to a sound application. */
async function validateAfter(change: (repository: string) => Promise<unknown>) {
  const { workspace, repository } = await copyApplication();
  await change(repository);
  const task = { workflow: 'bugfix', stage: 'validation', inputs: { repository } };
  return (await runHere('validation', workspace, task)).outputs;
}

test('a missing and an empty file are errors', async () => {
  const outputs = await validateAfter(async (repository) => {
    await rm(join(repository, 'test/operations/add.test.mjs'));
    await writeFile(join(repository, 'README.md'), '\n');
  });
  expect(outputs).toMatchObject({
    errors: 2,
    findings: [
      { severity: 'error', file: 'README.md', message: 'the file is empty' },
      { severity: 'error', file: 'test/operations/add.test.mjs', message: 'the file is missing' },
    ],
  });
});

test('wrong syntax is an error with the reason that Node gives', async () => {
  const outputs = await validateAfter((repository) =>
    appendFile(join(repository, 'src/operations/add.mjs'), 'const = 1;\n'),
  );
  expect(outputs).toMatchObject({
    errors: 1,
    findings: [{ file: 'src/operations/add.mjs', message: expect.stringContaining('SyntaxError') }],
  });
});

test('broken JSON is an error, and so is a package.json that does not fit', async () => {
  const broken = await validateAfter((repository) => writeFile(join(repository, 'extra.json'), '{'));
  expect(broken).toMatchObject({ errors: 1, findings: [{ file: 'extra.json' }] });
  const unfit = await validateAfter(async (repository) => {
    const path = join(repository, 'package.json');
    const { description, scripts, ...manifest } = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...manifest, name: 'other' }));
  });
  expect(unfit).toMatchObject({ errors: 2, warnings: 1 });
  expect(await validateAfter((repository) => writeFile(join(repository, 'package.json'), '{}'))).toMatchObject({
    errors: 1,
  });
});

test('imports of what does not exist are errors, an export that nobody imports is a warning', async () => {
  const outputs = await validateAfter(async (repository) => {
    await writeFile(
      join(repository, 'src/extra.mjs'),
      "import { gone, operations as all } from './operations/index.mjs';\nimport { x } from './nowhere.mjs';\nimport 'node:fs';\nconst lonely = [all, gone, x];\nexport { lonely as unused };\n",
    );
  });
  expect(outputs?.findings).toEqual([
    {
      severity: 'error',
      file: 'src/extra.mjs',
      message: 'it imports gone, which src/operations/index.mjs does not export',
    },
    { severity: 'error', file: 'src/extra.mjs', message: 'it imports src/nowhere.mjs, which does not exist' },
    { severity: 'warning', file: 'src/extra.mjs', message: 'nobody imports unused' },
  ]);
  expect(outputs).toMatchObject({ errors: 2, warnings: 1 });
});

test('a debugger statement and an unresolved merge are errors, an operation that prints is a warning', async () => {
  const outputs = await validateAfter(async (repository) => {
    await appendFile(join(repository, 'src/calculate.mjs'), 'debugger;\n');
    await appendFile(join(repository, 'src/operations/add.mjs'), "console.log('added');\n");
    await appendFile(join(repository, 'src/http-server.mjs'), '/*\n<<<<<<< mine\n*/\n');
  });
  expect(outputs).toMatchObject({ errors: 2, warnings: 1 });
});
