/** So many may leave before a copy is due: then it costs next to nothing for each, and little can have piled up. */
const leaversPerCopy = 256;

/**
 * Says when a map or a set that lives as long as the engine, and through which everything passes, has to be replaced by a
 * copy of itself. V8 gives a map a new table now and then, and the old table leads to the new one. Once such a table
 * has grown old, it takes all its successors with it, and what was in them, until the next full collection: what should
 * have died young is copied twice, while everything stands still. A copy begins with a table that nothing leads to.
 */
export class Turnover {
  #left = 0;

  /** One has left. @returns whether a copy is due now. */
  leave(): boolean {
    this.#left = (this.#left + 1) % leaversPerCopy;
    return this.#left === 0;
  }
}
