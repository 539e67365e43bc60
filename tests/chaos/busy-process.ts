import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { databaseFile } from '../../src-main/store/data-files.ts';
import { notYet, until } from '../support/until.ts';

/** The process of `busy-store.ts`. */
export class BusyProcess {
  readonly #folder: string;
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown[]>;
  #printed = '';
  #errors = '';

  constructor(folder: string, seed: number) {
    this.#folder = folder;
    const entry = join(import.meta.dirname, 'busy-store.ts');
    const child = spawn(process.execPath, [entry, folder, String(seed)], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child = child;
    this.#exited = once(child, 'exit');
    child.stdout.on('data', (data) => {
      this.#printed += String(data);
    });
    child.stderr.on('data', (data) => {
      this.#errors += String(data);
    });
  }

  /** The number of the last event that it was told is stored; 0 before the first. */
  get acknowledged(): number {
    const lines = this.#printed.split('\n').slice(0, -1);
    return Number(lines.at(-1) ?? 0);
  }

  /** Resolves when so many events are stored. */
  async stored(events: number): Promise<void> {
    await until(
      `${events} stored events`,
      () => {
        if (this.#child.exitCode !== null) throw new Error(`the busy store ended: ${this.#errors}`);
        return this.acknowledged >= events ? true : notYet(this.acknowledged);
      },
      60_000,
    );
  }

  /**
   * Copies its files at one moment: while it stands still none of its threads writes.
   * @returns the last event that it had acknowledged by then.
   */
  async copyTo(folder: string): Promise<number> {
    this.#child.kill('SIGSTOP');
    try {
      // What it had printed arrives.
      await new Promise((resolve) => setTimeout(resolve, 20));
      const file = databaseFile(this.#folder);
      for (const suffix of ['', '-wal', '-shm']) {
        if (existsSync(`${file}${suffix}`)) copyFileSync(`${file}${suffix}`, `${databaseFile(folder)}${suffix}`);
      }
      return this.acknowledged;
    } finally {
      this.#child.kill('SIGCONT');
    }
  }

  /** Lets it close its database and end. */
  async end(): Promise<void> {
    this.#child.stdin?.end();
    await this.#exited;
    if (this.#child.exitCode !== 0) throw new Error(`the busy store failed: ${this.#errors}`);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
