import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { settingsSchema } from '../../src-main/contract/settings.ts';
import { renderSettingsSchema } from '../../src-main/engine/settings-json-schema.ts';
import { anySettings } from '../support/any-settings.ts';

function committed(name: string): Parameters<typeof z.fromJSONSchema>[0] {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../../resources', name), 'utf8'));
}

test.each(['settings.schema.json', 'project-settings.schema.json'] as const)(
  'the committed %s is that of the settings; `npm run schema` renews it',
  (name) => {
    expect(committed(name)).toEqual(JSON.parse(renderSettingsSchema(name)));
  },
);

describe('R41 the JSON Schema of the settings', () => {
  const schema = z.fromJSONSchema(committed('settings.schema.json'));

  test('accepts all settings that can be saved, and none at all', () => {
    expect(schema.safeParse({}).success).toBe(true);
    expect(schema.safeParse(settingsSchema.parse({})).success).toBe(true);
    fc.assert(
      fc.property(anySettings, (settings) => {
        expect(schema.safeParse(settings).error).toBeUndefined();
      }),
    );
  });

  test.each([
    ['an unknown key', { colour: 'red' }],
    ['what version 1 had', { maxInterruptions: 5 }],
    ['too many slots', { slots: { total: 2_000 } }],
    ['a time that is none', { notifications: { quietHours: { from: '25:00' } } }],
  ])('refuses %s', (_what, content) => {
    expect(schema.safeParse(content).success).toBe(false);
  });
});
