import type { ChildProcess } from 'node:child_process';
import { err, ok } from '../../contract/result.ts';
import type { Marker, ProcessExit, SpawnRequest } from '../agent-host.ts';
import { endProcesses } from '../end-processes.ts';
import type { LogBook } from '../log-file/log-book.ts';
import type { ProcessTable } from '../process-table.ts';
import type { Secrets } from '../secrets.ts';
import { ChildOutput } from './child-output.ts';
import type { HostReport } from './protocol.ts';
import { spawnFailure } from './spawn-failure.ts';

/** How long what outlived a process may take to react to SIGTERM. */
const stragglerGraceMs = 250;
/** The most that may wait for a process that does not read its input. */
const maxUnreadInput = 64 * 1024 * 1024;

export interface HostedChildOptions {
  readonly request: SpawnRequest;
  /** Starts the process; the only place that does is `spawn-child.ts`. @throws as `child_process.spawn` does */
  readonly spawnChild: (request: SpawnRequest) => ChildProcess;
  readonly table: ProcessTable;
  readonly logs: LogBook;
  readonly secrets: () => Secrets;
  readonly report: (report: HostReport) => void;
}

/** One process of the host, from its start until nothing of it is left. */
export class HostedChild {
  private readonly options: HostedChildOptions;
  private child: ChildProcess | null = null;
  private output: ChildOutput | null = null;
  private heartbeat: NodeJS.Timeout | null = null;
  private killTimer: NodeJS.Timeout | null = null;
  private killAt = Number.POSITIVE_INFINITY;
  private killing: Promise<void> | null = null;
  private hasExited = false;
  private readonly killed = new Set<number>();

  constructor(options: HostedChildOptions) {
    this.options = options;
  }

  /** Starts it. Resolves when it has ended (or could not be started) and that was reported; never rejects. */
  async run(): Promise<void> {
    const { request, report } = this.options;
    const { key } = request;
    let exit: ProcessExit = { code: null, signal: null, stragglers: 0, lastWords: '' };
    try {
      const { pid, exited, identified } = await this.start();
      report({ kind: 'started', key, result: ok((await identified) ?? { pid, startMark: 'unknown' }) });
      this.heartbeat = setInterval(() => void this.beat(pid), request.heartbeatMs);
      exit = await this.afterExit(pid, await exited);
    } catch (error) {
      report({ kind: 'started', key, result: err(spawnFailure(error, request)) });
    }
    report({ kind: 'exited', key, exit });
  }

  /** Rejects when the process could not be started. */
  private async start() {
    const child = this.options.spawnChild(this.options.request);
    // At once: input and a stop may come before the system says that it has started.
    this.child = child;
    child.stdin?.on('error', () => undefined);
    const pid = child.pid ?? 0;
    const exited = exitOf(child);
    const identified = this.options.table.identifyChild(pid);
    await spawned(child);
    this.output = new ChildOutput({ ...this.options, child });
    return { pid, exited, identified };
  }

  write(line: string): void {
    const input = this.child?.stdin;
    if (input?.writable !== true) {
      return;
    }
    input.write(`${line}\n`);
    if (input.writableLength > maxUnreadInput) {
      this.options.report({
        kind: 'trouble',
        message: `The process ${this.options.request.key} does not read its input; its input was closed.`,
      });
      input.destroy();
    }
  }

  endInput(): void {
    this.child?.stdin?.end();
  }

  handled(bytes: number): void {
    this.output?.handled(bytes);
  }

  attachLog(log: string | null): void {
    this.output?.attachLog(log);
  }

  /** See `HostedProcess.stop`. */
  stop(graceMs: number): void {
    const pid = this.child?.pid;
    if (pid === undefined || this.hasExited) {
      return;
    }
    const at = performance.now() + graceMs;
    if (this.killAt === Number.POSITIVE_INFINITY) {
      askToEnd(this.child, pid);
    }
    if (at < this.killAt) {
      this.killAt = at;
      clearTimeout(this.killTimer ?? undefined);
      this.killTimer = setTimeout(() => {
        this.killing = this.kill(pid);
      }, graceMs);
    }
  }

  private async kill(pid: number): Promise<void> {
    // While the process was not waited for, its PID and its group cannot belong to anyone else.
    const { ended, left } = await endProcesses({
      table: this.options.table,
      query: { groups: [pid], roots: [pid], markers: [this.options.request.marker] },
      graceMs: 0,
    });
    this.noteEnded(pid, ended, left);
  }

  private async beat(pid: number): Promise<void> {
    if ((await this.options.table.canRun(pid)) && !this.hasExited) {
      this.options.report({ kind: 'beat', key: this.options.request.key });
    }
  }

  private async afterExit(pid: number, how: Pick<ProcessExit, 'code' | 'signal'>): Promise<ProcessExit> {
    this.hasExited = true;
    clearInterval(this.heartbeat ?? undefined);
    clearTimeout(this.killTimer ?? undefined);
    await this.killing;
    const markers: Marker[] = [this.options.request.marker];
    const { ended, left } = await endProcesses({
      table: this.options.table,
      // Nobody can have taken the group's number so soon; a group with living members keeps it anyway.
      query: { groups: [pid], roots: [], markers },
      graceMs: stragglerGraceMs,
    });
    this.noteEnded(pid, ended, left);
    await this.output?.drain();
    this.options.logs.tell();
    return { ...how, stragglers: this.killed.size, lastWords: this.output?.lastWords() ?? '' };
  }

  private noteEnded(pid: number, ended: readonly { pid: number }[], left: readonly { reason: string }[]): void {
    for (const process of ended) {
      if (process.pid !== pid) {
        this.killed.add(process.pid);
      }
    }
    for (const { reason } of left) {
      this.options.report({ kind: 'trouble', message: `A process of ${this.options.request.key} is left: ${reason}` });
    }
  }
}

/** Asks a process and its group to end. Windows has no such signal: there the end of input has to do. */
function askToEnd(child: ChildProcess | null, pid: number): void {
  if (process.platform === 'win32') {
    child?.stdin?.end();
    return;
  }
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // It has just ended.
  }
}

/** Rejects when the process could not be started. */
function spawned(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    // Kept: what goes wrong later, such as a signal that cannot be sent, is told by other means.
    child.on('error', reject);
  });
}

function exitOf(child: ChildProcess): Promise<Pick<ProcessExit, 'code' | 'signal'>> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}
