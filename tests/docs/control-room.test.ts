import { globSync } from 'node:fs';
import { expect, test } from 'vitest';
import { routeOfLink } from '../../src-main/shell/deep-link.ts';
import { places } from '../../src-renderer/frame/places.ts';
import { readText, root, section, tableRows } from './documents.ts';

const document = readText('docs/control-room.md');

/** Every shortcut of the window with what the help sheet says of it, as the sources register them. */
function registered(): readonly string[] {
  const sources = globSync('src-renderer/**/*.{ts,tsx}', { cwd: root }).map((path) =>
    readText(path.replaceAll('\\', '/')),
  );
  const named = sources.flatMap((source) => [...source.matchAll(/useShortcut\(\s*'([^']+)',\s*'([^']+)'/g)]);
  const others = named.map(([, keys = '', label = '']) => `${keys}: ${label}`);
  return [...new Set([...places.map(({ key, label }) => `g ${key}: ${label}`), ...others])].sort();
}

test('the table of keys is the shortcuts of the window', () => {
  const described = tableRows(section(document, '## Keyboard')).map(
    ([, keys = '', label = '']) => `${keys.replaceAll('`', '')}: ${label}`,
  );
  expect(described.toSorted()).toEqual(registered());
});

test('every place of the window has its section', () => {
  for (const { label } of places) expect(document).toContain(`\n## ${label}\n`);
});

test('the links that are described lead somewhere', () => {
  const run = `run_${'0'.repeat(26)}`;
  expect(routeOfLink(`signalbox://run/${run}`)).toBe(`/runs/${run}`);
  const [, [, views = ''] = []] = tableRows(section(document, '## Links'));
  const names = ['inbox', ...[...views.matchAll(/`(\w+)`/g)].map(([, name = '']) => name)];
  expect(names.map((name) => routeOfLink(`signalbox://${name}`)).filter((route) => route !== null)).toHaveLength(
    places.length,
  );
});
