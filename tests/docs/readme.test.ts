import { expect, test } from 'vitest';
import { parseWorkflow } from '../../src-main/workflows/parse-workflow.ts';
import { blocks, documents, readText } from './documents.ts';

const readme = readText('README.md');

test('the scripts that documents name are in package.json', () => {
  const { scripts } = JSON.parse(readText('package.json')) as { scripts: Record<string, string> };
  const named = documents.flatMap((path) => [
    ...readText(path).matchAll(/\bnpm (?:run )?(start|test|run ([\w:-]+))\b/g),
  ]);
  const names = named.map(([, word = '', script]) => script ?? word);
  expect(names.length).toBeGreaterThan(4);
  expect([...new Set(names)].filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});

test('the README begins with two commands that are complete on a fresh machine', () => {
  const commands = blocks(readme, 'sh').map((block) => block.trim());
  expect(commands.slice(0, 2)).toEqual(['npm ci && npm start', 'npm ci && npm test']);
});

test('the workflow of the README is sound', () => {
  const [workflow = ''] = blocks(readme, 'yaml');
  expect(parseWorkflow(workflow).problems).toEqual([]);
});

test('the picture shows the stages of the bundled workflow, for light and dark, and loads nothing', () => {
  const picture = readText('docs/images/demonstration.svg');
  const { definition } = parseWorkflow(readText('resources/workflows/app.yaml'));
  for (const { name } of definition?.stages ?? []) expect(picture).toContain(`>${name}<`);
  expect(picture).toContain('prefers-color-scheme: dark');
  expect(picture).not.toMatch(/href|url\(|<script|<image|<foreignObject/);
});
