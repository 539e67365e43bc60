import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  ClientContext,
  NewSessionResponse,
  PromptResponse,
  SessionUpdate,
  StopReason,
} from '@agentclientprotocol/sdk';
import { methods } from '@agentclientprotocol/sdk';

/** What a test says about a task; the rest of the facts is filled in. */
export interface TaskOfTest {
  readonly workflow?: string;
  readonly stage?: string;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
  readonly config?: Record<string, unknown>;
  readonly attemptNumber?: number;
  readonly traceparent?: string;
  /** null: nobody reads the outputs. */
  readonly outputFile?: null;
}

/** How a task ended. `outputs` is undefined when the agent wrote none. */
export interface TaskResult {
  readonly stopReason: StopReason;
  readonly outputs: Record<string, unknown> | undefined;
  readonly updates: readonly SessionUpdate[];
}

/** What the client received, of all sessions. */
export type ReceivedUpdates = { sessionId: string; update: SessionUpdate }[];

let tasks = 0;

/** Opens a session for a task, as the engine does; returns how to prompt and cancel it. */
export async function openTask(agent: ClientContext, received: ReceivedUpdates, workspace: string, task: TaskOfTest) {
  tasks += 1;
  const outputFile = join(workspace, `.outputs-${tasks}.json`);
  const facts = { taskId: `task-${tasks}`, attemptId: `attempt-${tasks}`, attemptNumber: 1, outputFile, ...task };
  const request = { cwd: workspace, mcpServers: [], _meta: { signalbox: facts } };
  const { sessionId } = await agent.request<NewSessionResponse>(methods.agent.session.new, request);
  const prompt = async (): Promise<TaskResult> => {
    const text = `${task.workflow}/${task.stage}`;
    const params = { sessionId, prompt: [{ type: 'text' as const, text }] };
    const { stopReason } = await agent.request<PromptResponse>(methods.agent.session.prompt, params);
    const updates = received.filter((entry) => entry.sessionId === sessionId).map(({ update }) => update);
    return { stopReason, outputs: await readOutputs(outputFile), updates };
  };
  const cancel = () => agent.notify(methods.agent.session.cancel, { sessionId });
  return { sessionId, outputFile, prompt, cancel };
}

async function readOutputs(path: string): Promise<Record<string, unknown> | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text);
}
