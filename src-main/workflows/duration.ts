const unitsMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
const maxMs = 30 * 24 * unitsMs.h;

/** A whole number with its unit, without a space: `500ms`, `30s`, `10m`, `2h`. */
export const durationPattern = /^(\d{1,12})(ms|s|m|h)$/;

/** What is wrong with a duration as written in a workflow file, as the end of a sentence; null when it is sound. */
export function durationFault(written: unknown): string | null {
  const text = String(written).trim();
  if (/^-/.test(text)) {
    return `must not be negative, but is ${text}`;
  }
  if (/^\d+$/.test(text)) {
    return `must have a unit: write ${text}ms, ${text}s, ${text}m or ${text}h`;
  }
  if (typeof written !== 'string' || !durationPattern.test(written)) {
    return 'must be a whole number with its unit, such as 500ms, 30s, 10m or 2h';
  }
  return durationMs(written) > maxMs ? 'must be at most 30 days (720h)' : null;
}

/** A duration without fault in milliseconds. */
export function durationMs(text: string): number {
  const [, amount, unit] = durationPattern.exec(text) ?? [];
  return Number(amount) * unitsMs[unit as keyof typeof unitsMs];
}
