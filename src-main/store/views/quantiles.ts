import type { Quantiles } from '../../contract/api-engine.ts';

/** The value that a share of all does not exceed, by nearest rank; null of none. @param sorted ascending. */
function nearestRank(sorted: Float64Array, share: number): number | null {
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? null;
}

/** The 95 % quantile of lengths of time in ms; null of none. */
export function p95Of(values: readonly number[]): number | null {
  return nearestRank(Float64Array.from(values).sort(), 0.95);
}

/** Mean and quantiles of lengths of time in ms. */
export function quantilesOf(values: readonly number[]): Quantiles {
  const sorted = Float64Array.from(values).sort();
  const sum = sorted.reduce((total, value) => total + value, 0);
  return {
    count: sorted.length,
    meanMs: sorted.length === 0 ? null : sum / sorted.length,
    p50Ms: nearestRank(sorted, 0.5),
    p95Ms: nearestRank(sorted, 0.95),
    p99Ms: nearestRank(sorted, 0.99),
  };
}
