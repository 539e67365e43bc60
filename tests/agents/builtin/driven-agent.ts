import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import type { ClientConnection, InitializeResponse, PermissionOptionKind } from '@agentclientprotocol/sdk';
import { client, methods, ndJsonStream, PROTOCOL_VERSION } from '@agentclientprotocol/sdk';
import { z } from 'zod';
import type { ReceivedUpdates, TaskOfTest, TaskResult } from './open-task.ts';
import { openTask } from './open-task.ts';

const agents = join(import.meta.dirname, '../../../src-main/agents');
const beatSchema = z.object({ at: z.number(), busy: z.boolean() });
const driven = new Set<DrivenAgent>();

/** An agent in a real child process, driven through the SDK's own client, as the engine does it. */
export class DrivenAgent {
  readonly child: ChildProcess;
  readonly beats: z.infer<typeof beatSchema>[] = [];
  readonly received: ReceivedUpdates = [];
  /** Kind of the option that the client chooses when the agent asks for a permission. */
  choice: PermissionOptionKind = 'allow_once';
  /** Everything that the agent wrote to its standard output. */
  stdout = '';
  stderr = '';
  readonly #connection: ClientConnection;

  constructor(entry: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const child = spawn(process.execPath, [join(agents, entry), ...args], {
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    driven.add(this);
    this.child = child;
    child.stdin.on('error', () => undefined);
    child.stdout.on('data', (bytes: Buffer) => {
      this.stdout += bytes.toString('latin1');
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    const app = client({ name: 'test' })
      .onNotification(methods.client.session.update, ({ params }) => void this.received.push(params))
      .onNotification('_signalbox/heartbeat', beatSchema, ({ params }) => void this.beats.push(params))
      .onRequest(methods.client.session.requestPermission, ({ params }) => {
        const optionId = params.options.find(({ kind }) => kind === this.choice)?.optionId ?? '';
        return { outcome: { outcome: 'selected', optionId } };
      });
    const input = Readable.toWeb(child.stdout) as ReadableStream<Uint8Array>;
    this.#connection = app.connect(ndJsonStream(Writable.toWeb(child.stdin), input));
  }

  initialize(): Promise<InitializeResponse> {
    return this.#connection.agent.request(methods.agent.initialize, {
      protocolVersion: PROTOCOL_VERSION,
      clientCapabilities: {},
      clientInfo: { name: 'test', version: '1' },
    });
  }

  openTask(workspace: string, task: TaskOfTest) {
    return openTask(this.#connection.agent, this.received, workspace, task);
  }

  async runTask(workspace: string, task: TaskOfTest): Promise<TaskResult> {
    return (await this.openTask(workspace, task)).prompt();
  }

  /** Waits for the exit; throws when it does not come within 10 s. */
  async exited(): Promise<{ exitCode: number | null; signal: string | null }> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      await once(this.child, 'exit', { signal: AbortSignal.timeout(10_000) });
    }
    driven.delete(this);
    return { exitCode: this.child.exitCode, signal: this.child.signalCode };
  }

  /** Ends the agent's input; returns how it exited, and after how many ms. */
  async end(): Promise<{ exitCode: number | null; signal: string | null; afterMs: number }> {
    const startedAt = performance.now();
    this.child.stdin?.end();
    const { exitCode, signal } = await this.exited();
    return { exitCode, signal, afterMs: performance.now() - startedAt };
  }
}

/** Ends what a failed test left running; give it to `afterEach`. */
export async function endDrivenAgents(): Promise<void> {
  for (const agent of driven) {
    agent.child.kill('SIGKILL');
    await agent.exited();
  }
}

/** Runs one task with a built-in agent in a process of its own. */
export async function runInChild(type: string, workspace: string, task: TaskOfTest): Promise<TaskResult> {
  const agent = new DrivenAgent('builtin/main.ts', [type]);
  await agent.initialize();
  const result = await agent.runTask(workspace, task);
  await agent.end();
  return result;
}
