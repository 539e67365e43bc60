import type { EventOf, NewEvent } from '../../src-main/contract/event.ts';
import type { AgentId, AttemptId, RunId, TaskId } from '../../src-main/contract/ids.ts';
import { agentIdSchema, traceIdSchema, workflowHashSchema } from '../../src-main/contract/ids.ts';
import type { Permission } from '../../src-main/contract/permission.ts';
import type { Attempt, Task } from '../../src-main/contract/task.ts';
import type { WorkflowVersion } from '../../src-main/contract/workflow.ts';
import type { StoreUnit } from '../../src-main/core/ports.ts';
import { countingIds } from '../support/counting-ids.ts';
import { agentDefinition, permissionRow, stageSpec, taskSpec, workflowOf } from '../support/samples.ts';

/** One for all, so that no two samples of a process have the same id. */
export const ids = countingIds();
export const at = 1_700_000_000_000;
const traceId = traceIdSchema.parse('1'.repeat(32));
const worker: AgentId = agentIdSchema.parse('worker');

type New<K extends NewEvent['kind']> = Omit<EventOf<K>, 'seq'>;

/** The version that {@link runCreated} refers to. */
export const sampleWorkflow: WorkflowVersion = {
  hash: workflowHashSchema.parse('ab'.repeat(32)),
  name: 'sample',
  origin: 'file',
  source: 'name: sample\n',
  definition: workflowOf([stageSpec('build'), stageSpec('test', { needs: ['build'] })]),
  registeredAt: at,
};

export function taskCreated(change: Partial<New<'task.created'>> = {}): New<'task.created'> {
  return {
    kind: 'task.created',
    at,
    actor: 'person',
    taskId: ids.taskId(),
    runId: null,
    stage: null,
    spec: taskSpec(),
    priority: 'normal',
    traceId,
    blocked: false,
    held: false,
    position: 1,
    availableAt: 0,
    ...change,
  };
}

/** Who an event of an attempt is about. */
interface Claim {
  readonly taskId: TaskId;
  readonly runId: RunId | null;
  readonly attemptId: AttemptId;
  readonly agentId: AgentId;
}

/** The claim that a task or an attempt tells of. */
export function claimOf(row: Pick<Attempt, 'id' | 'taskId' | 'runId' | 'agentId'>): Claim {
  return { taskId: row.taskId, runId: row.runId, attemptId: row.id, agentId: row.agentId };
}

export function taskClaimed(
  task: Pick<Task, 'id' | 'runId' | 'stage' | 'attempts' | 'fence'>,
  change: Partial<New<'task.claimed'>> = {},
): New<'task.claimed'> {
  return {
    kind: 'task.claimed',
    at,
    actor: 'engine',
    taskId: task.id,
    runId: task.runId,
    stage: task.stage,
    attemptId: ids.attemptId(),
    agentId: worker,
    number: task.attempts + 1,
    fence: task.fence + 1,
    ...change,
  };
}

export function attemptStarted(claim: Claim): New<'attempt.started'> {
  return { kind: 'attempt.started', at: at + 1, actor: 'engine', ...claim, process: { pid: 7, startMark: '77' } };
}

export function attemptEnded(
  claim: Claim,
  state: New<'attempt.ended'>['state'],
  change: Partial<New<'attempt.ended'>> = {},
): New<'attempt.ended'> {
  return {
    kind: 'attempt.ended',
    at: at + 2,
    actor: 'engine',
    ...claim,
    state,
    exit: null,
    gates: [],
    outputs: null,
    failure: null,
    ...change,
  };
}

export function taskReleased(claim: Claim, change: Partial<New<'task.released'>> = {}): New<'task.released'> {
  return {
    kind: 'task.released',
    at: at + 3,
    actor: 'engine',
    ...claim,
    by: 'retry',
    counts: 'failure',
    held: false,
    position: 1,
    availableAt: 0,
    reason: 'it failed',
    ...change,
  };
}

export function taskCompleted(claim: Pick<Claim, 'taskId' | 'runId'>): New<'task.completed'> {
  const { taskId, runId } = claim;
  return { kind: 'task.completed', at: at + 3, actor: 'engine', taskId, runId, outputs: { answer: 42 } };
}

export const failure = { category: 'exit', class: 'unknown', message: 'exit code 1' } as const;

export function runCreated(change: Partial<New<'run.created'>> = {}): New<'run.created'> {
  return {
    kind: 'run.created',
    at,
    actor: 'person',
    runId: ids.runId(),
    workflow: sampleWorkflow.name,
    workflowHash: sampleWorkflow.hash,
    inputs: { name: 'calculator-app' },
    priority: 'normal',
    requestId: ids.requestId(),
    traceId,
    folder: '/work',
    rerunOf: null,
    stages: [
      { name: 'build', needs: [] },
      { name: 'test', needs: ['build'] },
    ],
    ...change,
  };
}

export function agentRegistered(id = 'worker'): New<'agent.registered'> {
  const definition = agentDefinition({ id });
  return { kind: 'agent.registered', at, actor: 'engine', agentId: definition.id, definition };
}

export function approvalRequested(
  runId: RunId,
  change: Partial<New<'approval.requested'>> = {},
): New<'approval.requested'> {
  return {
    kind: 'approval.requested',
    at,
    actor: 'engine',
    runId,
    stage: 'build',
    approvalId: ids.approvalId(),
    question: 'Deploy it?',
    onTimeout: 'reject',
    expiresAt: null,
    ...change,
  };
}

export function permissionRequested(
  attempt: Pick<Attempt, 'id' | 'taskId' | 'runId' | 'agentId' | 'stage'>,
  change: Partial<New<'permission.requested'>> = {},
): New<'permission.requested'> {
  const { stage } = attempt;
  const { callId, tool, title, detail, options, expiresAt } = permissionRow();
  const told = { callId, tool, title, detail, options, expiresAt };
  const permissionId = ids.permissionId();
  return {
    kind: 'permission.requested',
    at,
    actor: 'agent',
    ...claimOf(attempt),
    stage,
    permissionId,
    ...told,
    ...change,
  };
}

export function permissionAnswered(
  permission: Permission,
  change: Partial<New<'permission.answered'>> = {},
): New<'permission.answered'> {
  const { id: permissionId, attemptId, taskId, runId, agentId } = permission;
  const about = { permissionId, attemptId, taskId, runId, agentId };
  const end = { state: 'withdrawn' as const, answer: null, by: null, comment: null };
  return { kind: 'permission.answered', at: at + 2, actor: 'engine', ...about, ...end, ...change };
}

/** Queues a task behind all others. @returns the event that did. */
export function addTask(unit: StoreUnit, change: Partial<New<'task.created'>> = {}): New<'task.created'> {
  const event = taskCreated({ position: unit.nextPosition('back'), ...change });
  unit.record([event]);
  return event;
}

/** Claims the first ready task of the lane of `worker`. @returns null when none is ready. */
export function claimFirst(unit: StoreUnit, change: Partial<New<'task.claimed'>> = {}): Attempt | null {
  const [head] = unit.readyHeads('worker//', 1);
  const task = head === undefined ? null : unit.row('task', head.taskId);
  if (task === null) return null;
  const claimed = taskClaimed(task, change);
  unit.record([claimed]);
  return unit.row('attempt', claimed.attemptId);
}
