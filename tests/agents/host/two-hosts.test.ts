import { expect, onTestFinished, test } from 'vitest';
import type { AgentHost, ProcessObserver } from '../../../src-main/agents/agent-host.ts';
import { startAgentHost } from '../../../src-main/agents/host-client.ts';
import { processesOf } from '../../support/process-census.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { notYet, until } from '../../support/until.ts';

const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
const nobody: ProcessObserver = {
  line: () => undefined,
  output: () => undefined,
  beat: () => undefined,
  dropped: () => undefined,
};

async function startHost(dataFolder: string): Promise<AgentHost> {
  const started = await startAgentHost({ logger, dataFolder, redaction: { values: () => [], patterns: [] } });
  if (!started.ok) throw new Error(started.error.message);
  onTestFinished(() => started.value.close(0));
  return started.value;
}

/** Lets a host start a process that sleeps, and waits for it. */
async function sleepIn(host: AgentHost, folder: string, seconds: string): Promise<number> {
  const marker = { name: 'SIGNALBOX_ATTEMPT_ID', value: `${seconds} in ${folder}` };
  const rest = { marker, log: null, stdout: 'log', stdin: 'none', heartbeatMs: 1_000 } as const;
  const env = { PATH: process.env.PATH ?? '' };
  host.spawn({ key: seconds, argv: ['sleep', seconds], cwd: folder, env, ...rest }, nobody);
  return until('the sleeping process', () => {
    const found = processesOf(folder).find(({ command }) => command === `sleep ${seconds}`);
    return found === undefined ? notYet(processesOf(folder)) : found.pid;
  });
}

test('a host that ends leaves the next host of the same data folder alone, with what that has started', async () => {
  const folder = temporaryFolder();
  const first = await startHost(folder);
  const old = await sleepIn(first, folder, '51');
  // As after the death of a main process: its host still ends its agents while the next engine starts.
  const second = await startHost(folder);
  const young = await sleepIn(second, folder, '52');
  await first.close(0);
  const left = processesOf(folder).map(({ pid }) => pid);
  expect(left).toContain(young);
  expect(left).not.toContain(old);
  expect(left).toHaveLength(2);
});
