import type { Redactor } from './redact.ts';

/** Takes secrets out of every text in a value that is made of JSON's parts; names of fields stay as they are. */
export function redactValues<T>(redact: Redactor, value: T): T;
export function redactValues(redact: Redactor, value: unknown): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((item) => redactValues(redact, item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, redactValues(redact, field)]));
}
