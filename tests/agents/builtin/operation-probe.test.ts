import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ChildProcesses } from '../../../src-main/agents/builtin/child-processes.ts';
import { probeOperation } from '../../../src-main/agents/builtin/operation-probe.ts';
import { prepareApplication, removeWorkspaces } from './workspace.ts';

const children = new ChildProcesses(new AbortController().signal);
let copyApplication: Awaited<ReturnType<typeof prepareApplication>>;

beforeAll(async () => {
  copyApplication = await prepareApplication();
}, 30_000);

afterAll(removeWorkspaces);

/** What the probe finds when "add" has this source. */
async function probeAdd(source: string) {
  const { repository } = await copyApplication();
  await writeFile(join(repository, 'src/operations/add.mjs'), source);
  return probeOperation(children, repository, 'add');
}

test('an operation that is right has no fault, and neither has one that nobody knows', async () => {
  const { repository } = await copyApplication();
  expect(await probeOperation(children, repository, 'divide')).toBeUndefined();
  expect(await probeOperation(children, repository, 'cosine')).toBeUndefined();
});

test('a result that should have been a refusal, and a refusal that should have been a result, are faults', async () => {
  const refusing = await probeAdd("export const add = { compute() { throw new Error('not today'); } };");
  expect(refusing).toEqual({
    operation: 'add',
    file: 'src/operations/add.mjs',
    values: [2, 3],
    expected: '5',
    actual: 'refused: not today',
  });
});

test('an operation that prints, exits, or is missing does not confuse the probe', async () => {
  expect(await probeAdd("console.log('hi'); export const add = { compute: (a, b) => a + b };")).toBeUndefined();
  expect(await probeAdd('process.exit(3);')).toMatchObject({ actual: 'it cannot be used: exit code 3' });
  expect(await probeAdd('export const sum = 1;')).toMatchObject({
    actual: expect.stringMatching(/cannot be used|refused/),
  });
});

test('an operation that never answers is stopped', { timeout: 15_000 }, async () => {
  expect(await probeAdd('export const add = { compute() { for (;;) {} } };')).toMatchObject({
    actual: expect.stringContaining('did not answer within'),
  });
});
