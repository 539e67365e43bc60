/** How long a hidden window, which draws no frames, collects before it applies, in ms. */
const hiddenMs = 500;

/** Collects values and hands them on together, once per animation frame. */
export class FrameBatch<T> {
  readonly #apply: (values: readonly T[]) => void;
  #values: T[] = [];
  #applied: (() => void)[] = [];
  #cancel: (() => void) | null = null;

  constructor(apply: (values: readonly T[]) => void) {
    this.#apply = apply;
  }

  /** @returns resolves when the values were applied, so that a feed does not run ahead of the eye. */
  add(values: readonly T[]): Promise<void> {
    this.#values.push(...values);
    this.#cancel ??= onNextFrame(() => this.#flush());
    return new Promise((resolve) => this.#applied.push(resolve));
  }

  /** Forgets what was not applied yet. */
  clear(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#values = [];
    this.#release();
  }

  #flush(): void {
    this.#cancel = null;
    const values = this.#values;
    this.#values = [];
    this.#apply(values);
    this.#release();
  }

  #release(): void {
    const applied = this.#applied;
    this.#applied = [];
    for (const resolve of applied) resolve();
  }
}

function onNextFrame(callback: () => void): () => void {
  let isDone = false;
  const once = () => {
    if (isDone) return;
    isDone = true;
    clearTimeout(timeout);
    cancelAnimationFrame(frame);
    callback();
  };
  const timeout = setTimeout(once, hiddenMs);
  const frame = requestAnimationFrame(once);
  return () => {
    isDone = true;
    clearTimeout(timeout);
    cancelAnimationFrame(frame);
  };
}
