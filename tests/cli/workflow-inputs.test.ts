import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readInputs, workflowReference } from '../../src-main/cli/workflow-inputs.ts';
import type { InputSpec } from '../../src-main/contract/workflow.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const specs: InputSpec[] = (
  ['string', 'text', 'number', 'integer', 'boolean', 'choice', 'folder', 'file', 'list'] as const
).map((type) => ({ name: type, type, required: false }));

const read = (pairs: string[], file?: string) => readInputs({ pairs, file }, specs, '/base');

describe('R74 typed inputs become values by the types of the workflow', () => {
  test.each([
    ['string=a=b', { string: 'a=b' }],
    ['text=', { text: '' }],
    ['number=2.5', { number: 2.5 }],
    ['integer=-3', { integer: -3 }],
    ['boolean=Yes', { boolean: true }],
    ['boolean=false', { boolean: false }],
    ['choice=red', { choice: 'red' }],
    ['folder=sub', { folder: resolve('/base', 'sub') }],
    ['file=/abs', { file: '/abs' }],
    ['file=', { file: '' }],
    ['list=a', { list: ['a'] }],
    ['list=["a",1]', { list: ['a', 1] }],
    ['list=[broken', { list: ['[broken'] }],
    ['unknown=1', { unknown: '1' }],
  ])('%s', async (pair, expected) => {
    expect(await read([pair])).toEqual(expected);
  });

  test('a repeated name makes a list', async () => {
    expect(await read(['list=a', 'list=b'])).toEqual({ list: ['a', 'b'] });
  });

  test.each([
    [['number=many'], 'The input number must be a number, not "many".'],
    [['integer='], 'The input integer must be a number, not "".'],
    [['boolean=maybe'], 'The input boolean must be true or false, not "maybe".'],
    [['boolean=__proto__'], 'The input boolean must be true or false, not "__proto__".'],
    [['string=a', 'string=b'], 'The input string is given 2 times, and is no list.'],
    [['novalue'], '--input "novalue" has no name and value.'],
    [['=x'], '--input "=x" has no name and value.'],
  ])('%j is refused', async (pairs, message) => {
    await expect(read(pairs)).rejects.toThrow(message);
  });
});

describe('inputs from a file', () => {
  function file(text: string): string {
    const path = join(temporaryFolder(), 'inputs.json');
    writeFileSync(path, text);
    return path;
  }

  test('are taken as they are, and --input goes before them', async () => {
    expect(await read(['number=2'], file('{"number":1,"list":["x"]}'))).toEqual({ number: 2, list: ['x'] });
  });

  test.each([
    ['[1]', /holds no JSON object/],
    ['null', /holds no JSON object/],
    ['{', /is not JSON/],
  ])('%s is refused', async (text, message) => {
    await expect(read([], file(text))).rejects.toThrow(message);
  });

  test('a file that is not there is named', async () => {
    await expect(read([], '/missing.json')).rejects.toThrow('The input file /missing.json cannot be read');
  });
});

test('a workflow is a name, or the path of a file', () => {
  expect(workflowReference('app', '/base')).toBe('app');
  expect(workflowReference('flows/app.yaml', '/base')).toBe(resolve('/base/flows/app.yaml'));
});
