import type { ClientContext, PromptResponse } from '@agentclientprotocol/sdk';
import { client, methods, PROTOCOL_VERSION } from '@agentclientprotocol/sdk';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { knownAgentTypes } from '../../../src-main/agents/builtin/agent-types.ts';
import { createAgent } from '../../../src-main/agents/builtin/serve-agent.ts';
import type { StageContext, StageWork } from '../../../src-main/agents/builtin/stage-work.ts';
import type { ReceivedUpdates, TaskOfTest } from './open-task.ts';
import { openTask } from './open-task.ts';
import { makeWorkspace, removeWorkspaces } from './workspace.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

afterAll(removeWorkspaces);

const task: TaskOfTest = { workflow: 'w', stage: 's' };

/** Connects a client to an agent whose only stage does `work`. */
async function withAgent<T>(
  work: StageWork,
  use: (agent: ClientContext, received: ReceivedUpdates, beats: unknown[]) => Promise<T>,
): Promise<T> {
  const [received, beats]: [ReceivedUpdates, unknown[]] = [[], []];
  const { app, stop } = createAgent({ name: 'one', summary: 'Does one thing', work: { 'w/s': work } });
  try {
    return await client()
      .onNotification(methods.client.session.update, ({ params }) => void received.push(params))
      .onNotification(
        '_signalbox/heartbeat',
        (params) => params,
        ({ params }) => void beats.push(params),
      )
      .connectWith(app, async (agent) => {
        await agent.request(methods.agent.initialize, { protocolVersion: PROTOCOL_VERSION, clientCapabilities: {} });
        return use(agent, received, beats);
      });
  } finally {
    stop();
  }
}

/** Work that runs a child which never ends by itself. */
async function endless({ children, report, workspace }: StageContext) {
  return report.action({ title: 'wait', kind: 'execute' }, async () => {
    const { exitCode } = await children.run(process.execPath, ['--eval', 'setInterval(() => {}, 1000)'], {
      cwd: workspace,
    });
    return { exitCode };
  });
}

describe('R44: what an agent does reaches the client in order', () => {
  test('thought, start, one finishing update with the end of the output, message', async () => {
    const { updates, outputs } = await withAgent(
      async ({ report }) => {
        await report.think('plan');
        await report.action({ title: 'quiet', kind: 'read' }, async () => undefined);
        await report.action({ title: 'loud', kind: 'execute', paths: ['/a'] }, async (addOutput) =>
          addOutput(`${'x'.repeat(20_000)}end`),
        );
        await report.say('done');
        return { n: 1 };
      },
      async (agent, received) => (await openTask(agent, received, makeWorkspace(), task)).prompt(),
    );
    expect(outputs).toEqual({ n: 1 });
    expect(updates).toMatchObject([
      { sessionUpdate: 'agent_thought_chunk' },
      { sessionUpdate: 'tool_call', toolCallId: 'action-1', title: 'quiet', status: 'in_progress' },
      { sessionUpdate: 'tool_call_update', toolCallId: 'action-1', status: 'completed', content: [] },
      { sessionUpdate: 'tool_call', toolCallId: 'action-2', locations: [{ path: '/a' }] },
      {
        sessionUpdate: 'tool_call_update',
        toolCallId: 'action-2',
        content: [{ content: { text: expect.stringMatching(/^… x{7997}end$/) } }],
      },
      { sessionUpdate: 'agent_message_chunk', content: { text: 'done' } },
    ]);
  });

  test('an action that throws finishes as failed, and its error ends the task', async () => {
    const received: ReceivedUpdates = [];
    const ended = withAgent(
      ({ report }) => report.action({ title: 'try', kind: 'edit' }, () => Promise.reject('no words')),
      async (agent) => {
        const opened = await openTask(agent, received, makeWorkspace(), task);
        return opened.prompt();
      },
    );
    await expect(ended).rejects.toMatchObject({ data: { signalbox: { class: 'unknown', why: 'no words' } } });
  });
});

describe('a task', () => {
  test('that is cancelled answers "cancelled", also before its prompt', async () => {
    await withAgent(endless, async (agent, received) => {
      const running = await openTask(agent, received, makeWorkspace(), task);
      const ended = running.prompt();
      await expect.poll(() => received.length, { timeout: 5_000 }).toBe(1);
      await running.cancel();
      expect(await ended).toMatchObject({ stopReason: 'cancelled', outputs: undefined });
      const early = await openTask(agent, received, makeWorkspace(), task);
      await early.cancel();
      expect(await early.prompt()).toMatchObject({ stopReason: 'cancelled', updates: [] });
    });
  });

  test('whose prompt is withdrawn ends with the error for that', async () => {
    await withAgent(endless, async (agent, received) => {
      const opened = await openTask(agent, received, makeWorkspace(), task);
      const withdrawn = new AbortController();
      const params = { sessionId: opened.sessionId, prompt: [] };
      const ended = agent.request<PromptResponse>(methods.agent.session.prompt, params, {
        cancellationSignal: withdrawn.signal,
      });
      await expect.poll(() => received.length, { timeout: 5_000 }).toBe(1);
      withdrawn.abort();
      await expect(ended).rejects.toMatchObject({ code: -32800 });
    });
  });

  test('has one prompt; another, or one for an unknown session, is refused', async () => {
    await withAgent(
      async () => ({}),
      async (agent, received) => {
        const opened = await openTask(agent, received, makeWorkspace(), task);
        expect(await opened.prompt()).toMatchObject({ stopReason: 'end_turn', outputs: {} });
        await expect(opened.prompt()).rejects.toMatchObject({ code: -32002 });
      },
    );
  });

  test('keeps beating and being busy while it works; stopping the agent kills its child', async () => {
    vi.stubEnv('SIGNALBOX_HEARTBEAT_MS', '10');
    const { app, stop } = createAgent({ name: 'one', summary: 'Does one thing', work: { 'w/s': endless } });
    const [received, beats]: [ReceivedUpdates, unknown[]] = [[], []];
    const workspace = makeWorkspace();
    await client()
      .onNotification(methods.client.session.update, ({ params }) => void received.push(params))
      .onNotification(
        '_signalbox/heartbeat',
        (params) => params,
        ({ params }) => void beats.push(params),
      )
      .connectWith(app, async (agent) => {
        await agent.request(methods.agent.initialize, { protocolVersion: PROTOCOL_VERSION, clientCapabilities: {} });
        const ended = (await openTask(agent, received, workspace, task)).prompt();
        await expect.poll(() => beats, { timeout: 5_000 }).toContainEqual(expect.objectContaining({ busy: true }));
        stop();
        expect(await ended).toMatchObject({ outputs: { exitCode: null } });
      });
  });
});

test('there are exactly the five types', () => {
  expect(knownAgentTypes()).toEqual(['scaffold', 'validation', 'e2e', 'integration', 'deployment']);
});
