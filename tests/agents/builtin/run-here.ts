import { client, methods, PROTOCOL_VERSION } from '@agentclientprotocol/sdk';
import { findAgentType } from '../../../src-main/agents/builtin/agent-types.ts';
import { createAgent } from '../../../src-main/agents/builtin/serve-agent.ts';
import type { ReceivedUpdates, TaskOfTest, TaskResult } from './open-task.ts';
import { openTask } from './open-task.ts';

/** Runs one task with a built-in agent in this process, still through the protocol: quicker, and seen by coverage. */
export async function runHere(type: string, workspace: string, task: TaskOfTest): Promise<TaskResult> {
  const agentType = findAgentType(type);
  if (agentType === undefined) {
    throw new Error(`there is no agent ${type}`);
  }
  const received: ReceivedUpdates = [];
  const { app, stop } = createAgent(agentType);
  try {
    return await client()
      .onNotification(methods.client.session.update, ({ params }) => void received.push(params))
      .connectWith(app, async (agent) => {
        await agent.request(methods.agent.initialize, { protocolVersion: PROTOCOL_VERSION, clientCapabilities: {} });
        return (await openTask(agent, received, workspace, task)).prompt();
      });
  } finally {
    stop();
  }
}

/** The error that a task ends with; throws when it does not end with one. */
export async function failureHere(
  type: string,
  workspace: string,
  task: TaskOfTest,
): Promise<{ message: string; data: unknown }> {
  try {
    await runHere(type, workspace, task);
  } catch (error) {
    return error as { message: string; data: unknown };
  }
  throw new Error('the task succeeded');
}
