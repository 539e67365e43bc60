import { join } from 'node:path';
import type { AgentHost, HostedProcess, ProcessObserver } from '../../src-main/agents/agent-host.ts';
import { startAgentHost } from '../../src-main/agents/host-client.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

const silent: ProcessObserver = { line: () => {}, output: () => {}, beat: () => {}, dropped: () => {} };
const heartbeatMs = 10_000;

/** A real agent host, in a folder of its own. */
export interface BenchHost {
  readonly folder: string;
  readonly host: AgentHost;
  /** Starts a program whose output goes to the log `KEY.log` in the folder. */
  start(key: string, argv: readonly string[]): HostedProcess;
}

/** Starts an agent host, lets the work use it, and ends it with everything it started. */
export function withAgentHost<T>(work: (bench: BenchHost) => Promise<T>): Promise<T> {
  return inTemporaryFolder(async (folder) => {
    const logger = { info: () => {}, warn: console.warn, error: console.error };
    const redaction = { values: () => [], patterns: [] };
    const started = await startAgentHost({ logger, dataFolder: folder, redaction });
    if (!started.ok) throw new Error(started.error.message);
    const host = started.value;
    const env = { PATH: process.env.PATH ?? '' };
    try {
      return await work({
        folder,
        host,
        start: (key, argv) =>
          host.spawn(
            {
              key,
              argv,
              cwd: folder,
              env,
              marker: { name: 'SIGNALBOX_ATTEMPT_ID', value: `${folder} ${key}` },
              log: join(folder, `${key}.log`),
              stdout: 'log',
              stdin: 'none',
              heartbeatMs,
            },
            silent,
          ),
      });
    } finally {
      await host.close(0);
    }
  });
}
