import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';
import type { Json, JsonObject } from '../contract/values.ts';
import type { ExpressionFault, ScopeSize } from './expression-language.ts';
import { asFault, estimateCost, parseExpression } from './expression-language.ts';
import type { Template } from './expression-templates.ts';
import { scanTemplates } from './expression-templates.ts';
import { fromCel, toCel } from './expression-values.ts';

/** Everything an expression can see. Stages that have not ended yet should be left out. */
export interface ExpressionScope {
  readonly inputs: JsonObject;
  readonly stages: Readonly<Record<string, { readonly state: string; readonly outputs: JsonObject }>>;
  readonly run: { readonly id: string; readonly folder: string };
}

/** A scope in the values of CEL, with its size. */
interface CelScope {
  readonly context: Record<string, unknown>;
  readonly size: ScopeSize;
}

/** Longest text that filling in templates may give, in UTF-16 code units. */
const maxFilledLength = 1_000_000;
/** Highest {@link estimateCost} that is evaluated: about a second on a slow machine. */
const maxCost = 20_000_000;
/** How much of an expression a message repeats, in characters. */
const shownLength = 200;

/**
 * Syntax, names and types of an expression, for the validator; null when it is sound. A condition must also be able
 * to give true or false.
 */
export function checkExpression(source: string, use: 'value' | 'condition' = 'value'): ExpressionFault | null {
  const parsed = parseExpression(source);
  if (!parsed.ok) {
    return parsed.error;
  }
  const { type } = parsed.value.check();
  return use === 'value' || type === 'bool' || type === 'dyn'
    ? null
    : { message: `A condition must give true or false, but this gives a ${type}`, offset: 0 };
}

/** Evaluates a `when`. The error is a sentence; a condition that gives anything but true or false is an error. */
export function evaluateCondition(source: string, scope: ExpressionScope): Result<boolean, string> {
  const value = evaluateExpression(source, scope);
  if (!value.ok || typeof value.value === 'boolean') {
    return value as Result<boolean, string>;
  }
  return err(`The expression "${show(source)}" must give true or false, but gave ${show(JSON.stringify(value.value))}`);
}

/**
 * Replaces each `${{ CEL }}` of a text by its value: texts as they are, null as nothing, lists and maps as JSON.
 * The values are not escaped in any way; never build a shell script from them.
 */
export function fillTemplate(template: string, scope: ExpressionScope): Result<string, string> {
  const scan = scanTemplates(template);
  if (scan.unclosedAt !== null) {
    return err(`The template at character ${scan.unclosedAt + 1} has no closing "}}"`);
  }
  let filled = '';
  let end = 0;
  for (const part of scan.templates) {
    const value = evaluateExpression(part.expression, scope);
    if (!value.ok) {
      return value;
    }
    filled += template.slice(end, part.start) + asText(value.value);
    end = part.end;
    if (filled.length > maxFilledLength) {
      return err(`The text has more than ${maxFilledLength} characters once its templates are filled in`);
    }
  }
  return ok(filled + template.slice(end));
}

/**
 * Replaces those templates of a text that can be known now and leaves the others as they are written, for a person to
 * read. @param isKnown whether the scope has everything that an expression asks for.
 */
export function fillKnown(template: string, scope: ExpressionScope, isKnown: (expression: string) => boolean): string {
  let filled = '';
  let end = 0;
  for (const part of scanTemplates(template).templates) {
    const value = isKnown(part.expression) ? evaluateExpression(part.expression, scope) : null;
    filled += template.slice(end, part.start);
    filled += value?.ok ? asText(value.value) : template.slice(part.start, part.end);
    end = part.end;
  }
  return filled + template.slice(end);
}

/**
 * Fills in every string of a value, however deep; keys stay as they are. A string that is exactly one template, as
 * in `"${{ inputs.files }}"`, gives the value itself, so that lists and numbers survive.
 */
export function fillValue(value: Json, scope: ExpressionScope): Result<Json, string> {
  if (typeof value === 'string') {
    const whole = wholeTemplate(value);
    return whole === null ? fillTemplate(value, scope) : evaluateExpression(whole.expression, scope);
  }
  if (typeof value !== 'object' || value === null) {
    return ok(value);
  }
  const filled: [string, Json][] = [];
  for (const [key, entry] of Object.entries(value)) {
    const result = fillValue(entry, scope);
    if (!result.ok) {
      return result;
    }
    filled.push([key, result.value]);
  }
  return ok(Array.isArray(value) ? filled.map(([, entry]) => entry) : Object.fromEntries(filled));
}

/** The complete templates of a text, first to last. `offset` is where the expression starts, in UTF-16 units. */
export function findTemplates(text: string): readonly { readonly expression: string; readonly offset: number }[] {
  return scanTemplates(text).templates.map(({ expression, offset }) => ({ expression, offset }));
}

function wholeTemplate(text: string): Template | null {
  const [first] = scanTemplates(text).templates;
  return first !== undefined && first.start === 0 && first.end === text.length ? first : null;
}

/** A scope never changes, and may be large: it is converted once, however many templates are filled in from it. */
const converted = new WeakMap<ExpressionScope, CelScope>();

function convertScope(scope: ExpressionScope): CelScope {
  const known = converted.get(scope);
  if (known !== undefined) {
    return known;
  }
  const { value, size } = toCel([scope.inputs, scope.stages, scope.run]);
  const [inputs, stages, run] = value as readonly unknown[];
  const conversion = { context: { inputs, stages, run }, size };
  converted.set(scope, conversion);
  return conversion;
}

function evaluateExpression(source: string, scope: ExpressionScope): Result<Json, string> {
  const failed = (reason: string) => err(`The expression "${show(source.trim())}" ${reason}`);
  const parsed = parseExpression(source);
  if (!parsed.ok) {
    return failed(`is not valid: ${parsed.error.message}`);
  }
  try {
    const { context, size } = convertScope(scope);
    if (estimateCost(parsed.value.ast, size) > maxCost) {
      return failed('would take too long on values of this size; move the work into a stage');
    }
    const value = fromCel(parsed.value(context));
    return value.ok ? value : failed(value.error);
  } catch (error) {
    return failed(`could not be evaluated: ${asFault(error).message}`);
  }
}

function asText(value: Json): string {
  if (typeof value === 'string') {
    return value;
  }
  return value === null ? '' : JSON.stringify(value);
}

function show(text: string): string {
  return text.length > shownLength ? `${text.slice(0, shownLength)}…` : text;
}
