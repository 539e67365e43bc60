import type { FSWatcher } from 'node:fs';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A lock that is taken at once, and a mailbox in which a second start leaves its command line. */
export class InstanceLock {
  readonly #told: (argv: string[]) => void;
  #folder = '';
  #watcher: FSWatcher | null = null;

  constructor(told: (argv: string[]) => void) {
    this.#told = told;
  }

  /** @returns false when another process holds it; that one has then been told. */
  take(parent: string, argv: readonly string[]): boolean {
    this.#folder = join(parent, 'instance');
    const holder = join(parent, 'instance.pid');
    // What a killed one leaves behind holds nothing, as with the real one.
    if (!isHeld(holder)) rmSync(this.#folder, { recursive: true, force: true });
    try {
      mkdirSync(this.#folder);
      writeFileSync(holder, String(process.pid));
    } catch {
      const letter = join(parent, `${process.pid}.json`);
      writeFileSync(letter, JSON.stringify(argv));
      renameSync(letter, join(this.#folder, `${process.pid}.json`));
      return false;
    }
    this.#watcher = watch(this.#folder, () => this.#readLetters());
    return true;
  }

  release(): void {
    if (this.#watcher === null) return;
    this.#watcher.close();
    this.#watcher = null;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #readLetters(): void {
    for (const name of readdirSync(this.#folder)) {
      const path = join(this.#folder, name);
      const argv = JSON.parse(readFileSync(path, 'utf8')) as string[];
      rmSync(path);
      this.#told(argv);
    }
  }
}

/** Whether the process that wrote this file lives. */
function isHeld(holder: string): boolean {
  try {
    return process.kill(Number(readFileSync(holder, 'utf8')), 0);
  } catch {
    return false;
  }
}
