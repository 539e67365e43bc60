import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { err } from '../../contract/result.ts';
import type { SpawnRequest } from '../agent-host.ts';
import { dataMarkerName, hostMarkerName } from '../agent-host.ts';
import { endProcesses } from '../end-processes.ts';
import { LogBook } from '../log-file/log-book.ts';
import type { OpenFile } from '../log-file/log-file.ts';
import type { ProcessTable } from '../process-table.ts';
import { reapProcesses } from '../reap.ts';
import { secretsIn } from '../redact.ts';
import type { Secrets } from '../secrets.ts';
import { compileSecrets } from '../secrets.ts';
import { HostedChild } from './hosted-child.ts';
import type { HostCommand, HostReport } from './protocol.ts';
import { protocolVersion } from './protocol.ts';

/** More values make the search slow; the newest are the ones in use. */
const maxSecretValues = 1_000;

export interface HostOptions {
  readonly report: (report: HostReport) => void;
  readonly table: ProcessTable;
  readonly openFile: OpenFile;
  /** @throws as `child_process.spawn` does */
  readonly spawnChild: (request: SpawnRequest, dataMarker: string) => ChildProcess;
  /** Wall clock, ms. */
  readonly now: () => number;
}

/** The agent host without its process: carries out commands, reports what happens. */
export interface Host {
  handle(command: HostCommand): void;
  /** Ends every process, writes out every log. Nothing can be started afterwards. */
  shutDown(graceMs: number): Promise<void>;
}

export function serveHost(options: HostOptions): Host {
  const host = new RunningHost(options);
  options.report({ kind: 'ready', version: protocolVersion });
  return host;
}

class RunningHost implements Host {
  private readonly options: HostOptions;
  private readonly logs: LogBook;
  private readonly children = new Map<string, { readonly child: HostedChild; readonly ended: Promise<void> }>();
  private dataMarker = '';
  /** What this host has started, and no other host of the same data folder. */
  private readonly ownMarker = { name: hostMarkerName, value: randomUUID() };
  private patterns: readonly string[] = [];
  private readonly values = new Set<string>();
  private secrets: Secrets = compileSecrets({ values: [], patterns: [], encoding: 'latin1' });
  private shutting: Promise<void> | null = null;

  constructor(options: HostOptions) {
    const { report } = options;
    this.options = options;
    this.logs = new LogBook({
      open: options.openFile,
      now: options.now,
      secrets: () => this.secrets,
      grown: (logs) => report({ kind: 'grown', logs }),
      dropped: (log, bytes) => report({ kind: 'dropped', log, bytes }),
      trouble: (message) => report({ kind: 'trouble', message }),
    });
  }

  handle(command: HostCommand): void {
    switch (command.kind) {
      case 'configure':
        this.configure(command.dataMarker, command.patterns);
        break;
      case 'redact':
        this.redact(command.values);
        break;
      case 'spawn':
        this.spawn(command.request);
        break;
      case 'write':
        this.children.get(command.key)?.child.write(command.line);
        break;
      case 'endInput':
        this.children.get(command.key)?.child.endInput();
        break;
      case 'stop':
        this.children.get(command.key)?.child.stop(command.graceMs);
        break;
      case 'ack':
        this.children.get(command.key)?.child.handled(command.bytes);
        break;
      case 'attachLog':
        this.children.get(command.key)?.child.attachLog(command.log);
        break;
      case 'appendLog':
        this.logs.append(command.log, command.entries);
        break;
      case 'closeLog':
        void this.closeLog(command.call, command.log);
        break;
      case 'reap':
        void this.reap(command);
        break;
      case 'close':
        void this.shutDown(command.graceMs);
        break;
      default:
        command satisfies never;
    }
  }

  shutDown(graceMs: number): Promise<void> {
    this.shutting ??= this.endEverything(graceMs);
    return this.shutting;
  }

  private async endEverything(graceMs: number): Promise<void> {
    for (const { child } of this.children.values()) {
      child.stop(graceMs);
    }
    await Promise.all([...this.children.values()].map(({ ended }) => ended));
    // Not by the data folder's marker: after the death of the main process the next one may be starting its own host.
    await endProcesses({
      table: this.options.table,
      query: { groups: [], roots: [], markers: [this.ownMarker] },
      graceMs: 0,
    });
    await this.logs.closeAll();
  }

  private configure(dataMarker: string, patterns: readonly string[]): void {
    this.dataMarker = dataMarker;
    this.patterns = patterns;
    this.compile();
    for (const message of this.secrets.refused) {
      this.options.report({ kind: 'trouble', message });
    }
  }

  private redact(values: readonly string[]): void {
    const before = this.values.size;
    for (const value of values) {
      this.values.add(value);
    }
    if (this.values.size === before) {
      return;
    }
    for (const oldest of [...this.values].slice(0, -maxSecretValues)) {
      this.values.delete(oldest);
    }
    this.compile();
  }

  private compile(): void {
    this.secrets = compileSecrets({ values: [...this.values], patterns: this.patterns, encoding: 'latin1' });
  }

  private spawn(request: SpawnRequest): void {
    const { report } = this.options;
    const { key } = request;
    if (this.shutting !== null || this.children.has(key)) {
      const message = this.shutting === null ? `A process ${key} runs already.` : 'The engine is closing.';
      const failure = { category: 'spawn', class: 'transient', message } as const;
      report({ kind: 'started', key, result: err(failure) });
      report({ kind: 'exited', key, exit: { code: null, signal: null, stragglers: 0, lastWords: '' } });
      return;
    }
    this.redact(secretsIn(request.env));
    const { name, value } = this.ownMarker;
    const child = new HostedChild({
      request: { ...request, env: { ...request.env, [name]: value } },
      spawnChild: (asked) => this.options.spawnChild(asked, this.dataMarker),
      table: this.options.table,
      logs: this.logs,
      secrets: () => this.secrets,
      report,
    });
    const ended = child.run().finally(() => this.children.delete(key));
    this.children.set(key, { child, ended });
  }

  private async closeLog(call: number, log: string): Promise<void> {
    this.options.report({ kind: 'closedLog', call, totalLines: await this.logs.close(log) });
  }

  private async reap({ call, known }: Extract<HostCommand, { kind: 'reap' }>): Promise<void> {
    const { table, report } = this.options;
    const spared = [process.pid, process.ppid];
    report({ kind: 'reaped', call, report: await reapProcesses({ table, known, marker: this.marker(), spared }) });
  }

  private marker() {
    return { name: dataMarkerName, value: this.dataMarker };
  }
}
