import { onTestFinished } from 'vitest';
import type { ProcessExit, SpawnRequest } from '../../../src-main/agents/agent-host.ts';
import type { HostCommand, HostReport } from '../../../src-main/agents/host/protocol.ts';
import type { Host, HostOptions } from '../../../src-main/agents/host/serve-host.ts';
import { serveHost } from '../../../src-main/agents/host/serve-host.ts';
import { spawnChild } from '../../../src-main/agents/host/spawn-child.ts';
import { createLinuxProcesses } from '../../../src-main/agents/linux-processes.ts';
import { openForAppending } from '../../../src-main/agents/log-file/log-file.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { notYet, until } from '../../support/until.ts';

/** A host in this process, with everything it reported. */
export interface InProcessHost {
  readonly host: Host;
  readonly folder: string;
  readonly reports: HostReport[];
  /** Starts a shell script (or a command) and returns its key. */
  start(script: string | readonly string[], extra?: Partial<SpawnRequest>): string;
  /** The reports of one kind about a process, so far. */
  of<K extends HostReport['kind']>(kind: K, key: string): Extract<HostReport, { kind: K; key: string }>[];
  pid(key: string): Promise<number>;
  exit(key: string, timeoutMs?: number): Promise<ProcessExit>;
  send(command: HostCommand): void;
}

let lastMarker = 0;

export function inProcessHost(overrides: Partial<HostOptions> = {}, patterns: readonly string[] = []): InProcessHost {
  const folder = temporaryFolder();
  const reports: HostReport[] = [];
  const host = serveHost({
    report: (report) => reports.push(report),
    table: createLinuxProcesses(),
    openFile: openForAppending,
    spawnChild,
    now: Date.now,
    ...overrides,
  });
  lastMarker += 1;
  const dataMarker = `test-${process.pid}-${lastMarker}`;
  host.handle({ kind: 'configure', dataMarker, patterns });
  onTestFinished(() => host.shutDown(0));
  let lastKey = 0;
  const of: InProcessHost['of'] = (kind, key) =>
    reports.filter((report): report is never => report.kind === kind && 'key' in report && report.key === key);
  return {
    host,
    folder,
    reports,
    of,
    start: (script, extra = {}) => {
      lastKey += 1;
      const key = extra.key ?? `process-${lastKey}`;
      host.handle({
        kind: 'spawn',
        request: {
          key,
          argv: typeof script === 'string' ? ['/bin/bash', '-c', script] : script,
          cwd: folder,
          env: { PATH: process.env.PATH ?? '' },
          marker: { name: 'SIGNALBOX_ATTEMPT_ID', value: `${dataMarker}-${key}` },
          log: `${folder}/${key}.log`,
          stdout: 'log',
          stdin: 'none',
          heartbeatMs: 60_000,
          ...extra,
        },
      });
      return key;
    },
    pid: async (key) => {
      const { result } = await until('start', () => of('started', key)[0]);
      return result.ok ? result.value.pid : Number.NaN;
    },
    exit: async (key, timeoutMs = 8_000) =>
      (await until(`end of ${key}`, () => of('exited', key)[0] ?? notYet(reports.slice(-5)), timeoutMs)).exit,
    send: (command) => host.handle(command),
  };
}

/** Whether a process exists and is no zombie. */
export async function isAlive(pid: number): Promise<boolean> {
  return (await createLinuxProcesses().identify(pid)) !== null;
}
