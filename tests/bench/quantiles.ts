/** Samples of one quantity, with its quantiles. */
export class Samples {
  readonly #values: number[] = [];

  add(value: number): void {
    this.#values.push(value);
  }

  addAll(samples: Samples): void {
    this.#values.push(...samples.#values);
  }

  /** The value that the share `q` of all samples does not exceed (nearest rank); NaN without samples. */
  quantile(q: number): number {
    const sorted = Float64Array.from(this.#values).sort();
    return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
  }

  get max(): number {
    return this.quantile(1);
  }
}
