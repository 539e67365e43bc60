import { defaultRetryPolicy, defaultTimeouts } from '../contract/policies.ts';
import type { AgentTrial, LaunchRequest } from '../core/ports.ts';

/** A trial as a request for an attempt, which is never stored: what launches work launches it too. */
export function trialRequest(
  { agent, prompt, ids }: AgentTrial,
  workspace: string,
  heartbeatMs: number,
): LaunchRequest {
  const about = { runId: null, stage: null, agentId: agent.id, fence: 1 };
  const open = { startedAt: null, endedAt: null, outputs: null, failure: null };
  return {
    task: {
      ...about,
      ...open,
      id: ids.taskId,
      spec: {
        title: 'A trial',
        selector: { type: agent.type, capabilities: [] },
        // What only shakes hands is never given work.
        work: { kind: 'prompt', prompt: prompt ?? 'None.', config: {} },
        folder: workspace,
        env: {},
        inputs: {},
        earlierOutputs: {},
        gates: [],
        requiredOutputs: [],
        retry: defaultRetryPolicy,
        timeouts: defaultTimeouts,
        needs: [],
        onNeedFailed: 'block',
      },
      state: 'claimed',
      priority: 'normal',
      position: 0,
      availableAt: 0,
      held: false,
      traceId: ids.traceId,
      attempts: 1,
      failures: 0,
      interruptions: 0,
      attemptId: ids.attemptId,
      cancelRequestedAt: null,
      createdAt: 0,
    },
    attempt: {
      ...about,
      ...open,
      id: ids.attemptId,
      taskId: ids.taskId,
      number: 1,
      state: 'starting',
      process: null,
      claimedAt: 0,
      activities: 0,
      stuck: null,
      exit: null,
      gates: [],
    },
    agent,
    workflow: null,
    heartbeatMs,
  };
}
