import type { ChildProcess } from 'node:child_process';
import type { Failure } from '../contract/errors.ts';
import { err } from '../contract/result.ts';
import type { ProcessIdentity } from '../contract/task.ts';
import type { ReapReport, Stop } from '../core/ports.ts';
import type {
  AgentHost,
  AgentHostOptions,
  HostedProcess,
  LogEntry,
  ProcessExit,
  ProcessObserver,
  SpawnRequest,
} from './agent-host.ts';
import { dataMarkerName } from './agent-host.ts';
import type { HostCommand, HostReport } from './host/protocol.ts';
import { lineAckBytes } from './host/protocol.ts';
import { createLinuxProcesses } from './linux-processes.ts';
import { reapProcesses } from './reap.ts';

/** After the grace the host may need this long for stragglers and logs; then it is killed. */
const closeSlackMs = 8_000;
const noExit: ProcessExit = { code: null, signal: null, stragglers: 0, lastWords: '' };

export interface HostConnectionOptions extends AgentHostOptions {
  /** The host; it has said that it is ready. */
  readonly child: ChildProcess;
  readonly dataMarker: string;
  readonly lastErrors: () => string;
}

interface Entry {
  readonly observer: ProcessObserver;
  readonly started: PromiseWithResolvers<Awaited<HostedProcess['started']>>;
  readonly exited: PromiseWithResolvers<ProcessExit>;
  log: string | null;
  identity: ProcessIdentity | null;
  /** Handled protocol output that the host was not told about yet. */
  unackedBytes: number;
}

/** The main process's end of the channel to the agent host. */
export class HostConnection implements AgentHost {
  readonly lost: Promise<string>;
  private readonly options: HostConnectionOptions;
  private readonly entries = new Map<string, Entry>();
  private readonly watchers = new Map<string, Set<(totalLines: number) => void>>();
  private readonly calls = new Map<number, (report: HostReport | null) => void>();
  private readonly knownValues = new Set<string>();
  private readonly ended: Promise<string>;
  private lastCall = 0;
  private isOpen = true;
  private closing: Promise<void> | null = null;

  constructor(options: HostConnectionOptions) {
    this.options = options;
    const { child } = options;
    child.on('message', (report: HostReport) => this.receive(report));
    child.on('error', (error) => options.logger.warn('The channel to the agent host is disturbed.', { error }));
    this.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve(signal ?? `exit ${code}`));
    });
    this.lost = new Promise((resolve) => {
      void this.ended.then(async (how) => {
        const wasAsked = this.closing !== null;
        await this.giveUp(how);
        if (!wasAsked) {
          resolve(`The process that runs agents has died (${how}).`);
        }
      });
    });
    this.send({ kind: 'configure', dataMarker: options.dataMarker, patterns: options.redaction.patterns });
  }

  spawn(request: SpawnRequest, observer: ProcessObserver): HostedProcess {
    const entry: Entry = {
      observer,
      started: Promise.withResolvers(),
      exited: Promise.withResolvers(),
      log: request.log,
      identity: null,
      unackedBytes: 0,
    };
    const { key } = request;
    if (this.isOpen && !this.entries.has(key)) {
      this.entries.set(key, entry);
      this.tellValues();
      this.send({ kind: 'spawn', request });
    } else {
      entry.started.resolve(err(notRunning(this.isOpen ? `A process ${key} runs already.` : 'No agent host runs.')));
      entry.exited.resolve(noExit);
    }
    return {
      started: entry.started.promise,
      exited: entry.exited.promise,
      write: (line) => this.send({ kind: 'write', key, line }),
      endInput: () => this.send({ kind: 'endInput', key }),
      stop: (graceMs) => this.send({ kind: 'stop', key, graceMs }),
    };
  }

  appendLog(log: string, entries: readonly LogEntry[]): void {
    this.tellValues();
    this.send({ kind: 'appendLog', log, entries });
  }

  attachLog(key: string, log: string | null): void {
    const entry = this.entries.get(key);
    if (entry !== undefined) {
      entry.log = log;
    }
    this.send({ kind: 'attachLog', key, log });
  }

  async closeLog(log: string): Promise<{ readonly totalLines: number }> {
    const answer = await this.call((call) => ({ kind: 'closeLog', call, log }));
    return { totalLines: answer?.kind === 'closedLog' ? answer.totalLines : 0 };
  }

  watchLog(log: string, grown: (totalLines: number) => void): Stop {
    const watchers = this.watchers.get(log) ?? new Set();
    // Wrapped, so that the same callback may watch twice.
    const watcher = (totalLines: number) => grown(totalLines);
    this.watchers.set(log, watchers.add(watcher));
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0 && this.watchers.get(log) === watchers) {
        this.watchers.delete(log);
      }
    };
  }

  async reap(known: readonly ProcessIdentity[]): Promise<ReapReport> {
    if (process.platform === 'linux') {
      return this.reapHere(known);
    }
    const answer = await this.call((call) => ({ kind: 'reap', call, known }));
    return answer?.kind === 'reaped' ? answer.report : { ended: [], left: [] };
  }

  close(graceMs: number): Promise<void> {
    this.closing ??= this.end(graceMs);
    return this.closing;
  }

  private async end(graceMs: number): Promise<void> {
    this.send({ kind: 'close', graceMs });
    const timer = setTimeout(() => this.options.child.kill('SIGKILL'), graceMs + closeSlackMs);
    await this.ended;
    clearTimeout(timer);
  }

  private receive(report: HostReport): void {
    switch (report.kind) {
      case 'started':
        this.onStarted(report);
        break;
      case 'lines':
        this.onLines(report);
        break;
      case 'beat':
        this.entries.get(report.key)?.observer.beat();
        break;
      case 'exited':
        this.entries.get(report.key)?.exited.resolve(report.exit);
        this.entries.delete(report.key);
        break;
      case 'grown':
        this.onGrown(report.logs);
        break;
      case 'dropped':
        for (const { log, observer } of this.entries.values()) {
          if (log === report.log) {
            observer.dropped(report.bytes);
          }
        }
        break;
      case 'trouble':
        this.options.logger.warn(report.message);
        break;
      case 'closedLog':
      case 'reaped':
        this.calls.get(report.call)?.(report);
        break;
      case 'ready':
        break;
      default:
        report satisfies never;
    }
  }

  private onStarted({ key, result }: Extract<HostReport, { kind: 'started' }>): void {
    const entry = this.entries.get(key);
    if (entry !== undefined) {
      entry.identity = result.ok ? result.value : null;
      entry.started.resolve(result);
    }
  }

  private onLines({ key, lines, cut, bytes }: Extract<HostReport, { kind: 'lines' }>): void {
    const entry = this.entries.get(key);
    if (entry === undefined) {
      return;
    }
    const cuts = new Map(cut);
    for (const [index, line] of lines.entries()) {
      entry.observer.line(line, cuts.get(index) ?? 0);
    }
    entry.unackedBytes += bytes;
    if (entry.unackedBytes >= lineAckBytes) {
      this.send({ kind: 'ack', key, bytes: entry.unackedBytes });
      entry.unackedBytes = 0;
    }
  }

  private onGrown(logs: readonly (readonly [log: string, totalLines: number])[]): void {
    const byLog = new Map(logs);
    for (const { log, observer } of this.entries.values()) {
      const totalLines = log === null ? undefined : byLog.get(log);
      if (totalLines !== undefined) {
        observer.output(totalLines);
      }
    }
    for (const [log, totalLines] of logs) {
      for (const watcher of this.watchers.get(log) ?? []) {
        watcher(totalLines);
      }
    }
  }

  /** The host has ended: whatever waits for it is answered. */
  private async giveUp(how: string): Promise<void> {
    this.isOpen = false;
    const running = [...this.entries.values()];
    if (running.length > 0 && process.platform === 'linux') {
      // Its children live on; nothing may be told about their end before they have ended.
      await this.reapHere(running.flatMap(({ identity }) => (identity === null ? [] : [identity])));
    }
    this.entries.clear();
    for (const { started, exited } of running) {
      started.resolve(err({ ...notRunning(`The process that runs agents has died (${how}).`), category: 'engine' }));
      exited.resolve(noExit);
    }
    for (const answer of [...this.calls.values()]) {
      answer(null);
    }
    if (this.closing === null) {
      this.options.logger.error('The agent host has died.', { how, stderr: this.options.lastErrors() });
    }
  }

  private reapHere(known: readonly ProcessIdentity[]): Promise<ReapReport> {
    return reapProcesses({
      table: createLinuxProcesses(),
      known,
      marker: { name: dataMarkerName, value: this.options.dataMarker },
      spared: [process.pid, ...(this.options.child.pid === undefined ? [] : [this.options.child.pid])],
    });
  }

  private tellValues(): void {
    const fresh = this.options.redaction.values().filter((value) => !this.knownValues.has(value));
    if (fresh.length > 0) {
      for (const value of fresh) {
        this.knownValues.add(value);
      }
      this.send({ kind: 'redact', values: fresh });
    }
  }

  private async call(command: (call: number) => HostCommand): Promise<HostReport | null> {
    if (!this.isOpen) {
      return null;
    }
    this.lastCall += 1;
    const call = this.lastCall;
    const answer = new Promise<HostReport | null>((resolve) => this.calls.set(call, resolve));
    this.send(command(call));
    try {
      return await answer;
    } finally {
      this.calls.delete(call);
    }
  }

  private send(command: HostCommand): void {
    if (this.isOpen && this.options.child.connected) {
      // A message that cannot be sent is answered by the host's end, which is told by `lost`.
      this.options.child.send(command, () => undefined);
    }
  }
}

function notRunning(message: string): Failure {
  return { category: 'spawn', class: 'transient', message, remedy: 'It is started again by itself; try again.' };
}
