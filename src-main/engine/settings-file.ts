import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApiError, Problem } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import { invalidFields } from '../contract/invalid-input.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';
import type { Settings } from '../contract/settings.ts';
import { settingsSchema } from '../contract/settings.ts';
import type { Position } from './json-position.ts';
import { locateJson } from './json-position.ts';

/** The settings file of a data folder. */
export function settingsPath(dataFolder: string): string {
  return join(dataFolder, 'settings.json');
}

/**
 * Reads the settings; a file that is not there means the defaults. A file with faults is refused with all of them, and
 * never changed: it is the person's.
 */
export async function readSettings(dataFolder: string): Promise<Result<Settings, ApiError>> {
  const path = settingsPath(dataFolder);
  let text: string;
  try {
    // Editors on Windows put a byte order mark in front.
    text = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return ok(settingsSchema.parse({}));
    return refuse('invalidInput', `The settings ${path} cannot be read: ${message}.`, 'Correct its rights.');
  }
  return parseSettings(path, text);
}

function parseSettings(path: string, text: string): Result<Settings, ApiError> {
  const places = locateJson(text);
  if (places.fault !== null) return faulty(path, [problem(places.fault, 'settings', 'stop being JSON here')]);
  const value: unknown = JSON.parse(text);
  const parsed = settingsSchema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const problems = invalidFields(parsed.error).map((fault) =>
    problem(places.find(fault.path), fault.field ?? 'settings', fault.complaint),
  );
  return faulty(path, problems);
}

function problem(position: Position, field: string, complaint: string): Problem {
  return { severity: 'error', ...position, path: field, message: `${field} ${complaint}` };
}

function faulty(path: string, problems: readonly Problem[]) {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return refuse(
    'invalidInput',
    `The settings ${path} are not valid, line ${first?.line}, column ${first?.column}: ${first?.message}${more}.`,
    'Correct the file, or move it away to go on with the defaults.',
    { problems: [...problems], ...(first === undefined ? {} : { field: first.path }) },
  );
}
