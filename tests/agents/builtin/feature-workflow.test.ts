import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureHere, runHere } from './run-here.ts';
import { runWorkflow } from './run-workflow.ts';
import { calculate, git, prepareApplication, removeWorkspaces } from './workspace.ts';

let copyApplication: Awaited<ReturnType<typeof prepareApplication>>;

beforeAll(async () => {
  copyApplication = await prepareApplication();
}, 30_000);

afterAll(removeWorkspaces);

describe('R12: the workflow "feature"', () => {
  test('adds an operation with tests on its own branch, tests it and deploys it', { timeout: 30_000 }, async () => {
    const { workspace, repository } = await copyApplication();
    const outputs = await runWorkflow(runHere, 'feature', workspace, { repository, operation: 'factorial' });
    expect(outputs.initialization).toMatchObject({
      folder: repository,
      operation: 'factorial',
      branch: 'feature/factorial',
    });
    expect(outputs.implementation).toMatchObject({ operation: 'factorial', version: '0.2.0' });
    expect(outputs.validation).toMatchObject({ errors: 0, warnings: 0 });
    expect(outputs.testing).toMatchObject({ failed: 0 });
    expect(outputs.integration).toMatchObject({ failed: 0 });
    expect(outputs.deployment).toMatchObject({ version: '0.2.0' });
    expect(await git(repository, 'branch', '--show-current')).toBe('feature/factorial');
    expect(await git(repository, 'log', '-1', '--format=%s')).toBe('Add the operation factorial');
    expect(await calculate(String(outputs.deployment?.current), 'calculator-app', 'factorial', '5')).toBe('120');
  });

  test('is done only once when initialization and implementation are repeated', async () => {
    const { workspace, repository } = await copyApplication();
    const inputs = { repository, operation: 'sqrt' };
    const first = await runWorkflow(runHere, 'feature', workspace, inputs, 'implementation');
    const second = await runWorkflow(runHere, 'feature', workspace, inputs, 'implementation');
    expect(second.implementation).toEqual(first.implementation);
    expect(await git(repository, 'log', '--format=%s', 'main..')).toBe('Add the operation sqrt');
  });

  test('goes on after a kill that left the change half written', async () => {
    const { workspace, repository } = await copyApplication();
    const inputs = { repository, operation: 'modulo' };
    await runWorkflow(runHere, 'feature', workspace, inputs, 'initialization');
    const manifest = join(repository, 'package.json');
    await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('0.1.0', '0.2.0'));
    await writeFile(join(repository, 'src/operations/modulo.mjs'), 'export const mod');
    await writeFile(join(repository, 'src/operations/modulo.mjs.4711.tmp'), 'export');
    const outputs = await runWorkflow(runHere, 'feature', workspace, inputs, 'validation');
    expect(outputs.implementation).toMatchObject({ version: '0.2.0' });
    expect(outputs.validation).toMatchObject({ errors: 0, warnings: 0, filesChecked: 24 });
    expect(await git(repository, 'status', '--porcelain')).toBe('');
  });

  test("leaves a person's other changes alone", async () => {
    const { workspace, repository } = await copyApplication();
    const add = join(repository, 'src/operations/add.mjs');
    await writeFile(add, `${await readFile(add, 'utf8')}\n// note\n`);
    await writeFile(join(repository, 'notes.txt'), 'mine');
    await runWorkflow(runHere, 'feature', workspace, { repository, operation: 'percent' }, 'implementation');
    expect((await git(repository, 'status', '--porcelain')).split('\n').map((line) => line.trim())).toEqual([
      'M src/operations/add.mjs',
      '?? notes.txt',
    ]);
  });
});

describe('feature/initialization refuses', () => {
  const start = (workspace: string, inputs: Record<string, unknown>) =>
    failureHere('scaffold', workspace, { workflow: 'feature', stage: 'initialization', inputs });

  test('an operation that it has no recipe for, with those it knows', async () => {
    const { workspace, repository } = await copyApplication();
    const { message, data } = await start(workspace, { repository, operation: 'cosine' });
    expect(message).toMatch(/"cosine" cannot be added: .*sqrt, modulo.*real AI agent/);
    expect(data).toMatchObject({ signalbox: { class: 'fatal' } });
  });

  test('an operation that the calculator has', async () => {
    const { workspace, repository } = await copyApplication();
    expect((await start(workspace, { repository, operation: 'divide' })).message).toContain(
      'has the operation divide already',
    );
  });

  test('a folder without an application, an empty one, and one without a repository', async () => {
    const { workspace, repository } = await copyApplication();
    expect((await start(workspace, { repository: join(workspace, 'nowhere'), operation: 'sqrt' })).message).toContain(
      'no calculator application in',
    );
    expect((await start(workspace, { repository: ' ', operation: 'sqrt' })).message).toContain('its folder is empty');
    await writeFile(join(workspace, 'spec.json'), await readFile(join(repository, 'spec.json'), 'utf8'));
    expect((await start(workspace, { repository: workspace, operation: 'sqrt' })).message).toContain(
      'is not a git repository',
    );
  });
});
