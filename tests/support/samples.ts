import type { Agent, AgentDefinition } from '../../src-main/contract/agent.ts';
import {
  agentIdSchema,
  scheduleIdSchema,
  taskIdSchema,
  traceIdSchema,
  workflowHashSchema,
} from '../../src-main/contract/ids.ts';
import type { Permission } from '../../src-main/contract/permission.ts';
import { defaultRetryPolicy, defaultTimeouts } from '../../src-main/contract/policies.ts';
import type { Run, Stage } from '../../src-main/contract/run.ts';
import type { Schedule } from '../../src-main/contract/schedule.ts';
import type { Attempt, Task, TaskSpec } from '../../src-main/contract/task.ts';
import type { StageSpec, WorkflowDefinition, WorkflowVersion } from '../../src-main/contract/workflow.ts';
import { countingIds } from './counting-ids.ts';

const ids = countingIds();

/** An agent that runs in a test's own launcher. */
export function agentDefinition(change: Partial<Omit<AgentDefinition, 'id'>> & { id?: string } = {}): AgentDefinition {
  const { id = 'worker', ...rest } = change;
  return {
    id: agentIdSchema.parse(id),
    title: id,
    type: 'worker',
    protocol: 'acp',
    command: ['worker'],
    env: {},
    capabilities: [],
    repositories: [],
    slots: 1,
    startTimeoutMs: 1_000,
    idleStopMs: 0,
    permissions: 'allow',
    builtin: true,
    ...rest,
  };
}

export function agentRow(change: Partial<Agent> = {}): Agent {
  const definition = change.definition ?? agentDefinition();
  return {
    id: definition.id,
    definition,
    state: 'idle',
    reason: null,
    version: null,
    processes: [],
    startsOnDemand: true,
    crashesInRow: 0,
    restarts: 0,
    restartAt: null,
    registeredAt: 0,
    stateSince: 0,
    ...change,
  };
}

export function taskSpec(change: Partial<TaskSpec> = {}): TaskSpec {
  return {
    title: 'a task',
    selector: { type: 'worker', capabilities: [] },
    work: { kind: 'prompt', prompt: 'do it', config: {} },
    folder: '/tmp',
    env: {},
    inputs: {},
    earlierOutputs: {},
    gates: [],
    requiredOutputs: [],
    retry: defaultRetryPolicy,
    timeouts: defaultTimeouts,
    needs: [],
    onNeedFailed: 'block',
    ...change,
  };
}

export function taskRow(change: Partial<Task> = {}): Task {
  return {
    id: ids.taskId(),
    runId: null,
    stage: null,
    spec: taskSpec(),
    state: 'queued',
    priority: 'normal',
    position: 1,
    availableAt: 0,
    held: false,
    traceId: traceIdSchema.parse('1'.repeat(32)),
    attempts: 0,
    failures: 0,
    interruptions: 0,
    fence: 0,
    attemptId: null,
    agentId: null,
    cancelRequestedAt: null,
    createdAt: 0,
    startedAt: null,
    endedAt: null,
    outputs: null,
    failure: null,
    ...change,
  };
}

/** A task that is running, with the attempt that holds it. */
export function runningTask(change: Partial<Task> = {}): { task: Task; attempt: Attempt } {
  const attemptId = ids.attemptId();
  const agentId = agentIdSchema.parse('worker');
  const task = taskRow({ state: 'running', attempts: 1, fence: 1, attemptId, agentId, ...change });
  return { task, attempt: attemptOf(task) };
}

function attemptOf(task: Task): Attempt {
  return {
    id: task.attemptId ?? ids.attemptId(),
    taskId: taskIdSchema.parse(task.id),
    runId: task.runId,
    stage: task.stage,
    number: task.attempts,
    agentId: task.agentId ?? agentIdSchema.parse('worker'),
    fence: task.fence,
    state: 'running',
    process: null,
    claimedAt: 0,
    startedAt: 0,
    endedAt: null,
    activities: 0,
    stuck: null,
    exit: null,
    gates: [],
    outputs: null,
    failure: null,
  };
}

/** A question of the agent of {@link runningTask} that nobody has answered. */
export function permissionRow(change: Partial<Permission> = {}): Permission {
  const { task, attempt } = runningTask();
  return {
    id: ids.permissionId(),
    attemptId: attempt.id,
    taskId: task.id,
    runId: null,
    stage: null,
    agentId: attempt.agentId,
    callId: 'call-1',
    tool: 'edit',
    title: 'Write README',
    detail: '+ hello',
    options: [
      { id: 'yes', name: 'Allow', kind: 'allow_once' },
      { id: 'no', name: 'Reject', kind: 'reject_once' },
    ],
    state: 'open',
    requestedAt: 0,
    expiresAt: null,
    answeredAt: null,
    answer: null,
    answeredBy: null,
    comment: null,
    ...change,
  };
}

/** A schedule that starts a run of `sample` every minute. */
export function scheduleRow(change: Partial<Schedule> = {}): Schedule {
  const id = scheduleIdSchema.parse('nightly');
  return {
    id,
    definition: {
      id,
      title: 'every minute',
      timing: { kind: 'interval', everyMs: 60_000 },
      start: { kind: 'run', workflow: 'sample', inputs: {}, priority: 'normal' },
      overlap: 'skip',
      catchUp: 'last',
    },
    enabled: true,
    nextAt: 60_000,
    waiting: [],
    lastRunId: null,
    lastTaskId: null,
    savedAt: 0,
    ...change,
  };
}

export function stageSpec(name: string, change: Partial<StageSpec> = {}): StageSpec {
  return {
    name,
    needs: [],
    action: { kind: 'agent', agent: { type: 'worker', capabilities: [] }, prompt: `do ${name}`, with: {} },
    env: {},
    timeouts: defaultTimeouts,
    retry: { ...defaultRetryPolicy, maxAttempts: 1 },
    gates: [],
    outputs: [],
    onFailure: 'stop',
    ...change,
  };
}

export function workflowOf(stages: readonly StageSpec[], change: Partial<WorkflowDefinition> = {}): WorkflowDefinition {
  return { name: 'sample', inputs: [], stages: [...stages], ...change };
}

/** A stage of a run that nobody has dispatched yet. */
export function stageRow(name: string, change: Partial<Stage> = {}): Stage {
  return {
    name,
    index: 0,
    needs: [],
    state: 'pending',
    taskId: null,
    approvalId: null,
    tolerated: false,
    inherited: false,
    startedAt: null,
    endedAt: null,
    outputs: null,
    gates: [],
    failure: null,
    reason: null,
    ...change,
  };
}

/** A run of two stages, `build` before `test`, unless told otherwise. */
export function runRow(change: Partial<Run> = {}): Run {
  const { stages = [stageRow('build'), stageRow('test', { needs: ['build'] })], ...rest } = change;
  return {
    id: ids.runId(),
    workflow: 'sample',
    workflowHash: workflowHashSchema.parse('a'.repeat(64)),
    inputs: {},
    state: 'running',
    priority: 'normal',
    requestId: 'request-1',
    traceId: traceIdSchema.parse('1'.repeat(32)),
    folder: '/work',
    rerunOf: null,
    progress: 0,
    waitingFor: null,
    pauseRequestedAt: null,
    cancelRequestedAt: null,
    cancelReason: null,
    createdAt: 0,
    startedAt: null,
    endedAt: null,
    failure: null,
    ...rest,
    stages: stages.map((stage, index) => ({ ...stage, index })),
  };
}

/** A version whose hash is made from its name and its stages, so that different samples are different versions. */
export function workflowVersion(definition: WorkflowDefinition): WorkflowVersion {
  let sum = 0;
  for (const character of JSON.stringify(definition)) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 2 ** 32;
  const hash = workflowHashSchema.parse(sum.toString(16).padStart(64, '0'));
  return { hash, name: definition.name, origin: 'bundled', source: '', definition, registeredAt: 0 };
}
