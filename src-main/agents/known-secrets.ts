import type { Redactor } from './redact.ts';
import { createRedactor, secretsIn } from './redact.ts';

/** The secrets that were seen in environments so far. They only grow: a removed secret may still be in some output. */
export class KnownSecrets {
  readonly #values = new Set<string>();
  readonly #patterns: readonly string[];
  #redactor: Redactor;

  /** @param patterns regular expressions of further secrets */
  constructor(patterns: readonly string[]) {
    this.#patterns = patterns;
    this.#redactor = createRedactor({ values: [], patterns });
  }

  readonly redact: Redactor = (text) => this.#redactor(text);

  values(): readonly string[] {
    return [...this.#values];
  }

  /** Adds the values of the secret variables of an environment. */
  learn(env: Readonly<Record<string, string | undefined>>): void {
    const fresh = secretsIn(env).filter((value) => !this.#values.has(value));
    if (fresh.length === 0) return;
    for (const value of fresh) this.#values.add(value);
    this.#redactor = createRedactor({ values: this.values(), patterns: this.#patterns });
  }
}
