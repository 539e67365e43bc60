/**
 * One pass after the other over work that waits, never two at once. Who asks during a pass gets one more behind it,
 * however many ask.
 */
export class Passes {
  readonly #pass: () => Promise<void>;
  #isOpen = false;
  #running: Promise<void> | null = null;
  #again = false;

  /** @param pass must not reject. */
  constructor(pass: () => Promise<void>) {
    this.#pass = pass;
  }

  /** Whether passes begin when they are asked for. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** From now on asking begins passes. */
  open(): void {
    this.#isOpen = true;
  }

  /** No pass begins any more. Resolves when the one under way has ended. */
  async close(): Promise<void> {
    this.#isOpen = false;
    await this.#running;
  }

  /** Asks for a pass. */
  ask(): void {
    if (!this.#isOpen) return;
    if (this.#running !== null) {
      this.#again = true;
      return;
    }
    this.#running = this.#pass().finally(() => {
      this.#running = null;
      if (!this.#again) return;
      this.#again = false;
      this.ask();
    });
  }

  /** The pass under way will see all that was asked for so far: only who asks from now on gets another one. */
  catchUp(): void {
    this.#again = false;
  }
}
