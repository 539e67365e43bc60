import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseWorkflow } from '../../src-main/workflows/parse-workflow.ts';
import type { TextCheckerOptions } from '../../src-main/workflows/text-checker.ts';
import { parseEntry, TextChecker } from '../../src-main/workflows/text-checker.ts';
import { createWorkflowLibrary } from '../../src-main/workflows/workflow-library.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A megabyte, a second of work or more, and no workflow. */
const hostile = `- ${'x'.repeat(97)}\n`.repeat(10_000);
const sound = `name: large\ndescription: ${'x'.repeat(5_000)}\nstages:\n  build: { run: make }\n`;

function open(options: TextCheckerOptions = {}) {
  const checker = new TextChecker(options);
  onTestFinished(() => checker.close());
  return checker;
}

/** A thread whose body a test gives. */
function threadOf(body: string): URL {
  const source = `import { parentPort as port } from 'node:worker_threads'; ${body}`;
  return new URL(`data:text/javascript,${encodeURIComponent(source)}`);
}

/** A thread that hangs on a text that says so, and calls any other one by its length. */
const hanging = threadOf(`
  port.on('message', ({ text }) => {
    while (text.startsWith('hang'));
    port.postMessage({ name: 'n' + text.length, definition: null, problems: [] });
  });`);
const named = (length: number) => ({ ok: true, value: { name: `n${length}`, definition: null, problems: [] } });
const hang = `hang${' '.repeat(2_000)}`;

test('a large text is checked as a small one is', async () => {
  expect(await open().check(sound, null)).toEqual({ ok: true, value: parseWorkflow(sound) });
});

test('the engine goes on while a hostile text of a megabyte is checked', { timeout: 60_000 }, async () => {
  const checker = open({ limitMs: 50_000 });
  let turns = 0;
  let isOver = false;
  const turn = () => {
    turns += 1;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  const checked = await checker.check(hostile, null);
  isOver = true;
  expect(checked).toMatchObject({
    ok: true,
    value: { definition: null, problems: [{ severity: 'error' }] },
  });
  // Checked in this thread, it would be one or two.
  expect(turns).toBeGreaterThan(20);
});

test('a text that is larger than a file may be is refused without a thread', async () => {
  const checker = open({ entry: threadOf('process.exit(1)') });
  expect(await checker.check(`${hostile}-`, null)).toMatchObject({
    value: { problems: [{ message: expect.stringContaining('larger than 1000 kB') }] },
  });
});

test('a text that would fill the memory is given up, and the engine goes on', async () => {
  const filling = threadOf(`
    port.on('message', () => {
      for (const all = []; ; ) all.push(new Array(100_000).fill({}).map(() => ({})));
    });`);
  const checked = await open({ entry: filling, maxHeapMegabytes: 16 }).check(hang, null);
  expect(checked).toEqual({ ok: false, error: expect.stringContaining('too much memory') });
});

test('a text that takes too long is given up with a sentence, and the next one is checked', async () => {
  const checker = open({ entry: hanging, limitMs: 2_000 });
  const [first, second] = await Promise.all([checker.check(hang, null), checker.check('x'.repeat(2_000), null)]);
  expect(first).toEqual({ ok: false, error: expect.stringContaining('could not be checked within 2 s') });
  expect(second).toEqual(named(2_000));
});

test('a thread that dies, or ends, is told of, and replaced', async () => {
  const dying = threadOf(`
    port.on('message', ({ text }) => {
      if (text.startsWith('throw')) throw new Error('out of luck');
      if (text.startsWith('exit')) process.exit(0);
      port.postMessage({ name: 'n' + text.length, definition: null, problems: [] });
    });`);
  const checker = open({ entry: dying });
  const texts = ['throw', 'exit', 'fine'].map((word) => word.padEnd(2_000));
  expect(await Promise.all(texts.map((text) => checker.check(text, null)))).toEqual([
    { ok: false, error: 'The text could not be checked: out of luck' },
    { ok: false, error: 'The text could not be checked: what checks it has ended' },
    named(2_000),
  ]);
});

test('it ends its thread when it is not needed, and starts another', async () => {
  const checker = open({ entry: hanging, idleMs: 1 });
  for (const length of [2_000, 3_000]) {
    expect(await checker.check('x'.repeat(length), null)).toEqual(named(length));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});

test('a flood is bounded, and closing answers all that wait', async () => {
  const checker = open({ entry: hanging });
  const asked = Array.from({ length: 66 }, () => checker.check(hang, null));
  expect(await asked.at(-1)).toEqual({ ok: false, error: expect.stringContaining('64 others wait') });
  await checker.close();
  const answers = await Promise.all([...asked.slice(0, -1), checker.check(hang, null)]);
  expect(answers.every(({ ok }) => !ok)).toBe(true);
  expect(answers[0]).toEqual({ ok: false, error: 'The text could not be checked: the engine is closing' });
});

test('it starts from its source here, and from a bundle elsewhere', () => {
  expect(parseEntry('file:///a/text-checker.ts').href).toBe('file:///a/parse-worker.ts');
  expect(parseEntry('file:///a/chunks/x.js').href).toBe('file:///a/workflow-parse-worker.js');
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'workflow-parse-worker.js'), '');
  expect(parseEntry(`file://${folder}/x.js`).href).toBe(`file://${folder}/workflow-parse-worker.js`);
});

test('a file that cannot be checked is a workflow with a problem, is not saved, and is tried again later', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'workflows'));
  writeFileSync(join(folder, 'workflows', 'slow.yaml'), hang);
  let now = 0;
  let asked = 0;
  const checker = open({ entry: hanging, limitMs: 1_000 });
  const check = checker.check.bind(checker);
  checker.check = (...given) => {
    asked += 1;
    return check(...given);
  };
  const library = createWorkflowLibrary({ bundledFolder: folder, dataFolder: folder, checker, now: () => now });
  const problems = [{ severity: 'error', line: 1, message: expect.stringContaining('could not be checked within') }];
  // Asked at the same moment, a text is checked once.
  const [list, checked] = await Promise.all([library.list(), library.check(hang)]);
  expect(list).toMatchObject([{ summary: { name: 'slow', problems }, version: null }]);
  expect(checked).toMatchObject({ definition: null, problems });
  expect(await library.save({ name: 'slow', source: hang, replaces: null })).toMatchObject({
    ok: false,
    error: { type: 'invalidInput', field: 'source', message: expect.stringContaining('could not be checked') },
  });
  expect(asked).toBe(1);
  now = 60_000;
  expect(await library.check(hang)).toMatchObject({ problems });
  expect(asked).toBe(2);
  await library.close();
});
