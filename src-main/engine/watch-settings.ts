import type { FSWatcher } from 'node:fs';
import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Clock, Stop } from '../core/ports.ts';

/** Editors write in several steps: looked at once nothing has happened for this long, in ms. */
const settledMs = 100;
/** A file that is gone is usually about to be replaced: it counts as removed after this long, in ms. */
const goneMs = 1_000;

export interface SettingsWatchOptions {
  readonly path: string;
  readonly clock: Pick<Clock, 'after'>;
  /** The file was written, replaced, made or removed. */
  readonly changed: () => void;
  /** Why changes are not noticed, null when they are again; told once each. */
  readonly trouble: (reason: string | null) => void;
}

/**
 * Notices changes of one file without looking for them again and again. The file itself is watched, also behind a link,
 * and watched anew after each change: editors put another file in its place, and a watch stays with the old one. Only
 * while there is no file its folder is watched, in which the database and logs are written all the time.
 */
export class SettingsWatch {
  readonly #options: SettingsWatchOptions;
  #watcher: FSWatcher | null = null;
  #timer: Stop | null = null;
  #trouble: string | null = null;

  constructor(options: SettingsWatchOptions) {
    this.#options = options;
    this.#arm();
  }

  /** Tries again what was not possible, such as for want of watches. */
  look(): void {
    if (this.#watcher === null && this.#timer === null) this.#arm();
  }

  close(): void {
    this.#timer?.();
    this.#watcher?.close();
    this.#watcher = null;
  }

  /** @returns whether there is a file. */
  #arm(): boolean {
    const { path } = this.#options;
    this.#watcher?.close();
    this.#watcher = null;
    try {
      this.#watcher = this.#watch(path, () => true);
      this.#tell(null);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        this.#failed(error);
        return true;
      }
    }
    try {
      // Some systems do not say which file it was.
      this.#watcher = this.#watch(dirname(path), (name) => name === null || name === basename(path));
      this.#tell(null);
    } catch (error) {
      this.#failed(error);
    }
    return false;
  }

  #watch(path: string, isAbout: (name: string | null) => boolean): FSWatcher {
    const watcher = watch(path, { persistent: false }, (_event, name) => {
      if (isAbout(name)) this.#wait(settledMs, () => this.#settled());
    });
    watcher.on('error', (error) => {
      watcher.close();
      if (this.#watcher !== watcher) return;
      this.#watcher = null;
      this.#failed(error);
    });
    return watcher;
  }

  /** Watches first and lets look then, so that nothing that happens in between is missed. */
  #settled(): void {
    if (this.#arm()) this.#options.changed();
    else this.#wait(goneMs, () => this.#options.changed());
  }

  #wait(ms: number, then: () => void): void {
    this.#timer?.();
    this.#timer = this.#options.clock.after(ms, () => {
      this.#timer = null;
      then();
    });
  }

  #failed(error: unknown): void {
    this.#tell(error instanceof Error ? error.message : String(error));
  }

  #tell(reason: string | null): void {
    if (this.#trouble === reason) return;
    this.#trouble = reason;
    this.#options.trouble(reason);
  }
}
