/** What is wrong with a part that work can go on without, and what to do. */
export interface PartTrouble {
  readonly message: string;
  readonly remedy: string;
}

/**
 * Parts that may fail while work goes on (copies of the database, pruning, schedules, …). Each says here when it is in
 * trouble and when it works again; health shows it.
 */
export class Parts {
  readonly #troubles = new Map<string, PartTrouble>();

  /** @param trouble null: it works. */
  report(part: string, trouble: PartTrouble | null): void {
    if (trouble === null) this.#troubles.delete(part);
    else this.#troubles.set(part, trouble);
  }

  /** Those in trouble, in the order in which they got into it. */
  troubles(): readonly PartTrouble[] {
    return [...this.#troubles.values()];
  }
}
