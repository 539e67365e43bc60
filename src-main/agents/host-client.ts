import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import type { Failure } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';
import type { AgentHost, AgentHostOptions } from './agent-host.ts';
import { dataMarkerName } from './agent-host.ts';
import { entryPath } from './entry-path.ts';
import type { HostReport } from './host/protocol.ts';
import { protocolVersion } from './host/protocol.ts';
import { HostConnection } from './host-connection.ts';

const startTimeoutMs = 15_000;

/** The value by which everything that belongs to a data folder is marked. */
export function dataMarkerOf(dataFolder: string): string {
  return createHash('sha256').update(realpathSync(dataFolder)).digest('hex').slice(0, 32);
}

/** How the launcher is given the start of a host, so that tests can give it another. */
export type StartAgentHost = typeof startAgentHost;

/** Starts the host and waits until it is ready. Starting it again after it was lost is the caller's decision. */
export async function startAgentHost(options: AgentHostOptions): Promise<Result<AgentHost, Failure>> {
  const dataMarker = dataMarkerOf(options.dataFolder);
  const child = fork(entryPath('agent-host'), [], {
    // Not the parent's: a test runner's or a debugger's flags are not for the host.
    execArgv: [],
    env: { ...process.env, NODE_OPTIONS: '', ELECTRON_RUN_AS_NODE: '1', [dataMarkerName]: dataMarker },
    serialization: 'advanced',
    // Out of the terminal's group: Ctrl-C is for the main process, which ends the host in its own time.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString('utf8')).slice(-4_096);
  });
  const problem = await ready(child);
  if (problem !== null) {
    child.kill('SIGKILL');
    options.logger.error('The agent host did not start.', { problem, stderr: errors });
    return err({
      category: 'spawn',
      class: 'transient',
      message: `The process that runs agents did not start: ${problem}.`,
      remedy: 'Start the application again; if that does not help, install it again.',
    });
  }
  return ok(new HostConnection({ ...options, child, dataMarker, lastErrors: () => errors }));
}

/** @returns null when the host is ready, otherwise why it is not. */
function ready(child: ChildProcess): Promise<string | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => settle('it gave no sign of life'), startTimeoutMs);
    const onMessage = (report: HostReport) =>
      settle(report.kind === 'ready' && report.version === protocolVersion ? null : 'it belongs to another build');
    const onError = (error: Error) => settle(error.message);
    const onExit = (code: number | null, signal: string | null) => settle(`it ended with ${signal ?? `exit ${code}`}`);
    function settle(problem: string | null): void {
      clearTimeout(timer);
      child.off('message', onMessage).off('error', onError).off('exit', onExit);
      resolve(problem);
    }
    child.once('message', onMessage).once('error', onError).once('exit', onExit);
  });
}
