import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ApiInput, ApiName, ApiOutput } from '../../src-main/contract/api.ts';
import { readEngineLock } from '../../src-main/engine/engine-lock.ts';
import type { SocketClient } from '../../src-main/transport/socket-client.ts';
import { connectSocketClient } from '../../src-main/transport/socket-client.ts';

const program = fileURLToPath(new URL('../../out/main/cli.js', import.meta.url));
const startTimeoutMs = 120_000;

/** The built engine as a person runs it, `signalbox serve`, in a process of its own, and a connection to it. */
export class ServedEngine {
  /** From the start of the process until it had answered its first question, in ms. */
  readonly usableMs: number;
  readonly #child: ChildProcess;
  readonly #client: SocketClient;

  private constructor(child: ChildProcess, client: SocketClient, usableMs: number) {
    this.#child = child;
    this.#client = client;
    this.usableMs = usableMs;
  }

  /** Starts it on a data folder, and resolves once it answers. */
  static async start(dataFolder: string): Promise<ServedEngine> {
    const begun = performance.now();
    const args = [program, 'serve', '--json', '--data', dataFolder];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    const silent = setTimeout(() => child.kill('SIGKILL'), startTimeoutMs);
    const told = await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(() => null)]);
    clearTimeout(silent);
    if (told === null) throw new Error(`signalbox serve ended before it was usable, with exit code ${child.exitCode}`);
    const path = (await readEngineLock(dataFolder))?.socketPath ?? null;
    if (path === null) throw new Error('the engine names no socket');
    const client = await connectSocketClient({ path, connectMs: 10_000, answerMs: 60_000 });
    if (!client.ok) throw new Error(client.error.message);
    await client.value.client.getStatus({});
    return new ServedEngine(child, client.value, performance.now() - begun);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Asks an entry over the socket. @throws when it is refused. */
  async call<N extends ApiName>(name: N, input: ApiInput<N>): Promise<ApiOutput<N>> {
    const result = await this.#client.client[name](input);
    if (!result.ok) throw new Error(`${name} was refused: ${JSON.stringify(result.error)}`);
    return result.value;
  }

  /** Ends it as a person would. */
  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#client.close();
    this.#child.kill('SIGTERM');
    await ended;
  }
}
