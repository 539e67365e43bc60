import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { DrivenAgent, endDrivenAgents } from './driven-agent.ts';
import { prepareApplication, processesWith, removeWorkspaces } from './workspace.ts';

let copyApplication: Awaited<ReturnType<typeof prepareApplication>>;

beforeAll(async () => {
  copyApplication = await prepareApplication();
}, 30_000);

afterEach(endDrivenAgents);
afterAll(removeWorkspaces);

/** Starts the application's tests, one of which never ends, and waits until it runs. */
async function startEndlessTests() {
  const { workspace, repository } = await copyApplication();
  await writeFile(
    join(repository, 'test/endless.test.mjs'),
    "import { test } from 'node:test';\ntest('endless', () => new Promise(() => setInterval(() => {}, 1000)));\n",
  );
  const marker = randomUUID();
  const agent = new DrivenAgent('builtin/main.ts', ['e2e'], {
    SIGNALBOX_AGENT_PROCESS: marker,
    SIGNALBOX_HEARTBEAT_MS: '25',
  });
  await agent.initialize();
  const task = await agent.openTask(workspace, {
    workflow: 'app',
    stage: 'e2e_testing',
    inputs: { name: 'calculator-app' },
  });
  const ended = task.prompt();
  await expect
    .poll(() => processesWith(marker), { timeout: 8_000 })
    .toContainEqual(expect.stringContaining('endless.test.mjs'));
  return { agent, marker, task, ended };
}

describe.runIf(process.platform === 'linux')('R35: stopping an agent in the middle of its work', () => {
  test('a cancellation ends the children, finishes the tool call and answers "cancelled"', {
    timeout: 20_000,
  }, async () => {
    const { agent, marker, task, ended } = await startEndlessTests();
    expect(agent.beats.some(({ busy }) => busy)).toBe(true);
    await task.cancel();
    const { stopReason, outputs, updates } = await ended;
    expect({ stopReason, outputs }).toEqual({ stopReason: 'cancelled', outputs: undefined });
    expect(updates.filter(({ sessionUpdate }) => sessionUpdate === 'tool_call_update')).toMatchObject([
      { status: 'failed' },
    ]);
    expect(await processesWith(marker)).toEqual([expect.stringContaining('builtin/main.ts e2e')]);
    expect((await agent.end()).exitCode).toBe(0);
  });

  test('R43: the end of input kills the children and ends the agent at once', { timeout: 20_000 }, async () => {
    const { agent, marker, ended } = await startEndlessTests();
    const closed = expect(ended).rejects.toThrow(/closed|aborted/);
    const { exitCode, afterMs } = await agent.end();
    expect(exitCode).toBe(0);
    expect(afterMs).toBeLessThan(1_000);
    await closed;
    await expect.poll(() => processesWith(marker), { timeout: 2_000 }).toEqual([]);
  });

  test('SIGTERM does the same', { timeout: 20_000 }, async () => {
    const { agent, marker, ended } = await startEndlessTests();
    const closed = expect(ended).rejects.toThrow(/closed|aborted/);
    agent.child.kill('SIGTERM');
    expect((await agent.exited()).exitCode).toBe(143);
    await closed;
    await expect.poll(() => processesWith(marker), { timeout: 2_000 }).toEqual([]);
  });

  test("an application's server ends by itself when its agent is killed", { timeout: 20_000 }, async () => {
    const { workspace } = await copyApplication();
    const marker = randomUUID();
    const agent = new DrivenAgent('builtin/main.ts', ['integration'], { SIGNALBOX_AGENT_PROCESS: marker });
    await agent.initialize();
    const closed = agent
      .runTask(workspace, { workflow: 'app', stage: 'integration', inputs: { name: 'calculator-app' } })
      .catch(() => undefined);
    await expect
      .poll(() => processesWith(marker), { timeout: 8_000, interval: 5 })
      .toContainEqual(expect.stringContaining('serve --port 0'));
    agent.child.kill('SIGKILL');
    await agent.exited();
    await closed;
    await expect.poll(() => processesWith(marker), { timeout: 3_000 }).toEqual([]);
  });
});

test('an agent ends within 100 ms of the end of its input, in the best of three tries on a busy machine', {
  timeout: 20_000,
}, async () => {
  const times: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const agent = new DrivenAgent('builtin/main.ts', ['scaffold']);
    await agent.initialize();
    times.push((await agent.end()).afterMs);
  }
  expect(Math.min(...times)).toBeLessThan(100);
});
