import fc from 'fast-check';
import type { z } from 'zod';

/** What this needs to know of a schema's definition; zod keeps it the same for all kinds of schema. */
interface Definition {
  readonly type: string;
  readonly [key: string]: unknown;
}

/**
 * Values that fit a zod schema, for tests of everything that crosses a process: any Unicode, deep nesting, edges of
 * numbers. Covers what the contract uses, and throws for anything else.
 */
export function arbitraryOf(schema: z.ZodType): fc.Arbitrary<unknown> {
  return raw(schema).filter((value) => schema.safeParse(value).success);
}

function raw(schema: unknown): fc.Arbitrary<unknown> {
  const { def } = (schema as { _zod: { def: Definition } })._zod;
  const make = makers[def.type];
  if (make === undefined) throw new Error(`no arbitrary for a schema of type ${def.type}`);
  return make(def, schema as z.ZodType);
}

const text = fc.string({ unit: 'binary', maxLength: 40 }).filter((value) => value.isWellFormed());

const json: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    number(-1e308, 1e308),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key(), tie('value'), { maxKeys: 4 }),
  ),
})).value;

/** Any name of a field; `__proto__` is never data (see serve-api.test.ts). */
function key() {
  return text.filter((value) => value !== '__proto__');
}

/** JSON has one zero. */
function number(min: number, max: number) {
  return fc.double({ min, max, noNaN: true }).map((value) => (value === 0 ? 0 : value));
}

const makers: Readonly<Record<string, (def: Definition, schema: z.ZodType) => fc.Arbitrary<unknown>>> = {
  string: (_def, schema) => stringOf(schema as z.ZodString),
  number: (_def, schema) => numberOf(schema as z.ZodNumber),
  boolean: () => fc.boolean(),
  null: () => fc.constant(null),
  unknown: () => json,
  literal: (def) => fc.constantFrom(...(def.values as unknown[])),
  enum: (def) => fc.constantFrom(...Object.values(def.entries as Record<string, unknown>)),
  array: (def) => fc.array(raw(def.element), { maxLength: 3 }),
  nullable: (def) => fc.option(raw(def.innerType), { nil: null }),
  optional: (def) => raw(def.innerType),
  default: (def) => raw(def.innerType),
  prefault: (def) => raw(def.innerType),
  // The contract's only lazy schema is JSON.
  lazy: () => json,
  record: (def) => recordOf(def),
  object: (def) => objectOf(def.shape as Record<string, unknown>),
  union: (def) => fc.oneof(...(def.options as unknown[]).map(raw)),
};

function stringOf(schema: z.ZodString) {
  const checks = (schema.def.checks ?? []) as unknown as { _zod: { def: { pattern?: RegExp } } }[];
  const pattern = checks.map((check) => check._zod.def.pattern).find((found) => found !== undefined);
  if (pattern === undefined) return text;
  // Lookaheads only exclude values; the filter of `arbitraryOf` does that too.
  return fc.stringMatching(new RegExp(pattern.source.replace(/\(\?![^)]*\)/, '')), { maxLength: 64 });
}

function numberOf(schema: z.ZodNumber) {
  const { minValue, maxValue, isInt } = schema;
  const min = Math.max(minValue ?? -1e15, -1e15);
  const max = Math.min(maxValue ?? 1e15, 1e15);
  return isInt ? fc.integer({ min: Math.max(min, -(2 ** 31)), max: Math.min(max, 2 ** 31 - 1) }) : number(min, max);
}

function recordOf(def: Definition) {
  const keys = (def.keyType as { _zod: { def: Definition } })._zod.def;
  if (keys.type !== 'enum') {
    const names = raw(def.keyType).filter((name) => name !== '__proto__') as fc.Arbitrary<string>;
    return fc.dictionary(names, raw(def.valueType), { maxKeys: 3 });
  }
  const names = Object.values(keys.entries as Record<string, string>);
  return fc.record(Object.fromEntries(names.map((name) => [name, raw(def.valueType)])));
}

function objectOf(shape: Record<string, unknown>) {
  const optional = new Set(['optional', 'default', 'prefault']);
  const requiredKeys = Object.keys(shape).filter(
    (name) => !optional.has((shape[name] as { _zod: { def: Definition } })._zod.def.type),
  );
  return fc.record(Object.fromEntries(Object.entries(shape).map(([name, schema]) => [name, raw(schema)])), {
    requiredKeys,
  });
}
