import { fileURLToPath } from 'node:url';
import type { AgentDefinition } from '../../../src-main/contract/agent.ts';
import { agentIdSchema, attemptIdSchema, taskIdSchema, traceIdSchema } from '../../../src-main/contract/ids.ts';
import { defaultRetryPolicy, defaultTimeouts } from '../../../src-main/contract/policies.ts';
import type { Attempt, Task, TaskSpec } from '../../../src-main/contract/task.ts';
import type { LaunchRequest } from '../../../src-main/core/ports.ts';

const testAgentEntry = fileURLToPath(new URL('../../../src-main/agents/test-agent/main.ts', import.meta.url));
const fixtures = new URL('../../fixtures/agents/', import.meta.url);

/** The path of a small program that plays an agent. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(name, fixtures));
}

/** The scripted test agent, as an agent with the protocol `acp` or `command`. */
export function testAgent(protocol: 'acp' | 'command', changes: Partial<AgentDefinition> = {}): AgentDefinition {
  const args = protocol === 'acp' ? ['acp'] : [];
  return agent({ protocol, command: [process.execPath, testAgentEntry, ...args], ...changes });
}

export function agent(changes: Partial<AgentDefinition> = {}): AgentDefinition {
  return {
    id: agentIdSchema.parse('tester'),
    title: 'Tester',
    type: 'tester',
    protocol: 'command',
    command: [],
    env: {},
    capabilities: [],
    repositories: [],
    slots: 4,
    startTimeoutMs: 20_000,
    idleStopMs: 0,
    permissions: 'allow',
    builtin: false,
    ...changes,
  };
}

export function shellAgent(changes: Partial<AgentDefinition> = {}): AgentDefinition {
  return agent({ id: agentIdSchema.parse('shell'), type: 'shell', protocol: 'shell', ...changes });
}

/** A prompt, with the given `with` block. */
export function promptWork(config: Record<string, unknown> = {}, prompt = 'Do the work'): TaskSpec['work'] {
  return { kind: 'prompt', prompt, config: JSON.parse(JSON.stringify(config)) };
}

export function scriptWork(script: string): TaskSpec['work'] {
  return { kind: 'command', command: { kind: 'script', script } };
}

export function argvWork(...argv: string[]): TaskSpec['work'] {
  return { kind: 'command', command: { kind: 'argv', argv } };
}

let made = 0;

/** A request for a first attempt; each call is another task and attempt. */
export function makeRequest(definition: AgentDefinition, spec: Partial<TaskSpec> & Pick<TaskSpec, 'work' | 'folder'>) {
  made += 1;
  const suffix = `${process.pid}${String(made).padStart(6, '0')}`.padStart(26, '0');
  const taskId = taskIdSchema.parse(`task_${suffix}`);
  const attemptId = attemptIdSchema.parse(`attempt_${suffix}`);
  const task: Task = {
    id: taskId,
    runId: null,
    stage: null,
    spec: {
      title: 'A task',
      selector: { type: definition.type, capabilities: [] },
      env: {},
      inputs: {},
      earlierOutputs: {},
      gates: [],
      requiredOutputs: [],
      retry: defaultRetryPolicy,
      timeouts: defaultTimeouts,
      needs: [],
      onNeedFailed: 'block',
      ...spec,
    },
    state: 'claimed',
    priority: 'normal',
    position: 1,
    availableAt: 0,
    held: false,
    traceId: traceIdSchema.parse('0af7651916cd43dd8448eb211c80319c'),
    attempts: 1,
    failures: 0,
    interruptions: 0,
    fence: 1,
    attemptId,
    agentId: definition.id,
    cancelRequestedAt: null,
    createdAt: 1,
    startedAt: null,
    endedAt: null,
    outputs: null,
    failure: null,
  };
  const attempt: Attempt = {
    id: attemptId,
    taskId,
    runId: null,
    stage: null,
    number: 1,
    agentId: definition.id,
    fence: 1,
    state: 'starting',
    process: null,
    claimedAt: 1,
    startedAt: null,
    endedAt: null,
    activities: 0,
    stuck: null,
    exit: null,
    gates: [],
    outputs: null,
    failure: null,
  };
  const request: LaunchRequest = { task, attempt, agent: definition, workflow: null, heartbeatMs: 1_000 };
  return request;
}
