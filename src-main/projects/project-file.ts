import { extname } from 'node:path';
import type { z } from 'zod';
import type { Problem } from '../contract/errors.ts';
import { invalidFields } from '../contract/invalid-input.ts';
import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';
import { locateJson } from '../engine/json-position.ts';
import { readYaml } from '../workflows/yaml-file.ts';

/** The place of a value in a text, from 1. */
type Locate = (path: readonly PropertyKey[]) => { readonly line: number; readonly column: number };

interface Content {
  readonly value: unknown;
  readonly locate: Locate;
}

/** Checks the text of a project's file. @returns its value, or everything wrong with it, each at its place. */
export function parseProjectFile<T>(path: string, text: string, schema: z.ZodType<T>): Result<T, readonly Problem[]> {
  // Editors on Windows put a byte order mark in front.
  const plain = text.replace(/^\uFEFF/, '');
  const content = extname(path).toLowerCase() === '.json' ? readJson(plain) : readYamlContent(plain);
  if (!content.ok) return content;
  const { value, locate } = content.value;
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  return err(
    invalidFields(parsed.error).map(({ path: at, field, complaint }) => ({
      severity: 'error',
      ...locate(at),
      path: field ?? '',
      message: `${field ?? 'The file'} ${complaint}`,
    })),
  );
}

function readJson(text: string): Result<Content, readonly Problem[]> {
  const places = locateJson(text);
  if (places.fault !== null) {
    return err([{ severity: 'error', ...places.fault, path: '', message: 'The file stops being JSON here' }]);
  }
  return ok({ value: JSON.parse(text), locate: places.find });
}

function readYamlContent(text: string): Result<Content, readonly Problem[]> {
  const read = readYaml(text);
  if (!read.ok) return read;
  const { content, locate } = read.value;
  return ok({
    value: content,
    locate: (path) => locate({ path: path.filter((step) => typeof step !== 'symbol') }),
  });
}
