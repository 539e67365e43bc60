import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** An engine in a process of its own; see `engine-process.ts`. */
export class KillableEngine {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown[]>;
  #printed = '';
  #errors = '';

  /** Starts it on a data folder. */
  constructor(dataFolder: string) {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'engine-process.ts'), dataFolder], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#exited = once(child, 'exit');
    child.stdin.on('error', () => undefined); // it may be dead already
    child.stdout.on('data', (data) => {
      this.#printed += String(data);
    });
    child.stderr.on('data', (data) => {
      this.#errors += String(data);
    });
  }

  get pid(): number {
    return Number(this.#child.pid);
  }

  /** Whether it has taken up what was there, and works. */
  get isReady(): boolean {
    return this.#printed.includes('READY');
  }

  /** Resolves when it is ready. @throws with what it printed when it ends before that. */
  async ready(): Promise<void> {
    await Promise.race([this.#saidReady(), this.#exited]);
    if (!this.isReady) throw new Error(`the engine ended before it was ready: ${this.#errors || 'it printed nothing'}`);
  }

  /** Kills it as a power cut would: nothing of it runs any more when this resolves. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  /** What it wrote on standard error. */
  get errors(): string {
    return this.#errors;
  }

  #saidReady(): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!this.isReady) return;
        this.#child.stdout?.off('data', look);
        resolve();
      };
      this.#child.stdout?.on('data', look);
      look();
    });
  }
}
