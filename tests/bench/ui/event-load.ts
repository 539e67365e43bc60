import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ApiClient } from '../../../src-main/contract/api.ts';
import type { AgentId } from '../../../src-main/contract/ids.ts';
import { expectOk } from '../../e2e/support/work.ts';
import { notYet, until } from '../../support/until.ts';

const streamer = fileURLToPath(new URL('./streamer.ts', import.meta.url));
/** Agents that stream what they do. */
const streamers = 5;
/** Events per second that each of them causes. */
const eventsPerStreamer = 1_200;
/** Tasks that are queued and cancelled again in every round: two events each. */
const tasksPerRound = 100;
const roundsPerSecond = 5;
/** Tasks for the streamers: each ends after some seconds, and the next one begins. */
const promptsQueued = 400;

/** About 7,000 events a second, committed by a real engine. */
export interface EventLoad {
  /** Ends it; the agents come to rest. */
  stop(): Promise<void>;
}

/**
 * Starts five agents that speak the Agent Client Protocol and stream their tool calls, while a program queues tasks
 * and cancels them: 6,000 events a second from the agents, 1,000 from the tasks.
 */
export async function startEventLoad(api: ApiClient, folder: string): Promise<EventLoad> {
  const control = join(folder, 'stream-rate');
  writeFileSync(control, '0');
  for (let number = 1; number <= streamers; number += 1) await addStreamer(api, `streamer-${number}`, control);
  const tasks = Array.from({ length: promptsQueued }, () => prompt('normal'));
  expectOk(await api.enqueueTasks({ tasks }));
  await until('all agents to stream', async () => {
    const { tasks: running } = expectOk(await api.listTasks({ states: ['running'] }));
    return running.length >= streamers ? true : notYet(running.length);
  });
  writeFileSync(control, String(eventsPerStreamer));
  let isOn = true;
  const rounds = (async () => {
    while (isOn) {
      const start = performance.now();
      await queueAndCancel(api);
      await wait(Math.max(0, 1_000 / roundsPerSecond - (performance.now() - start)));
    }
  })();
  // Told by `stop`, which waits for them.
  rounds.catch(() => undefined);
  return {
    async stop() {
      isOn = false;
      await rounds;
      writeFileSync(control, '0');
    },
  };
}

/** Number of the newest event. */
export async function newestSeq(api: ApiClient): Promise<number> {
  return expectOk(await api.listEvents({ order: 'newest', limit: 1 })).lastSeq;
}

async function addStreamer(api: ApiClient, id: string, control: string): Promise<void> {
  expectOk(
    await api.saveAgent({
      id: id as AgentId,
      title: id,
      type: 'streamer',
      protocol: 'acp',
      command: [process.execPath, streamer, control],
      env: {},
      capabilities: [],
      repositories: [],
      slots: 1,
      startTimeoutMs: 20_000,
      idleStopMs: 0,
      permissions: 'reject',
      builtin: false,
    }),
  );
}

/** All slots are taken, and those before them come first, so that these tasks wait until they are cancelled. */
async function queueAndCancel(api: ApiClient): Promise<void> {
  const tasks = Array.from({ length: tasksPerRound }, () => prompt('low'));
  const { taskIds } = expectOk(await api.enqueueTasks({ tasks }));
  expectOk(await api.changeTasks({ select: { taskIds }, action: { kind: 'cancel', reason: 'the load' } }));
}

function prompt(priority: 'normal' | 'low') {
  return {
    agent: { type: 'streamer' },
    priority,
    work: { kind: 'prompt', prompt: 'Stream what you do.', config: {} },
  } as const;
}
