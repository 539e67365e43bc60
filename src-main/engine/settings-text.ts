import { isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import type { ApiError, Problem } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import { invalidFields } from '../contract/invalid-input.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';
import type { Position } from './json-position.ts';
import { locateJson, positionAt } from './json-position.ts';

/** The largest file that is read, in bytes: several times what all settings together can need. */
const maxBytes = 1024 * 1024;

/**
 * The text of a settings file, without a byte order mark, which editors on Windows put in front; null: it is not there.
 * A file that cannot be read, is no file, is too large or is not UTF-8 is refused.
 */
export async function readSettingsText(path: string): Promise<Result<string | null, ApiError>> {
  let bytes: Buffer;
  try {
    const found = await stat(path);
    // Reading a pipe or a device might never end.
    if (!found.isFile()) return unreadable(path, 'it is not a file');
    if (found.size > maxBytes) return tooLarge(path);
    bytes = await readFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? ok(null) : unreadable(path, message);
  }
  const text = bytes.toString('utf8');
  if (isUtf8(bytes)) return ok(text.replace(/^\uFEFF/, ''));
  const again = Buffer.from(text);
  const sound = bytes
    .subarray(
      0,
      bytes.findIndex((byte, index) => byte !== again[index]),
    )
    .toString('utf8');
  return faultySettings(path, [problemAt(positionAt(sound, sound.length), 'settings', 'are not UTF-8 here')]);
}

/** The value of a JSON text; or where it stops being JSON. */
export function parseJson(path: string, text: string): Result<unknown, ApiError> {
  try {
    return ok(JSON.parse(text));
  } catch {
    const place = locateJson(text).fault ?? { line: 1, column: 1 };
    return faultySettings(path, [problemAt(place, 'settings', 'stop being JSON here')]);
  }
}

/** What a schema makes of a value of the text; or every fault with its place. */
export function checkSettingsValue<T>(options: {
  readonly path: string;
  readonly text: string;
  readonly value: unknown;
  readonly schema: z.ZodType<T>;
  /** Where in the text something stands that has another path in the value. */
  readonly placeInFile?: (path: readonly PropertyKey[]) => readonly PropertyKey[];
}): Result<T, ApiError> {
  const { path, text, value, schema, placeInFile = (place) => place } = options;
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const issues = parsed.error.issues.map((issue) => ({ ...issue, path: [...placeInFile(issue.path)] }));
  const places = locateJson(text);
  const problems = invalidFields(new z.ZodError(issues)).map((fault) =>
    problemAt(places.find(fault.path), fault.field ?? 'settings', fault.complaint),
  );
  return faultySettings(path, problems);
}

/** One fault of a settings file; the field is the subject of the complaint. */
export function problemAt(position: Position, field: string, complaint: string): Problem {
  return { severity: 'error', ...position, path: field, message: `${field} ${complaint}` };
}

/** The refusal of a file with faults, of which the first is told at once. */
export function faultySettings(
  path: string,
  problems: readonly Problem[],
  remedy = 'Correct the file, or move it away to go on with the defaults.',
) {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return refuse(
    'invalidInput',
    `The settings ${path} are not valid, line ${first?.line}, column ${first?.column}: ${first?.message}${more}.`,
    remedy,
    { problems: [...problems], ...(first === undefined ? {} : { field: first.path }) },
  );
}

function tooLarge(path: string) {
  return faultySettings(path, [problemAt({ line: 1, column: 1 }, 'settings', 'are larger than 1 MiB')]);
}

function unreadable(path: string, reason: string) {
  return refuse(
    'invalidInput',
    `The settings ${path} cannot be read: ${reason}.`,
    'Correct its rights, or move it away.',
  );
}
