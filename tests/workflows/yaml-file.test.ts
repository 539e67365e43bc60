import { expect, test } from 'vitest';
import { agentStage, problemsOf } from './read-workflow.ts';

test.each([
  ['', ['1:1 -: The file is empty; a workflow needs at least a name and stages']],
  ['# nothing\n', ['1:1 -: The file is empty; a workflow needs at least a name and stages']],
  ['just text', ['1:1 -: the workflow must be a map, but is the text "just text"']],
  ['- a', ['1:1 -: the workflow must be a map, but is a list']],
  ['name: "w\nstages: [', ['2:10 -: Missing closing "quote']],
  ['name: w\nname: v', ['2:1 -: Map keys must be unique']],
  ['a: 1\n---\nb: 2', ['2:1 -: The file holds more than one document; write each workflow into a file of its own']],
  [
    'a: *nowhere',
    ['1:4 -: There is no anchor "nowhere" before this alias; write &nowhere in front of what it stands for'],
  ],
  [`a: ${'x'.repeat(1_000_000)}`, ['1:1 -: The file is larger than 1000 kB; move long texts into files of their own']],
  [`a: ${'['.repeat(100)}${']'.repeat(100)}`, ['1:1 -: The file is nested more than 64 levels deep']],
])('%j', (text, problems) => {
  expect(problemsOf(text)).toEqual(problems);
});

test.each([
  `a: ${'['.repeat(20_000)}`,
  `a: ${'['.repeat(10_000)}${']'.repeat(10_000)}`,
  '- '.repeat(50_000),
  '{a: '.repeat(20_000),
])('a file that is nothing but brackets is refused without a throw (case %#)', (text) => {
  expect(problemsOf(text).length).toBeLessThanOrEqual(101);
});

test('a tab as indentation is shown, with the remedy', () => {
  expect(problemsOf('name: w\nstages:\n\t- name: a')).toContainEqual(
    expect.stringMatching(/^3:1 -: .*[Tt]abs.*: replace each tab by spaces$/),
  );
});

test('a file made to keep the checks busy is answered all the same', () => {
  const stages = Array.from({ length: 900 }, (_, index) => `  s${index}: {run: x}`);
  const needs = Array.from({ length: 20_000 }, (_, index) => `t${index}`);
  const references = Array.from({ length: 10_000 }, (_, index) => `\${{ stages.u${index}.state }}`);
  const text = [
    'name: w',
    'stages:',
    ...stages,
    `  z: {needs: [${needs}], agent: x, prompt: "${references.join('')}"}`,
  ];
  const problems = problemsOf(text.join('\n'));
  expect(problems).toHaveLength(101);
  expect(problems[0]?.length).toBeLessThan(300);
});

test('aliases that multiply are refused, not expanded', () => {
  const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 12; level += 1) {
    bomb.push(
      `a${level}: &a${level} [${Array(10)
        .fill(`*a${level - 1}`)
        .join(', ')}]`,
    );
  }
  expect(problemsOf(bomb.join('\n'))).toEqual([
    '1:1 -: The aliases of the file repeat too much; write what they stand for out in full',
  ]);
});

test('long texts that are repeated by aliases are refused', () => {
  const repeated = `a: &a ${'x'.repeat(100_000)}\nb: [${Array(90).fill('*a').join(', ')}]`;
  expect(problemsOf(repeated)).toEqual(['1:1 -: The file is too large once its aliases are written out']);
});

test('a value that contains itself is refused', () => {
  expect(problemsOf('a: &a [*a]')).toHaveLength(1);
});

test('an unknown tag is a warning', () => {
  expect(problemsOf(agentStage('title: !secret x'))).toEqual(['6:12 -: warning: Unresolved tag: !secret']);
});
