import { expect, test } from 'vitest';
import { settingsSchema } from '../../src-main/contract/settings.ts';
import { blocks, readText, section, tableRows } from './documents.ts';

const document = readText('docs/configuration.md');
/** Settings that are objects of the person's own keys. */
const openKeys: ReadonlySet<string> = new Set(['slots.perType']);

function flatten(value: unknown, path: string): readonly (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || openKeys.has(path)) {
    return [[path, JSON.stringify(value)]];
  }
  return Object.entries(value).flatMap(([key, inner]) => flatten(inner, path === '' ? key : `${path}.${key}`));
}

test('every setting is described, with its default', () => {
  const before = document.split('\n## ')[0] ?? '';
  const described = tableRows(before).map(([key = '', value = '']) => [
    key.replaceAll('`', ''),
    value.replaceAll('`', ''),
  ]);
  expect(described).toEqual(flatten(settingsSchema.parse({}), ''));
});

test('the example is valid', () => {
  const [example = ''] = blocks(document, 'json');
  expect(settingsSchema.safeParse(JSON.parse(example)).success).toBe(true);
});

test('the variables that change what the terminal shows are named', () => {
  const named = tableRows(section(document, '## Environment variables')).map(([name]) => name);
  expect(named).toEqual(['`SIGNALBOX_DATA`', '`NO_COLOR`', '`CI`', '`TERM=dumb`']);
});
