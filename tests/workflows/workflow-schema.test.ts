import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { renderWorkflowSchema } from '../../src-main/workflows/workflow-schema.ts';

const resources = join(import.meta.dirname, '../../resources');
const committed: unknown = JSON.parse(readFileSync(join(resources, 'workflow.schema.json'), 'utf8'));

test('the committed JSON Schema is that of the file format; `npm run schema` renews it', () => {
  expect(committed).toEqual(JSON.parse(renderWorkflowSchema()));
});

describe('the JSON Schema', () => {
  // zod reads a list of required keys only beside a type, so that "exactly one of" is looked at by itself below.
  const readable = JSON.parse(JSON.stringify(committed), (key, value) => (key === 'oneOf' ? undefined : value));
  const schema = z.fromJSONSchema(readable);

  test.each(['app', 'feature', 'bugfix'])('accepts the bundled workflow %s', (name) => {
    const content: unknown = parse(readFileSync(join(resources, 'workflows', `${name}.yaml`), 'utf8'));
    expect(schema.safeParse(content).error).toBeUndefined();
  });

  test.each([
    ['no stages', { name: 'w' }],
    ['an unknown key', { name: 'w', stages: { a: { run: 'x', colour: 'red' } } }],
    ['a duration without unit', { name: 'w', timeout: '5', stages: { a: { run: 'x' } } }],
  ])('refuses %s', (_what, content) => {
    expect(schema.safeParse(content).success).toBe(false);
  });

  test('describes what a stage may do, for the hints of an editor', () => {
    expect(JSON.stringify(committed)).toContain(
      '"oneOf":[{"required":["agent","prompt"]},{"required":["run"]},{"required":["approval"]}]',
    );
  });
});
