import { basename, dirname } from 'node:path';
import type { ApiError, Problem } from '../contract/errors.ts';
import { projectFolderName, projectSettingsSchema } from '../contract/project.ts';
import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';
import { parseSettings } from './settings-file.ts';
import { checkSettingsValue, parseJson, readSettingsText } from './settings-text.ts';

/**
 * Every fault of a settings file, none when it is valid; null: it is not there. A file in a `.signalbox` folder is that
 * of a project. Refused is what cannot be read at all.
 */
export async function checkSettingsFile(path: string): Promise<Result<readonly Problem[] | null, ApiError>> {
  const text = await readSettingsText(path);
  if (!text.ok) return faultsOf(text.error);
  if (text.value === null) return ok(null);
  const isOfProject = basename(dirname(path)) === projectFolderName;
  const checked = isOfProject ? checkProjectSettings(path, text.value) : parseSettings(path, text.value);
  return checked.ok ? ok([]) : faultsOf(checked.error);
}

function checkProjectSettings(path: string, text: string): Result<unknown, ApiError> {
  const value = parseJson(path, text);
  if (!value.ok) return value;
  return checkSettingsValue({ path, text, value: value.value, schema: projectSettingsSchema });
}

function faultsOf(error: ApiError): Result<readonly Problem[], ApiError> {
  return error.problems === undefined ? err(error) : ok(error.problems);
}
