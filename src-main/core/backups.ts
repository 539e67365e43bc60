import type { Settings } from '../contract/settings.ts';
import type { Parts } from './parts.ts';
import type { Backups, Clock, Logger, Stop, Store } from './ports.ts';

export interface BackupClockDeps {
  readonly backups: Backups;
  readonly store: Pick<Store, 'onCommit'>;
  readonly clock: Clock;
  /** What holds now: its fields change when settings are saved. */
  readonly settings: Pick<Settings, 'backups'>;
  readonly parts: Pick<Parts, 'report'>;
  readonly logger: Logger;
}

/** After a copy that failed it is tried again after this long at the latest, in ms. */
const retryMs = 5 * 60_000;
/** No copy is made sooner after a start or a copy, in ms: a start has other things to do. */
const leastMs = 60_000;
/** A copy that gave way so often in a row is trouble, not bad luck. */
const toleratedFailures = 2;
const part = 'backups';

/**
 * Has the database copied from time to time. Only a commit starts the timer, so that nothing is copied, and nothing
 * wakes up, where nothing was stored since the last copy. The oldest copies go once a newer good one is there.
 */
export class BackupClock {
  readonly #deps: BackupClockDeps;
  #stopTimer: Stop | null = null;
  #unfollow: Stop = () => {};
  #working = false;
  /** Whether there was a commit since the last copy began. */
  #dirty = false;
  /** Wall clock of the newest copy, in ms; null: there is none. */
  #newestAt: number | null = null;
  #failures = 0;

  constructor(deps: BackupClockDeps) {
    this.#deps = deps;
  }

  /** Begins to look after copies. */
  start(): void {
    const { backups, store } = this.#deps;
    this.#working = true;
    this.#newestAt = backups.list().find(({ kind }) => kind !== 'migration')?.at ?? null;
    this.#unfollow = store.onCommit(() => this.#committed());
  }

  /** Makes no more copies by itself. One under way is its maker's to end. */
  stop(): void {
    this.#working = false;
    this.#unfollow();
    this.#stopTimer?.();
  }

  #committed(): void {
    this.#dirty = true;
    if (this.#stopTimer === null) this.#await();
  }

  /** Starts the timer of the next copy; until it is made, commits cost nothing. */
  #await(): void {
    const { settings, clock } = this.#deps;
    const { everyMs } = settings.backups;
    if (everyMs === 0) return;
    const sinceMs = this.#newestAt === null ? everyMs : clock.now() - this.#newestAt;
    this.#arm(Math.min(everyMs, Math.max(leastMs, everyMs - sinceMs)));
  }

  #arm(ms: number): void {
    this.#stopTimer = this.#deps.clock.after(ms, () => void this.#copy());
  }

  async #copy(): Promise<void> {
    const { everyMs } = this.#deps.settings.backups;
    this.#dirty = false;
    // They may have been switched off since the timer was started.
    const failed = everyMs > 0 && !(await this.#make());
    this.#stopTimer = null;
    if (!this.#working) return;
    if (failed) this.#arm(Math.min(everyMs, retryMs));
    else if (this.#dirty) this.#await();
  }

  /** @returns whether there is a new copy. */
  async #make(): Promise<boolean> {
    const { backups, settings, parts, logger } = this.#deps;
    const made = await backups.create('rotating');
    if (made.ok) {
      const { path, bytes, at } = made.value;
      this.#newestAt = at;
      this.#failures = 0;
      parts.report(part, null);
      logger.info('Copied the database.', { path, bytes, removed: backups.rotate(settings.backups.keep) });
      return true;
    }
    this.#failures += 1;
    const { type, message, remedy } = made.error;
    if (!this.#working) return false;
    logger.warn(message, { failures: this.#failures });
    if (type !== 'unavailable' || this.#failures > toleratedFailures) parts.report(part, { message, remedy });
    return false;
  }
}
