import type { Activity } from '../../contract/task.ts';

/**
 * Every activity is a row: an attempt that reports without end must not fill the database. Its log has everything.
 * Ends of tool calls come on top, at most as many again; together they stay below what the core stores per attempt.
 */
const MAX_ACTIVITIES = 4_500;
const MAX_BROKEN = 20;

/** Passes on the activities of one attempt, as many as it may have, and says how many it kept back. */
export class ActivityBudget {
  readonly #did: (activity: Activity) => void;
  #spent = 0;
  #broken = 0;
  #keptBack = 0;

  constructor(did: (activity: Activity) => void) {
    this.#did = did;
  }

  /**
   * Ends of tool calls always pass: their starts were paid for, and every start has exactly one end.
   * @returns whether it was passed on.
   */
  spend(activity: Activity): boolean {
    const isEnd = activity.kind === 'toolCallFinished';
    if (!isEnd && this.#spent >= MAX_ACTIVITIES) {
      this.#keptBack += 1;
      return false;
    }
    this.#spent += isEnd ? 0 : 1;
    this.#did(activity);
    return true;
  }

  /** Messages that break the protocol have a smaller budget of their own. */
  spendOnBroken(detail: string): void {
    this.#broken += 1;
    if (this.#broken <= MAX_BROKEN) this.#did({ kind: 'protocolBroken', detail });
  }

  /** Says what was kept back, once, at the end. */
  report(): void {
    if (this.#broken > MAX_BROKEN) {
      this.#did({
        kind: 'protocolBroken',
        detail: `${this.#broken - MAX_BROKEN} more messages that break the protocol`,
      });
    }
    if (this.#keptBack > 0) {
      this.#did({ kind: 'protocolBroken', detail: `${this.#keptBack} more activities than an attempt may have` });
    }
    this.#broken = 0;
    this.#keptBack = 0;
  }
}
