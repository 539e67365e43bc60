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

async function breakFile(path: string, from: string, to: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  expect(text).toContain(from);
  await writeFile(path, text.replace(from, to));
}

describe('R12: the workflow "bugfix"', () => {
  test('finds a committed fault, repairs exactly it, tests and deploys', { timeout: 30_000 }, async () => {
    const { workspace, repository } = await copyApplication();
    await breakFile(join(repository, 'src/operations/multiply.mjs'), 'a * b', 'a + b');
    await git(repository, 'commit', '-q', '-a', '-m', 'Break it');
    const outputs = await runWorkflow(runHere, 'bugfix', workspace, { repository, description: 'results are wrong' });
    expect(outputs.debugging).toMatchObject({
      operation: 'multiply',
      file: 'src/operations/multiply.mjs',
      values: [6, 7],
      expected: '42',
      actual: '13',
    });
    expect(outputs.debugging?.failingTests).toContain('multiply 6 7 is 42');
    expect(outputs.fixing).toMatchObject({ operation: 'multiply', version: '0.1.1' });
    expect(outputs.testing).toMatchObject({ failed: 0 });
    expect(await git(repository, 'show', '--stat', '--format=', '--name-only', 'HEAD')).toBe(
      'package.json\nsrc/operations/multiply.mjs',
    );
    expect(await calculate(String(outputs.deployment?.current), 'calculator-app', 'multiply', '6', '7')).toBe('42');
    const again = await runHere('scaffold', workspace, {
      workflow: 'bugfix',
      stage: 'fixing',
      inputs: { repository },
      outputs,
    });
    expect(again.outputs).toEqual(outputs.fixing);
  });

  test('restores a fault that was never committed without making a commit', async () => {
    const { workspace, repository } = await copyApplication();
    const head = await git(repository, 'rev-parse', 'HEAD');
    await breakFile(join(repository, 'src/operations/divide.mjs'), 'if (b === 0)', 'if (b === 1)');
    const outputs = await runWorkflow(runHere, 'bugfix', workspace, { repository }, 'fixing');
    expect(outputs.debugging).toMatchObject({
      operation: 'divide',
      values: [1, 0],
      expected: 'refused: division by zero',
      actual: 'Infinity',
    });
    expect(outputs.fixing).toMatchObject({ commit: head, version: '0.1.0' });
    expect(await git(repository, 'status', '--porcelain')).toBe('');
  });

  test('works on a repository that is on no branch', async () => {
    const { workspace, repository } = await copyApplication();
    await git(repository, 'checkout', '-q', '--detach');
    const { initialization } = await runWorkflow(runHere, 'bugfix', workspace, { repository }, 'initialization');
    expect(initialization).toMatchObject({ branch: '', commit: await git(repository, 'rev-parse', 'HEAD') });
  });

  test('looks first at the operation that the description mentions', async () => {
    const { workspace, repository } = await copyApplication();
    await breakFile(join(repository, 'src/operations/add.mjs'), 'a + b', 'a');
    await breakFile(join(repository, 'src/operations/subtract.mjs'), 'a - b', 'b');
    const inputs = { repository, description: 'Subtract gives nonsense' };
    expect((await runWorkflow(runHere, 'bugfix', workspace, inputs, 'debugging')).debugging).toMatchObject({
      operation: 'subtract',
    });
  });

  test('names an operation that cannot be loaded at all', async () => {
    const { workspace, repository } = await copyApplication();
    await breakFile(join(repository, 'src/operations/add.mjs'), 'compute(a, b) {', 'compute(a, b) {{');
    const { debugging } = await runWorkflow(runHere, 'bugfix', workspace, { repository }, 'debugging');
    expect(debugging).toMatchObject({
      operation: 'add',
      actual: expect.stringMatching(/cannot be used: .*SyntaxError/),
    });
  });

  test('says so when nothing fails', async () => {
    const { workspace, repository } = await copyApplication();
    const { message, data } = await failureHere('e2e', workspace, {
      workflow: 'bugfix',
      stage: 'debugging',
      inputs: { repository },
    });
    expect(message).toMatch(/^No failing operation found: every test passes/);
    expect(data).toMatchObject({ signalbox: { class: 'fatal' } });
  });

  test('says so when tests fail although every operation is right', async () => {
    const { workspace, repository } = await copyApplication();
    await breakFile(join(repository, 'src/http-server.mjs'), "status: 'ok'", "status: 'fine'");
    const { message } = await failureHere('e2e', workspace, {
      workflow: 'bugfix',
      stage: 'debugging',
      inputs: { repository },
    });
    expect(message).toMatch(
      /every operation answers as it should, so the failing tests \("the health page answers ok"\) show a fault elsewhere/,
    );
  });

  test('has nothing to repair without the outputs of debugging, or without a known-good source', async () => {
    const { workspace, repository } = await copyApplication();
    const task = { workflow: 'bugfix', stage: 'fixing', inputs: { repository } };
    expect((await failureHere('scaffold', workspace, task)).message).toContain('There is nothing to repair');
    const foreign = { ...task, outputs: { debugging: { operation: 'cosine' } } };
    expect((await failureHere('scaffold', workspace, foreign)).message).toContain('no known-good source');
  });
});
