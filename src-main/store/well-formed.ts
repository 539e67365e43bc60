/** Matches the escape that JSON.stringify writes for half a surrogate pair (and, rarely, text that looks like it). */
const loneSurrogate = /\\ud[89a-f][0-9a-f]{2}/;

/**
 * SQLite stores UTF-8, which cannot hold half a surrogate pair; JSON can. What agents print may be cut anywhere, so
 * that such halves do occur: replaced in the event they are the same in the event and in the row.
 * @param json the value as JSON text, which is cheap to search.
 * @returns the value with every text well-formed; null when it is already.
 */
export function wellFormed<T>(value: T, json: string): T | null {
  return loneSurrogate.test(json) ? (repair(value) as T) : null;
}

function repair(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(repair);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key.toWellFormed(), repair(part)]));
}
