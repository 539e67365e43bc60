import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkLines } from './check-lines.ts';
import { sections } from './lines.ts';

const root = join(import.meta.dirname, '../..');

test('R79 every behaviour has exactly one line, in the order of the list', () => {
  const listed = readFileSync(join(import.meta.dirname, 'behaviours.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('## ') || line.startsWith('- '));
  const held = sections.flatMap(({ name, lines }) => [`## ${name}`, ...lines.map(({ text }) => `- ${text}`)]);
  expect(held).toEqual(listed);
});

test('R79 every test that a line names exists in its file, and every open line says why', () => {
  for (const line of sections.flatMap(({ lines }) => lines)) {
    if ('open' in line) {
      expect(line.open).not.toBe('');
      continue;
    }
    expect(existsSync(join(root, line.file)), line.file).toBe(true);
    const source = readFileSync(join(root, line.file), 'utf8').replaceAll("\\'", "'");
    expect(source, `${line.file} has no test with the title "${line.title}"`).toContain(line.title);
  }
});

test('a line is passed only when all cases of its test have, and missing when there is none', () => {
  const line = (title: string) => ({ text: title, file: 'a.test.ts', title });
  const lines = [line('takes %s (at most $count)'), line('fails for %j'), line('is not there')];
  const results = [
    { file: 'a.test.ts', title: 'takes one (at most 3)', passed: true },
    { file: 'a.test.ts', title: 'takes two (at most 4)', passed: true },
    { file: 'a.test.ts', title: 'fails for 1', passed: true },
    { file: 'a.test.ts', title: 'fails for 2', passed: false },
    { file: 'b.test.ts', title: 'is not there', passed: true },
  ];
  const checked = checkLines([{ name: 'all', lines: [...lines, { text: 'later', open: 'not yet' }] }], results);
  expect(checked.map(({ result }) => result)).toEqual(['passed', 'failed', 'missing', 'open']);
});
