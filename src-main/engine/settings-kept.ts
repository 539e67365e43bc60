import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApiError } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';
import type { Settings } from '../contract/settings.ts';
import { replaceFile } from './replace-file.ts';
import { readSettings, readSettingsFile } from './settings-file.ts';

/** Where the settings that were good last are kept, for a start with a file that is not. */
export function keptSettingsPath(dataFolder: string): string {
  return join(dataFolder, 'settings.good.json');
}

/** A settings file as text, of the newest version. */
export function renderSettings(settings: Settings): string {
  return `${JSON.stringify(settings, null, 2)}\n`;
}

/** Keeps settings as good; writes only what is not kept yet. @throws when it cannot be written. */
export async function keepSettings(dataFolder: string, settings: Settings): Promise<void> {
  const path = keptSettingsPath(dataFolder);
  const text = renderSettings(settings);
  const kept = await readFile(path, 'utf8').catch(() => null);
  if (kept !== text) await replaceFile(path, text);
}

/** What an engine starts with. */
export interface SettingsAtStart {
  readonly settings: Settings;
  /** Why these are the last good ones, and not those of the file; null when they are those of the file. */
  readonly problem: ApiError | null;
}

/** The settings of the file; else those that were good last; else why there are none. Changes nothing. */
export async function settingsAtStart(dataFolder: string): Promise<Result<SettingsAtStart, ApiError>> {
  const read = await readSettings(dataFolder);
  if (read.ok) return ok({ settings: read.value, problem: null });
  const kept = await readSettingsFile(keptSettingsPath(dataFolder));
  if (!kept.ok || kept.value === null) return read;
  return ok({ settings: kept.value, problem: read.error });
}
