/**
 * A main process for tests: starts a host and processes that resist their end, prints their PIDs, and stays alive
 * until it is killed. Arguments: the data folder, then a shell script.
 */
import { readFileSync } from 'node:fs';
import { startAgentHost } from '../../../src-main/agents/host-client.ts';

const [dataFolder = '', script = ''] = process.argv.slice(2);
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const started = await startAgentHost({
  logger: silent,
  dataFolder,
  redaction: { values: () => [], patterns: [] },
});
if (!started.ok) {
  throw new Error(started.error.message);
}
const child = started.value.spawn(
  {
    key: 'resisting',
    argv: ['/bin/bash', '-c', script],
    cwd: dataFolder,
    env: { PATH: process.env.PATH ?? '' },
    marker: { name: 'SIGNALBOX_ATTEMPT_ID', value: `attempt-of-${process.pid}` },
    log: `${dataFolder}/resisting.log`,
    stdout: 'log',
    stdin: 'none',
    heartbeatMs: 1_000,
  },
  { line: () => undefined, output: () => undefined, beat: () => undefined, dropped: () => undefined },
);
const identity = await child.started;
process.stdout.write(`${JSON.stringify({ host: hostPid(), identity: identity.ok ? identity.value : null })}\n`);

/** The host is the only process that this one started. */
function hostPid(): number | undefined {
  return process.getActiveResourcesInfo().includes('ProcessWrap') ? Number(childPids()[0]) : undefined;
}

function childPids(): string[] {
  return readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ');
}
