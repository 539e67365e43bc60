import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';
import type { Json } from '../contract/values.ts';
import type { InputSpec } from '../contract/workflow.ts';
import { nearestName } from './nearest-name.ts';

/** What is wrong with a value, as the end of a sentence that starts with the input's name, and what to do. */
export interface InputFault {
  readonly message: string;
  readonly remedy: string;
}

/** Longest text a pattern is matched against, in UTF-16 code units: a pattern can take very long on a long text. */
const maxPatternText = 10_000;

/**
 * The value of one input in its own type, or what is wrong with it. Texts are converted where another type is asked
 * for, because a command line has nothing else: `12`, `true`, a JSON array, lines, or items between commas.
 */
export function convertInput(spec: InputSpec, value: Json): Result<Json, InputFault> {
  switch (spec.type) {
    case 'string':
      return convertLine(spec, value);
    case 'text':
      return convertText(spec, value);
    case 'number':
    case 'integer':
      return convertNumber(spec, value);
    case 'boolean':
      return convertBoolean(value);
    case 'choice':
      return typeof value === 'string' ? checkChoice(spec, value) : wrongType('one of its choices', value);
    case 'folder':
    case 'file':
      return convertPath(spec, value);
    case 'list':
      return convertList(spec, value);
  }
}

function fault(message: string, remedy: string): Result<never, InputFault> {
  return err({ message, remedy });
}

function wrongType(wanted: string, value: Json): Result<never, InputFault> {
  return fault(`must be ${wanted}, but is ${typeName(value)}`, `Give ${wanted}`);
}

function typeName(value: Json): string {
  if (value === null) {
    return 'null';
  }
  if (typeof value === 'object') {
    return Array.isArray(value) ? 'a list' : 'a map';
  }
  return typeof value === 'string' ? `the text ${show(value)}` : `the ${typeof value} ${value}`;
}

function show(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}

function convertLine(spec: InputSpec, value: Json): Result<Json, InputFault> {
  return typeof value === 'string' && /[\r\n]/.test(value)
    ? fault('must be a single line', 'Remove the line breaks')
    : convertText(spec, value);
}

function convertText(spec: InputSpec, value: Json): Result<Json, InputFault> {
  if (typeof value !== 'string') {
    return wrongType('text', value);
  }
  const tooLongOrShort = checkLength(spec, value.length, 'characters');
  return tooLongOrShort ?? checkPattern(spec, value) ?? checkChoice(spec, value);
}

function checkLength(spec: InputSpec, length: number, unit: string): Result<never, InputFault> | null {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = spec;
  if (length >= minLength && length <= maxLength) {
    return null;
  }
  const bound = length < minLength ? `at least ${minLength}` : `at most ${maxLength}`;
  return fault(`has ${length} ${unit}, but must have ${bound}`, `Give ${bound} ${unit}`);
}

/** A pattern has to match the whole text, as the `pattern` of a form field does. */
function checkPattern({ pattern }: InputSpec, text: string): Result<never, InputFault> | null {
  if (pattern === undefined) {
    return null;
  }
  if (text.length > maxPatternText) {
    const bound = `at most ${maxPatternText} characters, because it is matched against a pattern`;
    return fault(`has ${text.length} characters, but must have ${bound}`, 'Give a shorter text');
  }
  return new RegExp(`^(?:${pattern})$`, 'u').test(text)
    ? null
    : fault(`is ${show(text)}, which does not match the pattern ${pattern}`, `Give a text that matches ${pattern}`);
}

function checkChoice({ choices }: InputSpec, text: string): Result<string, InputFault> {
  if (choices === undefined || choices.includes(text)) {
    return ok(text);
  }
  const nearest = nearestName(text, choices);
  const list = `Give one of ${choices.join(', ')}`;
  return fault(
    `is ${show(text)}, which is not one of its choices`,
    nearest === null ? list : `Did you mean ${nearest}? ${list}`,
  );
}

function convertNumber(spec: InputSpec, value: Json): Result<Json, InputFault> {
  const wanted = spec.type === 'integer' ? 'a whole number' : 'a number';
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) {
    return wrongType(wanted, value);
  }
  if (spec.type === 'integer' && !Number.isSafeInteger(number)) {
    return wrongType(wanted, value);
  }
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = spec;
  if (number >= min && number <= max) {
    return ok(number);
  }
  const bound = number < min ? `at least ${min}` : `at most ${max}`;
  return fault(`is ${number}, but must be ${bound}`, `Give ${wanted} of ${bound}`);
}

function convertBoolean(value: Json): Result<Json, InputFault> {
  const texts: Readonly<Record<string, boolean>> = { true: true, false: false };
  const boolean = typeof value === 'string' ? texts[value.trim().toLowerCase()] : value;
  return typeof boolean === 'boolean' ? ok(boolean) : wrongType('true or false', value);
}

/** Absolute on any system: `/…`, `C:\…`, `\\server\…`. A relative path would depend on where the engine was started. */
function convertPath(spec: InputSpec, value: Json): Result<Json, InputFault> {
  if (typeof value !== 'string') {
    return wrongType(`the path of a ${spec.type}`, value);
  }
  return /^(\/|[A-Za-z]:[\\/]|\\\\)/.test(value) && !value.includes('\0')
    ? ok(value)
    : fault(`is ${show(value)}, which is not an absolute path`, `Give the absolute path of the ${spec.type}`);
}

function convertList(spec: InputSpec, value: Json): Result<Json, InputFault> {
  const items = typeof value === 'string' ? splitList(value) : value;
  if (!isList(items)) {
    return wrongType('a list', value);
  }
  const wrongLength = checkLength(spec, items.length, 'items');
  if (wrongLength !== null) {
    return wrongLength;
  }
  for (const [index, item] of items.entries()) {
    const checked =
      typeof item === 'string' ? (checkPattern(spec, item) ?? checkChoice(spec, item)) : checkItem(spec, item);
    if (!checked.ok) {
      return fault(`has an item ${index + 1} that ${checked.error.message}`, checked.error.remedy);
    }
  }
  return ok(items);
}

/** Patterns and choices are about texts, so that nothing else can meet them. */
function checkItem({ pattern, choices }: InputSpec, item: Json): Result<Json, InputFault> {
  return pattern === undefined && choices === undefined ? ok(item) : wrongType('text', item);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** A JSON array, or else one item per line, or else items between commas; blank items are left out. */
function splitList(text: string): Json {
  if (text.trimStart().startsWith('[')) {
    try {
      return JSON.parse(text) as Json;
    } catch {
      return text;
    }
  }
  const items = text.includes('\n') ? text.split('\n') : text.split(',');
  return items.map((item) => item.trim()).filter((item) => item !== '');
}
