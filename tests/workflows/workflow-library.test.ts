import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { api } from '../../src-main/contract/api.ts';
import { workflowVersionSchema } from '../../src-main/contract/workflow.ts';
import type { WorkflowLibrary } from '../../src-main/core/ports.ts';
import { createWorkflowLibrary } from '../../src-main/workflows/workflow-library.ts';
import { makeFolder, removeFolder } from '../support/temporary-folder.ts';

const workflow = (name: string, script = 'make') => `name: ${name}\nstages:\n  build: { run: ${script} }\n`;

let folder = '';
let bundledFolder = '';
let userFolder = '';
let library: WorkflowLibrary;

beforeEach(() => {
  folder = makeFolder();
  bundledFolder = join(folder, 'bundled');
  userFolder = join(folder, 'data', 'workflows');
  mkdirSync(bundledFolder);
  mkdirSync(userFolder, { recursive: true });
  library = createWorkflowLibrary({ bundledFolder, dataFolder: join(folder, 'data') });
});

afterEach(() => {
  removeFolder(folder);
});

async function listed(): Promise<unknown[]> {
  return (await library.list()).map(({ summary }) => [
    summary.name,
    summary.origin,
    summary.problems.map(({ message }) => message),
  ]);
}

describe('list', () => {
  test('is empty where there is nothing', async () => {
    removeFolder(folder);
    expect(await library.list()).toEqual([]);
  });

  test("has bundled workflows and the user's, by name; the user's replace bundled ones", async () => {
    writeFileSync(join(bundledFolder, 'app.yaml'), workflow('app'));
    writeFileSync(join(bundledFolder, 'bugfix.yaml'), workflow('bugfix'));
    writeFileSync(join(userFolder, 'my-own.yml'), workflow('app', 'mine'));
    writeFileSync(join(userFolder, 'another.yaml'), workflow('another'));
    writeFileSync(join(userFolder, 'notes.txt'), 'not a workflow');
    writeFileSync(join(userFolder, '.hidden.yaml'), workflow('hidden'));
    expect(await listed()).toEqual([
      ['another', 'user', []],
      ['app', 'user', []],
      ['bugfix', 'bundled', []],
    ]);
  });

  test('sees a file that was changed since', async () => {
    writeFileSync(join(userFolder, 'a.yaml'), workflow('a'));
    const before = await library.find('a');
    writeFileSync(join(userFolder, 'a.yaml'), workflow('a', 'other'));
    const after = await library.find('a');
    expect(after?.version?.hash).not.toBe(before?.version?.hash);
  });

  test('shows broken files with their problems, under the name they claim or that of the file', async () => {
    writeFileSync(join(bundledFolder, 'app.yaml'), workflow('app'));
    writeFileSync(join(userFolder, 'copy.yaml'), 'name: app\nstages: {}');
    writeFileSync(join(userFolder, '1 My File!.yaml'), '[');
    writeFileSync(join(userFolder, '42.yaml'), '');
    writeFileSync(join(userFolder, 'binary.yaml'), Buffer.from([0x6e, 0xff, 0xfe]));
    writeFileSync(join(userFolder, 'huge.yaml'), 'x'.repeat(1_000_001));
    mkdirSync(join(userFolder, 'folder.yaml'));
    expect(await listed()).toEqual([
      ['app', 'user', ['stages must not be empty']],
      ['binary', 'user', ['The file is not UTF-8 text; save it as UTF-8']],
      ['folder', 'user', ['This is not a file']],
      ['huge', 'user', ['The file is larger than 1000 kB; move long texts into files of their own']],
      ['my-file', 'user', [expect.stringContaining('Flow sequence')]],
      ['unnamed', 'user', ['The file is empty; a workflow needs at least a name and stages']],
    ]);
  });

  test('of two files with one name the first counts, and says so', async () => {
    writeFileSync(join(userFolder, 'a.yaml'), workflow('same', 'first'));
    writeFileSync(join(userFolder, 'b.yaml'), workflow('same', 'second'));
    expect(await listed()).toEqual([
      ['same', 'user', ['b.yaml has the same name and is not used; give one of the two another name']],
    ]);
    expect((await library.find('same'))?.source).toContain('first');
  });
});

describe('find', () => {
  test('gives the whole workflow, as the contract has it, with the hash of its text', async () => {
    const source = `# a comment\n${workflow('app')}`;
    writeFileSync(join(bundledFolder, 'app.yaml'), source);
    const found = await library.find('app');
    const hash = createHash('sha256').update(source).digest('hex');
    expect(found).toMatchObject({
      summary: { name: 'app', title: 'app', description: '', origin: 'bundled', stages: 1, problems: [] },
      source,
      version: { hash, name: 'app', origin: 'bundled', source },
    });
    expect(workflowVersionSchema.parse({ ...found?.version, registeredAt: 1 }).hash).toBe(hash);
    const { definition } = found?.version ?? {};
    expect(api.getWorkflow.output.safeParse({ ...found?.summary, source, hash, definition }).success).toBe(true);
  });

  test('takes an absolute path, whatever the file is called', async () => {
    const path = join(folder, 'mine.txt');
    writeFileSync(path, `title: Mine\ndescription: Of me\n${workflow('mine')}`);
    expect(await library.find(path)).toMatchObject({
      summary: { name: 'mine', title: 'Mine', description: 'Of me', origin: 'file', path },
    });
  });

  test('a broken file has no version, and says why', async () => {
    const path = join(folder, 'broken.yaml');
    writeFileSync(path, 'name: broken\nstages: 5');
    expect(await library.find(path)).toMatchObject({
      summary: { name: 'broken', stages: 0, problems: [{ line: 2, column: 9 }] },
      version: null,
    });
  });

  test.each(['nothing', 'a/b', '../app', ''])('there is no workflow %j', async (name) => {
    expect(await library.find(name)).toBeNull();
  });

  test('there is no workflow in a file that does not exist', async () => {
    writeFileSync(join(folder, 'file'), '');
    expect([
      await library.find(join(folder, 'nowhere.yaml')),
      await library.find(join(folder, 'file', 'below')),
    ]).toEqual([null, null]);
  });

  test('a path that cannot be opened is a workflow with a problem', async () => {
    expect((await library.find(join(folder, 'x\0y')))?.summary.problems).toMatchObject([
      { message: expect.stringContaining('The file cannot be read') },
    ]);
  });
});

test('check judges a text by the agent types there are when it is asked', async () => {
  const types = ['scaffold'];
  const checking = createWorkflowLibrary({ bundledFolder, dataFolder: folder, agentTypes: () => types });
  const source = 'name: w\nstages: { a: { agent: claude, prompt: Do it } }';
  expect(await checking.check(source)).toMatchObject({ definition: null, problems: [{ path: 'stages.a.agent' }] });
  types.push('claude');
  expect(await checking.check(source)).toMatchObject({ definition: { name: 'w' }, problems: [] });
  expect(api.validateWorkflow.output.safeParse(await checking.check(source)).success).toBe(true);
});
