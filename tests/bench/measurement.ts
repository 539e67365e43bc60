/** How a value stands to its target. `not measured`: the target needs something that this run does not have. */
export type Verdict = 'met' | 'not met' | 'not measured here' | 'no target';

/** One measured value, as printed and stored. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Number and words of the target in PERFORMANCE.md; null for a value that has none and explains others. */
  readonly target: string | null;
  readonly verdict: Verdict;
}

export interface BenchOptions {
  /** Fewer repetitions and 100,000 instead of 1,000,000 stored things. */
  readonly quick: boolean;
}

/** One thing to measure. It cleans up after itself. */
export interface Measurement {
  readonly name: string;
  measure(options: BenchOptions): Promise<readonly Row[]>;
}

/** A value without a target of its own. */
export function fact(name: string, value: number, unit: string): Row {
  return { name, value, unit, target: null, verdict: 'no target' };
}

/** A value with a target that this run can judge. */
export function judged(name: string, value: number, unit: string, target: string, met: boolean): Row {
  return { name, value, unit, target, verdict: met ? 'met' : 'not met' };
}

/** What could not be measured, and why. */
export function missing(name: string, why: string): Row {
  return { name: `${name} (${why})`, value: Number.NaN, unit: '', target: null, verdict: 'not measured here' };
}

/** A value whose target compares with something that is not installed here. */
export function unjudged(name: string, value: number, unit: string, target: string): Row {
  return { name, value, unit, target, verdict: 'not measured here' };
}
