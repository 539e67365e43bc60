import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseWorkflow } from '../../src-main/workflows/parse-workflow.ts';

const document = readFileSync(join(import.meta.dirname, '../../docs/workflow-files.md'), 'utf8');
const [example = '', ...fragments] = [...document.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, text]) => text ?? '');

test('the example of the documentation is a sound workflow', () => {
  expect(parseWorkflow(example).problems).toEqual([]);
});

test('the gates and conditions of the documentation are sound', () => {
  const inputs = 'inputs: { mode: string, files: list }';
  const [gates = '', conditions = ''] = fragments;
  const before = '  test: { run: x }\n  scan: { run: x }\n';
  for (const lines of [gates, ...conditions.trim().split('\n')]) {
    const body = lines.trim().replaceAll('\n', '\n    ');
    const text = `name: w\n${inputs}\nstages:\n${before}  a:\n    run: x\n    ${body}\n`;
    expect(parseWorkflow(text).problems).toEqual([]);
  }
});

test('the stage of the documentation is sound', () => {
  expect(parseWorkflow(`name: w\nstages:\n${fragments[2]}`).problems).toEqual([]);
});
