import { readFile } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { nameSchema } from '../contract/ids.ts';
import type { Json } from '../contract/values.ts';
import type { InputSpec } from '../contract/workflow.ts';
import { badInput } from './refused.ts';

/** What a person typed for inputs. */
export interface TypedInputs {
  /** `key=value`, as given with `--input`; a key may be repeated for a list. */
  readonly pairs: readonly string[];
  /** A JSON file with an object of inputs; what `--input` says goes before it. */
  readonly file: string | undefined;
}

/**
 * A workflow as the engine knows it: a name as it is, anything else as the absolute path of a file.
 * @param cwd absolute folder that relative paths start from
 */
export function workflowReference(text: string, cwd: string): string {
  return nameSchema.safeParse(text).success ? text : resolve(cwd, text);
}

/**
 * Turns typed inputs into values, by the types that the workflow declares. Whether they are allowed is the engine's
 * to say; a name that the workflow does not have is passed on as text, so that its refusal names it.
 */
export async function readInputs(
  typed: TypedInputs,
  specs: readonly InputSpec[],
  cwd: string,
): Promise<Record<string, Json>> {
  const inputs: Record<string, Json> = typed.file === undefined ? {} : await readInputFile(resolve(cwd, typed.file));
  const texts = new Map<string, string[]>();
  for (const pair of typed.pairs) {
    const at = pair.indexOf('=');
    if (at < 1) throw badInput(`--input ${JSON.stringify(pair)} has no name and value.`, 'Write --input name=value.');
    const name = pair.slice(0, at);
    texts.set(name, [...(texts.get(name) ?? []), pair.slice(at + 1)]);
  }
  for (const [name, values] of texts) {
    inputs[name] = toValue(name, values, specs.find((spec) => spec.name === name)?.type ?? 'string', cwd);
  }
  return inputs;
}

async function readInputFile(path: string): Promise<Record<string, Json>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw badInput(`The input file ${path} cannot be read: ${(error as Error).message}.`, 'Correct its name.');
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, Json>;
  } catch (error) {
    throw badInput(`The input file ${path} is not JSON: ${(error as Error).message}.`, 'Correct the file.');
  }
  throw badInput(`The input file ${path} holds no JSON object.`, 'Write {"name": value, …}.');
}

function toValue(name: string, texts: readonly string[], type: InputSpec['type'], cwd: string): Json {
  if (type === 'list') return texts.length === 1 ? listOf(texts[0] ?? '') : [...texts];
  if (texts.length > 1) {
    throw badInput(`The input ${name} is given ${texts.length} times, and is no list.`, 'Give it once.');
  }
  const text = texts[0] ?? '';
  switch (type) {
    case 'number':
    case 'integer':
      return numberOf(name, text);
    case 'boolean':
      return booleanOf(name, text);
    case 'folder':
    case 'file':
      return text === '' || isAbsolute(text) ? text : resolve(cwd, text);
    default:
      return text;
  }
}

/** One text for a list: JSON, or its only item. */
function listOf(text: string): Json {
  if (!text.startsWith('[')) return [text];
  try {
    return JSON.parse(text) as Json;
  } catch {
    return [text];
  }
}

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) {
    throw badInput(`The input ${name} must be a number, not ${JSON.stringify(text)}.`, `Write --input ${name}=12.`);
  }
  return value;
}

const booleans: Readonly<Record<string, boolean>> = { true: true, yes: true, false: false, no: false };

function booleanOf(name: string, text: string): boolean {
  const value = Object.hasOwn(booleans, text.toLowerCase()) ? booleans[text.toLowerCase()] : undefined;
  if (value === undefined) {
    throw badInput(
      `The input ${name} must be true or false, not ${JSON.stringify(text)}.`,
      `Write --input ${name}=true or ${name}=false.`,
    );
  }
  return value;
}
