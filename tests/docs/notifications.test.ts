import { expect, test } from 'vitest';
import { desktopSettingsSchema, noticeReasons } from '../../src-main/contract/desktop-settings.ts';
import { settingsSchema } from '../../src-main/contract/settings.ts';
import { blocks, readText, section, tableRows } from './documents.ts';

const document = readText('docs/notifications.md');

test('every reason is described, by the name of its setting', () => {
  const named = tableRows(section(document, '## What is told')).map(([, key]) => key?.replaceAll('`', ''));
  expect(named).toEqual([...noticeReasons]);
});

test('the example is valid', () => {
  const [example = ''] = blocks(document, 'json');
  expect(settingsSchema.safeParse(JSON.parse(example)).success).toBe(true);
});

test('every way of looking for updates is described', () => {
  const values = tableRows(section(document, '## Updates')).map(([value]) => value?.replaceAll('`', ''));
  expect(values.slice(0, 3)).toEqual(desktopSettingsSchema.shape.updates.unwrap().options);
});
