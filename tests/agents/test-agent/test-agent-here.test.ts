import { setTimeout as sleep } from 'node:timers/promises';
import type { InitializeResponse, RequestPermissionResponse } from '@agentclientprotocol/sdk';
import { client, methods, PROTOCOL_VERSION } from '@agentclientprotocol/sdk';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createTestAgent } from '../../../src-main/agents/test-agent/acp-agent.ts';
import { parseOptions } from '../../../src-main/agents/test-agent/agent-options.ts';
import { chooseBehaviour } from '../../../src-main/agents/test-agent/behaviour.ts';
import type { ReceivedUpdates, TaskOfTest } from '../builtin/open-task.ts';
import { openTask } from '../builtin/open-task.ts';
import { makeWorkspace, removeWorkspaces } from '../builtin/workspace.ts';

let workspace: string;

beforeAll(() => {
  workspace = makeWorkspace();
});

afterAll(removeWorkspaces);

/** Runs one task in this process; cancels it after `cancelAfterMs` when that is given. */
async function runHere(
  config: Record<string, unknown>,
  outcome: RequestPermissionResponse['outcome'] = { outcome: 'cancelled' },
  cancelAfterMs?: number,
  more: TaskOfTest = {},
) {
  const received: ReceivedUpdates = [];
  const app = createTestAgent(parseOptions(['acp', '--capabilities', 'a,b']));
  return client()
    .onNotification(methods.client.session.update, ({ params }) => void received.push(params))
    .onRequest(methods.client.session.requestPermission, () => ({ outcome }))
    .connectWith(app, async (agent) => {
      const answer = await agent.request(methods.agent.initialize, {
        protocolVersion: PROTOCOL_VERSION,
        clientCapabilities: {},
      });
      expect(answer).toMatchObject({
        agentCapabilities: { _meta: { signalbox: { heartbeat: true, capabilities: ['a', 'b'] } } },
      });
      const task = await openTask(agent, received, workspace, { config, ...more });
      const ended = task.prompt();
      if (cancelAfterMs !== undefined) {
        await sleep(cancelAfterMs);
        await task.cancel();
      }
      return ended;
    });
}

describe('the test agent', () => {
  test.each(['slow', 'timeout', 'flood', 'crash'])(
    'in the mode %s it stops at once when it is cancelled',
    async (mode) => {
      const config = { mode, ms: 60_000, afterMs: 60_000, linesPerSecond: 100 };
      const { stopReason, outputs, updates } = await runHere(config, undefined, 50);
      expect({ stopReason, outputs }).toEqual({ stopReason: 'cancelled', outputs: undefined });
      expect(updates.at(-1)).toMatchObject({ sessionUpdate: 'tool_call_update', status: 'failed' });
    },
  );

  test('reports the kind of the option that was chosen, and a cancelled question', async () => {
    expect((await runHere({ mode: 'ask' }, { outcome: 'selected', optionId: 'always' })).outputs).toMatchObject({
      choice: 'allow_always',
    });
    expect((await runHere({ mode: 'ask' }, { outcome: 'selected', optionId: 'what' })).outputs).toMatchObject({
      choice: 'what',
    });
    expect((await runHere({ mode: 'ask' })).outputs).toMatchObject({ choice: 'cancelled' });
    const three = { mode: 'ask', count: 3, tool: 'edit', command: 'touch a' };
    expect((await runHere(three, { outcome: 'selected', optionId: 'never' })).outputs).toMatchObject({
      choices: ['reject_always', 'reject_always', 'reject_always'],
    });
  });

  test('needs nobody to read its outputs', async () => {
    expect(await runHere({ mode: 'success' }, undefined, undefined, { outputFile: null })).toMatchObject({
      stopReason: 'end_turn',
      outputs: undefined,
    });
  });

  test('says success without outputs when it lies', async () => {
    expect((await runHere({ mode: 'lie', print: ['trust me'] })).outputs).toBeUndefined();
  });
});

describe('past the protocol', () => {
  test('it answers for others, twice, and in halves', async () => {
    let raw = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      raw += String(chunk);
      return true;
    });
    expect((await runHere({ mode: 'lie', how: 'foreign-answer' })).outputs).toBeUndefined();
    expect((await runHere({ mode: 'lie', how: 'answers-twice' })).outputs).toMatchObject({ attemptNumber: 1 });
    await expect.poll(() => raw.split('\n').length, { timeout: 5_000 }).toBe(3);
    expect(JSON.parse(raw.split('\n')[0] ?? '')).toEqual({
      jsonrpc: '2.0',
      id: 999_999_999,
      result: { stopReason: 'end_turn' },
    });
    vi.restoreAllMocks();
  });
});

test('without a heartbeat it offers none, and it refuses a session that it does not know', async () => {
  const options = parseOptions(['acp', '--no-heartbeat', '--handshake', 'none']);
  expect(options).toMatchObject({ protocol: 'acp', heartbeat: false, handshake: 'none', capabilities: ['test'] });
  await client().connectWith(createTestAgent(options), async (agent) => {
    const answer = await agent.request<InitializeResponse>(methods.agent.initialize, {
      protocolVersion: PROTOCOL_VERSION,
      clientCapabilities: {},
    });
    expect(answer.agentCapabilities?._meta?.signalbox).toMatchObject({ heartbeat: false });
    await expect(agent.request(methods.agent.session.prompt, { sessionId: 'x', prompt: [] })).rejects.toMatchObject({
      code: -32002,
    });
  });
});

describe('the behaviour', () => {
  test('is the stage over the command line, success when neither says anything', () => {
    expect(chooseBehaviour({}, {}, 1)).toMatchObject({ mode: 'success' });
    expect(chooseBehaviour({ mode: 'slow', ms: 5 }, { ms: 7 }, 1)).toMatchObject({ mode: 'slow', ms: 7 });
  });

  test('of a script goes by the attempt number, and the last repeats', () => {
    const script = [{ mode: 'crash' }, { mode: 'hang', forMs: 10 }];
    expect([1, 2, 3].map((attempt) => chooseBehaviour({}, { script }, attempt).mode)).toEqual([
      'crash',
      'hang',
      'hang',
    ]);
    expect(chooseBehaviour({}, { script: [] }, 1).mode).toBe('success');
  });

  test.each([
    { mode: 'fork', count: 21 },
    { mode: 'fork', forMs: 60_001 },
    { mode: 'hang', forMs: 600_000 },
    { mode: 'failure', class: 'bad' },
  ])('%j is refused: what it starts stays bounded', (config) => {
    expect(() => chooseBehaviour({}, config, 1)).toThrow('The test agent does not know what to do');
  });
});

test('the command line says what it asks for with every task', () => {
  const asks = (text: string) => chooseBehaviour(parseOptions(['acp', '--ask', text]).defaults, {}, 1);
  expect(asks('edit:Write README')).toMatchObject({ mode: 'ask', tool: 'edit', question: 'Write README' });
  expect(asks('May I?')).toMatchObject({ mode: 'ask', tool: 'execute', question: 'May I?' });
});
