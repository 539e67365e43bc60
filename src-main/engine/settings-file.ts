import { join } from 'node:path';
import type { ApiError } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';
import type { Settings } from '../contract/settings.ts';
import { settingsSchema, settingsVersion } from '../contract/settings.ts';
import { locateJson } from './json-position.ts';
import type { VersionFault } from './settings-migrations.ts';
import { migrateSettings } from './settings-migrations.ts';
import { checkSettingsValue, faultySettings, parseJson, problemAt, readSettingsText } from './settings-text.ts';

/** The settings file of a data folder. */
export function settingsPath(dataFolder: string): string {
  return join(dataFolder, 'settings.json');
}

/**
 * Reads the settings; a file that is not there means the defaults, one of an older version is brought up in memory. A
 * file with faults is refused with all of them, and never changed: it is the person's.
 */
export async function readSettings(dataFolder: string): Promise<Result<Settings, ApiError>> {
  const read = await readSettingsFile(settingsPath(dataFolder));
  return read.ok ? ok(read.value ?? settingsSchema.parse({})) : read;
}

/** The same of any file; null: it is not there. */
export async function readSettingsFile(path: string): Promise<Result<Settings | null, ApiError>> {
  const text = await readSettingsText(path);
  if (!text.ok || text.value === null) return text as Result<null, ApiError>;
  return parseSettings(path, text.value);
}

/** The settings that a text says. @param path for the messages. */
export function parseSettings(path: string, text: string): Result<Settings, ApiError> {
  const value = parseJson(path, text);
  if (!value.ok) return value;
  const newest = migrateSettings(value.value);
  if ('kind' in newest) return wrongVersion(path, text, newest);
  const { raw, placeInFile } = newest;
  return checkSettingsValue({ path, text, value: raw, schema: settingsSchema, placeInFile });
}

function wrongVersion(path: string, text: string, fault: VersionFault) {
  const place = locateJson(text).find(['version']);
  if (fault.kind === 'noVersion') {
    const known = `must be a whole number from 1 to ${settingsVersion}`;
    return faultySettings(path, [problemAt(place, 'version', known)]);
  }
  return faultySettings(
    path,
    [problemAt(place, 'version', `is ${fault.version}, and this Signalbox reads versions up to ${settingsVersion}`)],
    'Use the newer Signalbox that wrote the file, or move it away to go on with the defaults.',
  );
}
