import type { Json } from '../../../src-main/contract/values.ts';
import type { InputSpec } from '../../../src-main/contract/workflow.ts';

/** What stands in the field of an input: text as it was typed, a choice, or several. */
export type FieldValue = string | readonly string[];
export type FieldValues = Readonly<Record<string, FieldValue>>;

/** Whether an input is chosen from a list of several. */
export function isManyOf({ type, choices }: InputSpec): boolean {
  return type === 'list' && choices !== undefined;
}

/** What the fields begin with: what is given already, or the defaults. */
export function initialValues(specs: readonly InputSpec[], given: Readonly<Record<string, Json>> = {}): FieldValues {
  return Object.fromEntries(
    specs.map((spec) => [
      spec.name,
      initialValue(spec, Object.hasOwn(given, spec.name) ? given[spec.name] : spec.default),
    ]),
  );
}

function initialValue(spec: InputSpec, value: Json | undefined): FieldValue {
  if (isManyOf(spec)) return Array.isArray(value) ? value.map(String) : [];
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(showItem).join('\n');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function showItem(item: Json): string {
  return typeof item === 'string' ? item : JSON.stringify(item);
}

/**
 * The inputs to start a run with. A field that is empty is left out, so that the engine fills in the default or says
 * that it is missing; an empty text is a value where the input is optional and has a default, which it replaces.
 */
export function inputsOf(specs: readonly InputSpec[], values: FieldValues): Record<string, Json> {
  const inputs: Record<string, Json> = {};
  for (const spec of specs) {
    const value = inputOf(spec, values[spec.name] ?? '');
    if (value !== undefined) inputs[spec.name] = value;
  }
  return inputs;
}

function inputOf(spec: InputSpec, field: FieldValue): Json | undefined {
  if (typeof field !== 'string') return [...field];
  if (spec.type === 'list') return linesOf(field);
  if (field.trim() === '') {
    const replacesDefault = (spec.type === 'string' || spec.type === 'text') && spec.default !== undefined;
    return replacesDefault && !spec.required ? '' : undefined;
  }
  if (spec.type === 'boolean') return field === 'true';
  if (spec.type !== 'number' && spec.type !== 'integer') return field;
  const number = Number(field);
  // What is no number is passed on as it is, so that the refusal names it.
  return Number.isFinite(number) ? number : field;
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** What is obviously wrong with a field, as a sentence; null when nothing is. The engine has the last word. */
export function fieldFault(spec: InputSpec, field: FieldValue): string | null {
  const isEmpty = typeof field === 'string' ? field.trim() === '' : field.length === 0;
  if (isEmpty) return spec.required && spec.type !== 'list' ? 'This is needed.' : null;
  if (spec.type === 'list') return listFault(spec, typeof field === 'string' ? linesOf(field) : field);
  const text = String(field);
  if (spec.type === 'number' || spec.type === 'integer') return numberFault(spec, text);
  if (spec.type === 'folder' || spec.type === 'file') {
    return /^(\/|[A-Za-z]:[\\/]|\\\\)/.test(text) ? null : 'Give the whole path, from the root on.';
  }
  return spec.type === 'string' || spec.type === 'text' ? textFault(spec, text) : null;
}

/** The faults of all fields that have one. */
export function faultsOf(specs: readonly InputSpec[], values: FieldValues): Record<string, string> {
  const faults: Record<string, string> = {};
  for (const spec of specs) {
    const fault = fieldFault(spec, values[spec.name] ?? '');
    if (fault !== null) faults[spec.name] = fault;
  }
  return faults;
}

function textFault(spec: InputSpec, text: string): string | null {
  return lengthFault(spec, text.length, 'characters') ?? patternFault(spec, text);
}

function lengthFault({ minLength, maxLength }: InputSpec, length: number, unit: string): string | null {
  if (minLength !== undefined && length < minLength) return `Give at least ${minLength} ${unit}.`;
  if (maxLength !== undefined && length > maxLength) return `Give at most ${maxLength} ${unit}; these are ${length}.`;
  return null;
}

/** Longest text that a pattern is tried on here: a pattern can take very long on a long text. */
const longestTried = 1_000;

/** A pattern has to match all of the text. One that the browser does not know is left to the engine. */
function patternFault({ pattern }: InputSpec, text: string): string | null {
  if (pattern === undefined || text.length > longestTried) return null;
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(text) ? null : `It must match the pattern ${pattern}.`;
  } catch {
    return null;
  }
}

function numberFault({ type, min, max }: InputSpec, text: string): string | null {
  const number = Number(text);
  if (!Number.isFinite(number)) return 'Give a number.';
  if (type === 'integer' && !Number.isSafeInteger(number)) return 'Give a whole number.';
  if (min !== undefined && number < min) return `Give at least ${min}.`;
  return max !== undefined && number > max ? `Give at most ${max}.` : null;
}

function listFault(spec: InputSpec, items: readonly string[]): string | null {
  const fault = lengthFault(spec, items.length, 'items');
  if (fault !== null) return fault;
  const wrong = items.findIndex((item) => patternFault(spec, item) !== null);
  return wrong === -1 ? null : `Item ${wrong + 1} must match the pattern ${spec.pattern}.`;
}

/** The rules of an input in words, for a hint below its field; null when there are none. */
export function rulesOf(spec: InputSpec): string | null {
  const unit = spec.type === 'list' ? 'items' : 'characters';
  const rules = [
    spec.type === 'list' && spec.choices === undefined ? 'one per line' : null,
    spec.type === 'folder' || spec.type === 'file' ? `whole path of a ${spec.type} on this machine` : null,
    rangeOf(spec.min, spec.max, ''),
    rangeOf(spec.minLength, spec.maxLength, ` ${unit}`),
    spec.pattern === undefined ? null : `pattern ${spec.pattern}`,
  ];
  return rules.filter((rule) => rule !== null).join(' · ') || null;
}

function rangeOf(least: number | undefined, most: number | undefined, unit: string): string | null {
  if (least === undefined) return most === undefined ? null : `at most ${most}${unit}`;
  return most === undefined ? `at least ${least}${unit}` : `${least} to ${most}${unit}`;
}
