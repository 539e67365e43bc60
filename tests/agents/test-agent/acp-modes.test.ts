import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { DrivenAgent, endDrivenAgents } from '../builtin/driven-agent.ts';
import type { TaskOfTest } from '../builtin/open-task.ts';
import { makeWorkspace, processesWith, removeWorkspaces } from '../builtin/workspace.ts';

let workspace: string;

beforeAll(() => {
  workspace = makeWorkspace();
});

afterEach(endDrivenAgents);
afterAll(removeWorkspaces);

/** Starts the agent up to its handshake; its processes carry the marker. */
async function startAgent(args: readonly string[] = []) {
  const marker = randomUUID();
  const env = { SIGNALBOX_AGENT_PROCESS: marker, SIGNALBOX_HEARTBEAT_MS: '20', TRACEPARENT: '00-1-2-01' };
  const agent = new DrivenAgent('test-agent/main.ts', ['acp', ...args], env);
  await agent.initialize();
  return { agent, marker };
}

function taskWith(config: Record<string, unknown>, more: TaskOfTest = {}): TaskOfTest {
  return { workflow: 'any', stage: 'stage', config, ...more };
}

/** Ends every process that still carries the marker, and returns how many there were. */
async function killMarked(marker: string): Promise<number> {
  const left = await processesWith(marker);
  for (const process_ of left) {
    process.kill(Number(process_.split(' ')[0]), 'SIGKILL');
  }
  return left.length;
}

/** How the client's side says it: by what it notices first, the end of the input or that of its own writing. */
const connectionEnded = /closed|aborted/;

describe('R57: the scripted test agent over ACP', () => {
  test('success: the outputs are what it was given (R15, R69)', async () => {
    const { agent, marker } = await startAgent();
    const given = {
      inputs: { deep: [{ text: 'ä€😀' }] },
      outputs: { first: { n: 1 } },
      config: { outputs: { coverage: 50 } },
      traceparent: '00-a-b-01',
    };
    const { stopReason, outputs, updates } = await agent.runTask(workspace, { workflow: 'w', stage: 's', ...given });
    expect(stopReason).toBe('end_turn');
    expect(outputs).toMatchObject({
      ...given,
      workflow: 'w',
      stage: 's',
      coverage: 50,
      workspace,
      pid: agent.child.pid,
    });
    expect(outputs?.environment).toMatchObject({ SIGNALBOX_AGENT_PROCESS: marker, TRACEPARENT: '00-1-2-01' });
    expect(updates).toMatchObject([
      { sessionUpdate: 'tool_call', status: 'in_progress' },
      { sessionUpdate: 'tool_call_update', status: 'completed' },
    ]);
    expect((await agent.end()).afterMs).toBeLessThan(1_000);
  });

  test('failure: an error with its class; a script gives each attempt its behaviour', async () => {
    const { agent } = await startAgent();
    const config = {
      script: [
        { mode: 'failure', class: 'transient' },
        { mode: 'failure', class: 'fatal', message: 'No way' },
        { mode: 'success' },
      ],
    };
    await expect(agent.runTask(workspace, taskWith(config, { attemptNumber: 1 }))).rejects.toMatchObject({
      data: { signalbox: { class: 'transient' } },
    });
    await expect(agent.runTask(workspace, taskWith(config, { attemptNumber: 2 }))).rejects.toMatchObject({
      message: expect.stringContaining('No way'),
      data: { signalbox: { class: 'fatal' } },
    });
    expect((await agent.runTask(workspace, taskWith(config, { attemptNumber: 3 }))).outputs).toMatchObject({
      attemptNumber: 3,
    });
    await agent.end();
  });

  test('timeout: it accepts and beats but never answers, and obeys a cancellation', async () => {
    const { agent } = await startAgent();
    const task = await agent.openTask(workspace, taskWith({ mode: 'timeout' }));
    const ended = task.prompt();
    await expect.poll(() => agent.beats.filter(({ busy }) => busy).length, { timeout: 5_000 }).toBeGreaterThan(2);
    await task.cancel();
    expect(await ended).toMatchObject({ stopReason: 'cancelled', outputs: undefined });
    await agent.end();
  });

  test('slow: it beats while it works, then succeeds', async () => {
    const { agent } = await startAgent();
    const { stopReason } = await agent.runTask(workspace, taskWith({ mode: 'slow', ms: 200 }));
    expect(stopReason).toBe('end_turn');
    expect(agent.beats.some(({ busy }) => busy)).toBe(true);
    await agent.end();
  });

  test('partial: its answer breaks off and it exits', async () => {
    const { agent } = await startAgent();
    await expect(agent.runTask(workspace, taskWith({ mode: 'partial' }))).rejects.toThrow(connectionEnded);
    expect(await agent.exited()).toEqual({ exitCode: 0, signal: null });
    expect(agent.stdout.endsWith('\n')).toBe(false);
  });

  test.each([
    [{ exitCode: 3 }, { exitCode: 3, signal: null }],
    [
      { signal: 'SIGKILL', afterMs: 20 },
      { exitCode: null, signal: 'SIGKILL' },
    ],
  ])('crash %j: it dies with an action unfinished', async (options, exit) => {
    const { agent } = await startAgent();
    await expect(agent.runTask(workspace, taskWith({ mode: 'crash', ...options }))).rejects.toThrow(connectionEnded);
    expect(await agent.exited()).toEqual(exit);
    expect(agent.received.map(({ update }) => update.sessionUpdate)).toEqual(['tool_call']);
  });

  test.runIf(process.platform === 'linux')(
    'hang: no beat, no reaction to SIGTERM or to the end of input, nor from its grandchildren',
    async () => {
      const { agent, marker } = await startAgent();
      const ended = agent
        .runTask(workspace, taskWith({ mode: 'hang', grandchildren: 2, forMs: 20_000 }))
        .catch(() => 'closed');
      await expect.poll(() => processesWith(marker), { timeout: 8_000 }).toHaveLength(3);
      await expect.poll(async () => stoppedBeating(agent), { timeout: 5_000 }).toBe(true);
      for (const process_ of await processesWith(marker)) {
        process.kill(Number(process_.split(' ')[0]), 'SIGTERM');
      }
      agent.child.stdin?.end();
      expect(await stoppedBeating(agent)).toBe(true);
      expect(await killMarked(marker)).toBe(3);
      expect(await ended).toBe('closed');
      expect(await agent.exited()).toMatchObject({ signal: 'SIGKILL' });
    },
  );

  test('flood: as many bytes as asked for, in numbered lines', async () => {
    const { agent } = await startAgent();
    const { updates } = await agent.runTask(workspace, taskWith({ mode: 'flood', bytes: 100_000, lineBytes: 100 }));
    const lines = updates.flatMap((update) =>
      update.sessionUpdate === 'agent_message_chunk' && update.content.type === 'text' ? [update.content.text] : [],
    );
    expect(lines).toHaveLength(1_000);
    expect(lines.every((line, index) => line.length === 100 && line.startsWith(`line ${index} `))).toBe(true);
    await agent.runTask(workspace, taskWith({ mode: 'flood', bytes: 5_000, lineBytes: 100, stream: 'stderr' }));
    expect(agent.stderr.split('\n').filter((line) => line.startsWith('line '))).toHaveLength(50);
    await agent.end();
  });

  test('flood: one line of a megabyte without an end, after which it still answers', async () => {
    const { agent } = await startAgent();
    const { stopReason } = await agent.runTask(workspace, taskWith({ mode: 'flood', oneLineBytes: 1024 * 1024 }));
    expect(stopReason).toBe('end_turn');
    expect(Math.max(...agent.stdout.split('\n').map((line) => line.length))).toBe(1024 * 1024);
    await agent.end();
  });

  test('garbage: binary, NUL, half messages and unknown ones between valid output (R21)', async () => {
    const { agent } = await startAgent();
    const { stopReason, updates } = await agent.runTask(workspace, taskWith({ mode: 'garbage', lines: 18 }));
    expect(stopReason).toBe('end_turn');
    expect(updates.filter(({ sessionUpdate }) => sessionUpdate === 'agent_message_chunk')).toHaveLength(2);
    for (const piece of ['\xff\xfe\0\x80', '\xe2\x82\xac', 'a\0b\0', '"id":424242', '{"jsonrpc":"2.0","id":\n']) {
      expect(agent.stdout).toContain(piece);
    }
    await agent.end();
  });

  test('lie: success without outputs, an answer for somebody else, a second answer, an exit without any', async () => {
    const { agent } = await startAgent();
    expect(await agent.runTask(workspace, taskWith({ mode: 'lie' }))).toMatchObject({
      stopReason: 'end_turn',
      outputs: undefined,
    });
    expect(await agent.runTask(workspace, taskWith({ mode: 'lie', how: 'foreign-answer' }))).toMatchObject({
      outputs: undefined,
    });
    expect(agent.received).toContainEqual(expect.objectContaining({ sessionId: 'a-session-that-was-never-opened' }));
    const twice = await agent.openTask(workspace, taskWith({ mode: 'lie', how: 'answers-twice' }));
    expect(await twice.prompt()).toMatchObject({ stopReason: 'end_turn' });
    await expect.poll(() => readFile(twice.outputFile, 'utf8'), { timeout: 5_000 }).toContain('second');
    await expect(agent.runTask(workspace, taskWith({ mode: 'lie', how: 'exit-without-result' }))).rejects.toThrow(
      connectionEnded,
    );
    expect(await agent.exited()).toEqual({ exitCode: 0, signal: null });
  });

  test.runIf(process.platform === 'linux').each(['group', 'session', 'double'])(
    'fork %s: descendants outlive the agent and hold its pipe',
    async (how) => {
      const { agent, marker } = await startAgent();
      const { outputs } = await agent.runTask(workspace, taskWith({ mode: 'fork', how, count: 2, forMs: 20_000 }));
      expect(outputs?.pids).toHaveLength(2);
      await agent.end();
      const left = await processesWith(marker);
      expect(new Set(left.map((line) => Number(line.split(' ')[0])))).toEqual(new Set(outputs?.pids as number[]));
      expect(agent.child.stdout?.readableEnded).toBe(false);
      expect(await killMarked(marker)).toBe(2);
      await expect.poll(() => agent.child.stdout?.readableEnded, { timeout: 5_000 }).toBe(true);
    },
  );

  test.runIf(process.platform === 'linux')('fork: its descendants end by themselves', async () => {
    const { agent, marker } = await startAgent();
    await agent.runTask(workspace, taskWith({ mode: 'fork', how: 'session', forMs: 300, holdPipe: false }));
    await agent.end();
    await expect.poll(() => processesWith(marker), { timeout: 8_000 }).toEqual([]);
  });

  test('ask: it asks for a permission and reports the choice', async () => {
    const { agent } = await startAgent();
    agent.choice = 'reject_once';
    expect((await agent.runTask(workspace, taskWith({ mode: 'ask', question: 'Delete it?' }))).outputs).toMatchObject({
      choice: 'reject_once',
    });
    await agent.end();
  });

  test('an unknown mode is a fatal failure that names the modes', async () => {
    const { agent } = await startAgent();
    await expect(agent.runTask(workspace, taskWith({ mode: 'dance' }))).rejects.toMatchObject({
      message: expect.stringContaining("'success' | 'failure'"),
      data: { signalbox: { class: 'fatal' } },
    });
    await agent.end();
  });

  test('R19: with --handshake none it stays alive and answers nothing', async () => {
    const agent = new DrivenAgent('test-agent/main.ts', ['acp', '--handshake', 'none']);
    const answered = agent.initialize().then(
      () => 'answered',
      () => 'closed',
    );
    agent.child.stdin?.write('{"jsonrpc":"2.0"}\n');
    expect((await agent.end()).exitCode).toBe(0);
    expect(agent.stdout).toBe('');
    expect(await answered).toBe('closed');
  });
});

/** Whether no beat arrives for several times the interval between two. */
async function stoppedBeating(agent: DrivenAgent): Promise<boolean> {
  const before = agent.beats.length;
  await new Promise((resolve) => setTimeout(resolve, 150));
  return agent.beats.length === before;
}
