/** Writes the JSON Schemas of the settings files; run by `npm run schema` after a setting was changed. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderSettingsSchema } from './settings-json-schema.ts';

for (const name of ['settings.schema.json', 'project-settings.schema.json'] as const) {
  writeFileSync(join(import.meta.dirname, '../../resources', name), renderSettingsSchema(name));
}
