import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { WorkflowHash } from '../../src-main/contract/ids.ts';
import { workflowHashSchema } from '../../src-main/contract/ids.ts';
import type { WorkflowLibrary } from '../../src-main/core/ports.ts';
import { createWorkflowLibrary } from '../../src-main/workflows/workflow-library.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const text = (name: string, script = 'make') => `name: ${name}\nstages:\n  build: { run: ${script} }\n`;
const otherHash = workflowHashSchema.parse('0'.repeat(64));

let bundledFolder = '';
let userFolder = '';
let library: WorkflowLibrary;

beforeEach(() => {
  const folder = temporaryFolder();
  bundledFolder = join(folder, 'bundled');
  userFolder = join(folder, 'data', 'workflows');
  mkdirSync(bundledFolder);
  writeFileSync(join(bundledFolder, 'app.yaml'), text('app'));
  library = createWorkflowLibrary({ bundledFolder, dataFolder: join(folder, 'data') });
});

/** Saves, and answers with the hash of what is there now. */
async function saved(name: string, source: string, replaces: WorkflowHash | null = null): Promise<WorkflowHash> {
  const result = await library.save({ name, source, replaces });
  if (!result.ok) throw new Error(result.error.message);
  return result.value.hash;
}

const onDisk = (file: string) => readFileSync(join(userFolder, file), 'utf8');

describe('saving', () => {
  test('a new workflow makes the folder and the file, and is found at once', async () => {
    const source = text('mine');
    const result = await library.save({ name: 'mine', source, replaces: null });
    const found = await library.find('mine');
    expect(result).toEqual({ ok: true, value: found });
    expect(found).toMatchObject({ source, summary: { origin: 'user', path: join(userFolder, 'mine.yaml') } });
    expect(readdirSync(userFolder)).toEqual(['mine.yaml']);
  });

  test('a changed workflow replaces its file, whatever that is called, and leaves nothing beside it', async () => {
    mkdirSync(userFolder, { recursive: true });
    writeFileSync(join(userFolder, 'called-so.yml'), text('mine'));
    const before = await library.find('mine');
    const hash = await saved('mine', text('mine', 'other'), before?.hash ?? null);
    expect([readdirSync(userFolder), onDisk('called-so.yml')]).toEqual([['called-so.yml'], text('mine', 'other')]);
    expect((await library.find('mine'))?.hash).toBe(hash);
  });

  test.skipIf(process.platform === 'win32')('a file that is a link stays one', async () => {
    const real = join(bundledFolder, '..', 'kept-elsewhere.yaml');
    writeFileSync(real, text('mine'));
    mkdirSync(userFolder, { recursive: true });
    symlinkSync(real, join(userFolder, 'mine.yaml'));
    await saved('mine', text('mine', 'other'), (await library.find('mine'))?.hash);
    expect(readFileSync(real, 'utf8')).toBe(text('mine', 'other'));
  });

  test('R13 a text with errors is refused with its problems, and the file is as it was', async () => {
    const hash = await saved('mine', text('mine'));
    const result = await library.save({ name: 'mine', source: 'name: mine\nstages: {}\ninputs: 5', replaces: hash });
    expect(result).toMatchObject({
      error: {
        type: 'invalidInput',
        field: 'source',
        message: expect.stringMatching(/error in line 2, column 9: stages must not be empty.* 2 errors in all/),
        problems: [{ line: 2 }, { line: 3 }],
      },
    });
    expect(onDisk('mine.yaml')).toBe(text('mine'));
  });

  test('a text that names another workflow is refused', async () => {
    expect(await library.save({ name: 'mine', source: text('yours'), replaces: null })).toMatchObject({
      error: { type: 'invalidInput', field: 'name', message: 'The file names its workflow yours, not mine.' },
    });
    expect(existsSync(userFolder)).toBe(false);
  });

  test('a bundled workflow is refused, and a copy under another name is the way', async () => {
    const hash = (await library.find('app'))?.hash ?? null;
    for (const replaces of [hash, null]) {
      expect(await library.save({ name: 'app', source: text('app', 'mine'), replaces })).toMatchObject({
        error: { type: 'refused', remedy: expect.stringContaining('under another name') },
      });
    }
  });

  test('a file that was changed, deleted or made by something else is a conflict, and stays', async () => {
    const hash = await saved('mine', text('mine'));
    writeFileSync(join(userFolder, 'mine.yaml'), text('mine', 'edited'));
    const save = (name: string, replaces: WorkflowHash | null) =>
      library.save({ name, source: text(name, 'ours'), replaces });
    expect(await save('mine', hash)).toMatchObject({
      error: { type: 'conflict', message: expect.stringContaining('was changed by something else') },
    });
    expect(await save('mine', null)).toMatchObject({
      error: { type: 'conflict', message: expect.stringContaining('of yours already') },
    });
    expect(await save('gone', otherHash)).toMatchObject({
      error: { type: 'conflict', message: expect.stringContaining('was deleted') },
    });
    writeFileSync(join(userFolder, 'new.yaml'), text('other'));
    expect(await save('new', null)).toMatchObject({
      error: { type: 'conflict', message: 'The file new.yaml is there already, and holds other.' },
    });
    expect(onDisk('mine.yaml')).toBe(text('mine', 'edited'));
  });

  test('of two who save the same text over one version, one is refused', async () => {
    const hash = await saved('mine', text('mine'));
    const results = await Promise.all(
      ['left', 'right'].map((script) => library.save({ name: 'mine', source: text('mine', script), replaces: hash })),
    );
    expect(results.map(({ ok }) => ok)).toEqual([true, false]);
    expect(onDisk('mine.yaml')).toBe(text('mine', 'left'));
  });

  test('a folder that cannot be written is told with its reason, and the next change is made', async () => {
    writeFileSync(join(bundledFolder, '..', 'data'), 'a file where the folder should be');
    expect(await library.save({ name: 'mine', source: text('mine'), replaces: null })).toMatchObject({
      error: { type: 'unavailable', message: expect.stringContaining('could not be saved: E') },
    });
    expect(await library.remove({ name: 'mine', replaces: otherHash })).toMatchObject({ error: { type: 'notFound' } });
  });

  test.skipIf(process.getuid?.() === 0)('a folder that may not be written keeps its file whole', async () => {
    const hash = await saved('mine', text('mine'));
    chmodSync(userFolder, 0o500);
    const result = await library.save({ name: 'mine', source: text('mine', 'other'), replaces: hash });
    chmodSync(userFolder, 0o700);
    expect(result).toMatchObject({ error: { type: 'unavailable' } });
    expect([readdirSync(userFolder), onDisk('mine.yaml')]).toEqual([['mine.yaml'], text('mine')]);
  });
});

describe('deleting', () => {
  test('a workflow of the user takes its file away', async () => {
    const replaces = await saved('mine', text('mine'));
    expect(await library.remove({ name: 'mine', replaces })).toEqual({ ok: true, value: null });
    expect([await library.find('mine'), readdirSync(userFolder)]).toEqual([null, []]);
  });

  test('a broken one can be deleted too', async () => {
    mkdirSync(userFolder, { recursive: true });
    writeFileSync(join(userFolder, 'bad.yaml'), 'name: bad');
    const replaces = (await library.find('bad'))?.hash ?? otherHash;
    expect(await library.remove({ name: 'bad', replaces })).toMatchObject({ ok: true });
  });

  test('one that was changed since, a bundled one, and one that is not there are refused', async () => {
    await saved('mine', text('mine'));
    expect([
      await library.remove({ name: 'mine', replaces: otherHash }),
      await library.remove({ name: 'app', replaces: (await library.find('app'))?.hash ?? otherHash }),
      await library.remove({ name: 'nothing', replaces: otherHash }),
    ]).toMatchObject([
      { error: { type: 'conflict' } },
      { error: { type: 'refused', field: 'name' } },
      { error: { type: 'notFound' } },
    ]);
    expect(onDisk('mine.yaml')).toBe(text('mine'));
  });
});
