import { Text } from '@codemirror/state';
import { expect, test } from 'vitest';
import { parseWorkflow } from '../../../src-main/workflows/parse-workflow.ts';
import { withDraft } from '../../../src-renderer/features/workflows/drafts-store.ts';
import { diagnosticsOf, offsetOf } from '../../../src-renderer/features/workflows/editor-setup.ts';
import { countProblems } from '../../../src-renderer/features/workflows/problem-count.ts';
import {
  copyName,
  lineOfStage,
  nameFault,
  nameIn,
  newSource,
  renameIn,
} from '../../../src-renderer/features/workflows/workflow-text.ts';

test.each([
  ['name: app', 'app'],
  ['# first\nname: "app" # so\nstages:\n  - name: build', 'app'],
  ["title: x\nname: 'app-2'", 'app-2'],
  ['stages:\n  name: inner', null],
  ['name: Not A Name', null],
  ['name:', null],
])('the name in %j is %s', (source, name) => {
  expect(nameIn(source)).toBe(name);
});

test('a text is renamed where it has its name, and gets one where it has none', () => {
  expect(renameIn('# a\nname: app # note\nstages: []', 'mine')).toBe('# a\nname: mine\nstages: []');
  expect(renameIn('stages: []', 'mine')).toBe('name: mine\nstages: []');
});

test('a name is refused with the reason', () => {
  expect([nameFault('', []), nameFault('App', []), nameFault('app', ['app']), nameFault('mine', ['app'])]).toEqual([
    'Give it a name.',
    expect.stringMatching(/^The name must be lower-case letters/),
    'There is a workflow app already.',
    null,
  ]);
});

test('a copy gets a free name', () => {
  expect(copyName('app', [])).toBe('app-copy');
  expect(copyName('app', ['app-copy', 'app-copy-2'])).toBe('app-copy-3');
});

test('a new workflow is sound as it is', () => {
  expect(parseWorkflow(newSource('mine'))).toMatchObject({ name: 'mine', problems: [] });
});

test.each([
  ['stages:\n  - name: build\n  - name: test', 'test', 3],
  ['stages:\n  build: { run: make }\n  test:\n    run: x', 'build', 2],
  ['inputs:\n  build: {}\nstages:\n  build: {}', 'build', 4],
  ['stages:\n  - { name: a }', 'b', null],
])('in %j stage %s is in line %s', (source, stage, line) => {
  expect(lineOfStage(source, stage)).toBe(line);
});

test('findings are marked where they point, or as a whole line, and never outside of the text', () => {
  const text = Text.of(['name: app', '', '  stages: [x]']);
  const at = (line: number, column: number) => ({ severity: 'error' as const, message: 'm', line, column, path: '' });
  expect(diagnosticsOf(text, [at(1, 7), at(3, 1), at(99, 99)]).map(({ from, to }) => [from, to])).toEqual([
    [6, 9],
    [11, 24],
    [11, 24],
  ]);
  expect(offsetOf(text, { line: 2, column: 5 })).toBe(10);
});

test('drafts are kept up to a number and a size; the newest always', () => {
  const draft = (length: number) => ({ source: 'x'.repeat(length), replaces: null });
  let drafts = {};
  for (let index = 0; index < 25; index += 1) drafts = withDraft(drafts, `d${index}`, draft(10));
  expect(Object.keys(drafts)).toHaveLength(20);
  expect(Object.keys(drafts).at(-1)).toBe('d24');
  expect(Object.keys(withDraft(drafts, 'huge', draft(3_000_000)))).toEqual(['huge']);
  expect(Object.keys(withDraft(drafts, 'd10', draft(10))).at(-1)).toBe('d10');
});

test('findings are counted by the worst of them', () => {
  const of = (severity: 'error' | 'warning') => ({ severity, message: '', line: 1, column: 1, path: '' });
  expect([countProblems([]), countProblems([of('warning')]), countProblems([of('error'), of('warning')])]).toEqual([
    { words: 'No problems', tone: 'completed' },
    { words: '1 warning', tone: 'waiting' },
    { words: '1 error', tone: 'failed' },
  ]);
});
