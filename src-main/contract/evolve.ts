import type { Agent } from './agent.ts';
import type { Approval } from './approval.ts';
import type { Breaker } from './breaker.ts';
import type { Event, NewEvent } from './event.ts';
import { evolveAgent, evolveApproval } from './evolve-agent.ts';
import { evolveBreaker } from './evolve-breaker.ts';
import { evolvePermission, evolvePermissionRule } from './evolve-permission.ts';
import { evolveRun } from './evolve-run.ts';
import { evolveFiring, evolveSchedule } from './evolve-schedule.ts';
import { evolveAttempt, evolveTask } from './evolve-task.ts';
import type { Permission, PermissionRule } from './permission.ts';
import type { Run } from './run.ts';
import type { Firing, Schedule } from './schedule.ts';
import { firingKey } from './schedule.ts';
import type { Attempt, Task } from './task.ts';

/** The rows that events explain, by kind. `engine` is one row with the fixed id `engine`. */
export interface Rows {
  readonly run: Run;
  readonly task: Task;
  readonly attempt: Attempt;
  readonly agent: Agent;
  readonly approval: Approval;
  readonly permission: Permission;
  readonly permissionRule: PermissionRule;
  readonly breaker: Breaker;
  readonly schedule: Schedule;
  readonly firing: Firing;
  readonly engine: EngineRow;
}
export type RowKind = keyof Rows;

/** One of a thing for each kind of row, each made by its own call. */
export function forEachRowKind<T>(make: () => T): Readonly<Record<RowKind, T>> {
  return {
    run: make(),
    task: make(),
    attempt: make(),
    agent: make(),
    approval: make(),
    permission: make(),
    permissionRule: make(),
    breaker: make(),
    schedule: make(),
    firing: make(),
    engine: make(),
  };
}

/** Whether the engine is frozen, since when and why; nulls when it is not. */
export interface EngineRow {
  readonly frozenAt: number | null;
  readonly frozenReason: string | null;
}

/** A row that an event concerns. */
export interface RowRef<K extends RowKind = RowKind> {
  readonly kind: K;
  readonly id: string;
}

type Touching<K> = (event: Extract<Event, { kind: K }> | Extract<NewEvent, { kind: K }>) => readonly RowRef[];

const ofRun = ({ runId }: { readonly runId: string }) => [{ kind: 'run', id: runId }] as const;
const ofTask = ({ taskId }: { readonly taskId: string }) => [{ kind: 'task', id: taskId }] as const;
const ofAttempt = ({ attemptId }: { readonly attemptId: string }) => [{ kind: 'attempt', id: attemptId }] as const;
const ofTaskAndAttempt = (event: { readonly taskId: string; readonly attemptId: string }) =>
  [
    { kind: 'task', id: event.taskId },
    { kind: 'attempt', id: event.attemptId },
  ] as const;
const ofAgent = ({ agentId }: { readonly agentId: string }) => [{ kind: 'agent', id: agentId }] as const;
const ofApproval = ({ approvalId }: { readonly approvalId: string }) => [{ kind: 'approval', id: approvalId }] as const;
const ofPermission = (event: { readonly permissionId: string }) =>
  [{ kind: 'permission', id: event.permissionId }] as const;
const ofRule = ({ ruleId }: { readonly ruleId: string }) => [{ kind: 'permissionRule', id: ruleId }] as const;
const ofBreaker = ({ breakerId }: { readonly breakerId: string }) => [{ kind: 'breaker', id: breakerId }] as const;
const ofSchedule = ({ scheduleId }: { readonly scheduleId: string }) => [{ kind: 'schedule', id: scheduleId }] as const;
const ofEngine = () => [{ kind: 'engine', id: 'engine' }] as const;
const ofNothing = () => [];

const touching: { readonly [K in Event['kind']]: Touching<K> } = {
  'run.created': ofRun,
  'run.started': ofRun,
  'run.waiting': ofRun,
  'run.continued': ofRun,
  'run.resumed': ofRun,
  'run.pauseRequested': ofRun,
  'run.paused': ofRun,
  'run.cancelRequested': ofRun,
  'run.completed': ofRun,
  'run.failed': ofRun,
  'run.cancelled': ofRun,
  'stage.inherited': ofRun,
  'stage.dispatched': ofRun,
  'stage.started': ofRun,
  'stage.waiting': ofRun,
  'stage.completed': ofRun,
  'stage.failed': ofRun,
  'stage.skipped': ofRun,
  'stage.cancelled': ofRun,
  'task.created': ofTask,
  'task.unblocked': ofTask,
  'task.held': ofTask,
  'task.unheld': ofTask,
  'task.priorityChanged': ofTask,
  'task.released': ofTask,
  'task.completed': ofTask,
  'task.failed': ofTask,
  'task.died': ofTask,
  'task.cancelRequested': ofTask,
  'task.cancelled': ofTask,
  'task.requeued': ofTask,
  'task.claimed': ofTaskAndAttempt,
  'attempt.started': ofTaskAndAttempt,
  'attempt.ended': ofTaskAndAttempt,
  'attempt.did': ofAttempt,
  'attempt.stuck': ofAttempt,
  'attempt.unstuck': ofAttempt,
  'agent.registered': ofAgent,
  'agent.removed': ofAgent,
  'agent.changed': ofAgent,
  'agent.processStarted': ofAgent,
  'agent.processEnded': ofAgent,
  'agent.recovered': ofAgent,
  'agent.condensed': ofAgent,
  'approval.requested': ofApproval,
  'approval.answered': ofApproval,
  'permission.requested': ofPermission,
  'permission.answered': ofPermission,
  'permission.ruleAdded': ofRule,
  'permission.ruleRemoved': ofRule,
  'breaker.failed': ofBreaker,
  'breaker.succeeded': ofBreaker,
  'breaker.halfOpened': ofBreaker,
  'breaker.reset': ofBreaker,
  'breaker.condensed': ofBreaker,
  'schedule.saved': ofSchedule,
  'schedule.switched': ofSchedule,
  'schedule.removed': ofSchedule,
  'schedule.condensed': ofSchedule,
  'schedule.fired': ({ scheduleId, dueAt }) => [
    { kind: 'schedule', id: scheduleId },
    { kind: 'firing', id: firingKey(scheduleId, dueAt) },
  ],
  'engine.started': ofEngine,
  'engine.stopped': ofEngine,
  'engine.frozen': ofEngine,
  'engine.thawed': ofEngine,
  'engine.restored': ofNothing,
  'history.pruned': ofNothing,
  'settings.changed': ofNothing,
  'row.quarantined': ofNothing,
  'command.refused': ofNothing,
  'workflow.registered': ofNothing,
};

/**
 * The rows into which an event is folded. Ids that an event merely mentions (the agent of an attempt, the run of a
 * task) are not among them.
 */
export function touchedRows(event: Event | NewEvent): readonly RowRef[] {
  const rows: (event: never) => readonly RowRef[] = touching[event.kind];
  return rows(event as never);
}

function evolveEngine(row: EngineRow | null, event: Event | NewEvent): EngineRow {
  if (event.kind === 'engine.frozen') return { frozenAt: event.at, frozenReason: event.reason };
  if (event.kind === 'engine.thawed' || row === null) return { frozenAt: null, frozenReason: null };
  return row;
}

const evolvers: { readonly [K in RowKind]: (row: Rows[K] | null, event: Event | NewEvent) => Rows[K] | null } = {
  run: evolveRun,
  task: evolveTask,
  attempt: evolveAttempt,
  agent: evolveAgent,
  approval: evolveApproval,
  permission: evolvePermission,
  permissionRule: evolvePermissionRule,
  breaker: evolveBreaker,
  schedule: evolveSchedule,
  firing: evolveFiring,
  engine: evolveEngine,
};

/**
 * The one rule by which state follows from events: pure, total, used by the store, the renderer and replay.
 * @param row the row so far, null when it does not exist.
 * @returns the row after the event, null when it does not exist (any more).
 */
export function evolve<K extends RowKind>(kind: K, row: Rows[K] | null, event: Event | NewEvent): Rows[K] | null {
  return evolvers[kind](row, event);
}
