import { globSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readText, root } from './documents.ts';

const document = readText('docs/troubleshooting.md');
/** What stands in a quoted sentence for what differs from case to case. */
const examples =
  /…|\bDB\b|\d[\w.*-]*|"[^"]*"|Europe\/\w+|\b(?:agent )?claude\b|\bnightly\b|\bMiB\b|\bUTC\b|Invalid value for minute|[():?]|\. /;

/** The sources as one text, in which a sentence that goes over several lines is one. */
const sources = globSync('src-main/**/*.ts', { cwd: root })
  .map((path) => readText(path.replaceAll('\\', '/')))
  .join('\n')
  .replaceAll(/['`] \+\s+['`]/g, '');

test('the sentences that are quoted are those that are shown', () => {
  const quotes = [...document.matchAll(/^>.*(?:\n>.*)*/gm)].map(([quote]) => quote.replaceAll(/\n?^> /gm, ' ').trim());
  expect(quotes.length).toBeGreaterThan(20);
  const parts = quotes.flatMap((quote) => quote.split(examples).map((part) => part.replace(/\.$/, '').trim()));
  const said = parts.filter((part) => part.length > 8);
  expect(said.length).toBeGreaterThan(quotes.length);
  expect(said.filter((part) => !sources.includes(part))).toEqual([]);
});
