import type { Page } from '@playwright/test';

/** What pages complained of: every error and every warning is one that a person would have to explain. */
export class Trouble {
  readonly #seen: string[] = [];
  readonly #forgiven: RegExp[] = [];

  watch(page: Page): void {
    page.on('console', (message) => {
      const type = message.type();
      if (type === 'error' || type === 'warning')
        this.#seen.push(`${type}: ${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => this.#seen.push(`not caught: ${error.stack ?? error.message}`));
  }

  /** For a test that makes trouble on purpose. */
  forgive(pattern: RegExp): void {
    this.#forgiven.push(pattern);
  }

  /** What nobody forgave. */
  left(): string[] {
    return this.#seen.filter((text) => !this.#forgiven.some((pattern) => pattern.test(text)));
  }
}
