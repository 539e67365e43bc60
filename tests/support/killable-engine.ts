import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ApiClient } from '../../src-main/contract/api.ts';
import { readEngineLock } from '../../src-main/engine/engine-lock.ts';
import type { SocketClient } from '../../src-main/transport/socket-client.ts';
import { connectSocketClient } from '../../src-main/transport/socket-client.ts';

/** An engine in a process of its own; see `engine-process.ts`. */
export class KillableEngine {
  readonly #dataFolder: string;
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown[]>;
  #printed = '';
  #errors = '';
  #connection: SocketClient | null = null;

  /** Starts it on a data folder. @param how what its Node is given beside it. */
  constructor(
    dataFolder: string,
    how: { readonly execArgv?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
  ) {
    this.#dataFolder = dataFolder;
    const entry = join(import.meta.dirname, 'engine-process.ts');
    const child = spawn(process.execPath, [...(how.execArgv ?? []), entry, dataFolder], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...how.env },
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

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Resolves when it is ready. @throws with what it printed when it ends before that. */
  async ready(): Promise<void> {
    await Promise.race([this.#saidReady(), this.#exited]);
    if (!this.isReady) throw new Error(`the engine ended before it was ready: ${this.#errors || 'it printed nothing'}`);
  }

  /** Resolves when its process has ended, by itself or not. */
  async ended(): Promise<void> {
    await this.#exited;
    this.#connection?.close();
  }

  /** Kills it as a power cut would: nothing of it runs any more when this resolves. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended();
  }

  /** Asks it to end, as a quit does, and waits for that. */
  async quit(): Promise<void> {
    this.#child.stdin?.end();
    await this.ended();
  }

  /** A connection to it over its socket, as a terminal has. @throws when it does not answer. */
  async client(): Promise<ApiClient> {
    if (this.#connection !== null) return this.#connection.client;
    const path = (await readEngineLock(this.#dataFolder))?.socketPath ?? '';
    const connected = await connectSocketClient({ path, connectMs: 5_000, answerMs: 20_000 });
    if (!connected.ok) throw new Error(connected.error.message);
    this.#connection = connected.value;
    return connected.value.client;
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
