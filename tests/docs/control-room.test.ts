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
  expect(places.filter(({ label }) => !document.includes(`\n## ${label}\n`))).toEqual([]);
});

test('the links that are described are those that lead somewhere', () => {
  const run = `run_${'0'.repeat(26)}`;
  expect(routeOfLink(`signalbox://run/${run}`)).toBe(`/runs/${run}`);
  const [things = [], cells = []] = tableRows(section(document, '## Links'));
  expect(things.join(' ')).toContain('`task`, `agent` and `workflow`');
  expect(routeOfLink('signalbox://agent/claude')).toBe('/agents/claude');
  expect(routeOfLink('signalbox://workflow/app')).toBe('/workflows/app');
  const described = [...cells.join(' ').matchAll(/`(?:signalbox:\/\/)?(\w+)`/g)].map(([, name = '']) => name);
  const names = places.map(({ label }) => label.toLowerCase());
  expect(described.toSorted()).toEqual(names.filter((name) => routeOfLink(`signalbox://${name}`) !== null).toSorted());
});
