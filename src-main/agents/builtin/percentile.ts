/** The value that `share` (0 to 1) of the values do not exceed (nearest rank), rounded to 0.01; 0 when there are none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return Math.round((sorted[rank - 1] ?? 0) * 100) / 100;
}
