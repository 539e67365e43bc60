import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';
import type { Json } from '../contract/values.ts';
import type { ScopeSize } from './expression-language.ts';

/** Largest result of one expression: values in it, and UTF-16 code units of its texts. */
const maxResultItems = 100_000;
const maxResultLength = 1_000_000;

/**
 * A value as CEL sees it, with the size it adds to the scope. Whole numbers become CEL's `int`, so that they count,
 * compare and index as a person expects of `3`; objects become maps, so that no key is special.
 */
export function toCel(value: Json): { readonly value: unknown; readonly size: ScopeSize } {
  let longestList = 0;
  let longestText = 0;
  const convert = (item: Json): unknown => {
    if (typeof item === 'string') {
      longestText = Math.max(longestText, item.length);
      return item;
    }
    if (typeof item === 'number') {
      return Number.isSafeInteger(item) ? BigInt(item) : item;
    }
    if (item === null || typeof item === 'boolean') {
      return item;
    }
    if (isList(item)) {
      longestList = Math.max(longestList, item.length);
      return item.map(convert);
    }
    const entries = Object.entries(item);
    longestList = Math.max(longestList, entries.length);
    return new Map(entries.map(([key, entry]) => [key, convert(entry)]));
  };
  const converted = convert(value);
  return { value: converted, size: { longestList, longestText } };
}

/** What an expression gave, as JSON. Refused with a sentence when JSON cannot hold it, or when it is too large. */
export function fromCel(value: unknown): Result<Json, string> {
  let items = 0;
  let length = 0;
  let refusal: string | null = null;
  const unfit = (reason: string): null => {
    refusal ??= reason;
    return null;
  };
  const convertNumber = (item: bigint | number): Json => {
    const isFit = typeof item === 'bigint' ? Number.isSafeInteger(Number(item)) : Number.isFinite(item);
    return isFit ? Number(item) : unfit(`gives ${item}, which is not a number that JSON holds without loss`);
  };
  const convert = (item: unknown): Json => {
    items += 1;
    length += typeof item === 'string' ? item.length : 0;
    if (items > maxResultItems || length > maxResultLength) {
      return unfit('gives a value that is too large');
    }
    if (typeof item === 'bigint' || typeof item === 'number') {
      return convertNumber(item);
    }
    if (item === null || typeof item !== 'object') {
      return item as string | number | boolean | null;
    }
    if (Array.isArray(item)) {
      return item.map(convert);
    }
    // Map literals are plain objects, and everything that came from the scope is a Map.
    if (item instanceof Map || Object.getPrototypeOf(item) === Object.prototype) {
      const entries = item instanceof Map ? [...item] : Object.entries(item);
      return Object.fromEntries(entries.map(([key, entry]) => [String(key), convert(entry)]));
    }
    return unfit('gives a value that is neither text, number, true or false, null, list nor map');
  };
  const json = convert(value);
  return refusal === null ? ok(json) : err(refusal);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
