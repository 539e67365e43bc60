/**
 * Keeps what was used last, up to a total size: a count would let a folder of large files fill the memory, and make a
 * folder of many small ones be read again on every question.
 */
export class SizedCache<V> {
  readonly #entries = new Map<string, { readonly value: V; readonly size: number }>();
  readonly #maxSize: number;
  #size = 0;

  /** @param maxSize of all values together, in the unit that `set` is told. */
  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** A value that is larger than everything together is not kept. */
  set(key: string, value: V, size: number): void {
    this.delete(key);
    if (size > this.#maxSize) return;
    this.#entries.set(key, { value, size });
    this.#size += size;
    for (const oldest of this.#entries.keys()) {
      if (this.#size <= this.#maxSize) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    this.#size -= this.#entries.get(key)?.size ?? 0;
    this.#entries.delete(key);
  }
}
