import { z } from 'zod';
import { projectSettingsSchema } from '../contract/project.ts';
import { settingsSchema } from '../contract/settings.ts';

/** The schemas that editors read, by the name of their file in `resources/`. */
export const settingsSchemaFiles = {
  'settings.schema.json': settingsSchema,
  'project-settings.schema.json': projectSettingsSchema,
} as const;

/**
 * The JSON Schema (2020-12) of a settings file, for editors: completion, and errors while typing. Made from the same
 * schema that checks the file, so that the two cannot disagree.
 */
export function renderSettingsSchema(name: keyof typeof settingsSchemaFiles): string {
  const schema = z.toJSONSchema(settingsSchemaFiles[name], { target: 'draft-2020-12', io: 'input' });
  return `${JSON.stringify(schema, null, 2)}\n`;
}
