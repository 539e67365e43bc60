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

/**
 * The rows into which an event is folded. Ids that an event merely mentions (the agent of an attempt, the run of a
 * task) are not among them.
 */
export function touchedRows(event: Event | NewEvent): readonly RowRef[] {
  switch (event.kind) {
    case 'run.created':
    case 'run.started':
    case 'run.waiting':
    case 'run.continued':
    case 'run.resumed':
    case 'run.pauseRequested':
    case 'run.paused':
    case 'run.cancelRequested':
    case 'run.completed':
    case 'run.failed':
    case 'run.cancelled':
    case 'stage.inherited':
    case 'stage.dispatched':
    case 'stage.started':
    case 'stage.waiting':
    case 'stage.completed':
    case 'stage.failed':
    case 'stage.skipped':
    case 'stage.cancelled':
      return [{ kind: 'run', id: event.runId }];
    case 'task.created':
    case 'task.unblocked':
    case 'task.held':
    case 'task.unheld':
    case 'task.priorityChanged':
    case 'task.released':
    case 'task.completed':
    case 'task.failed':
    case 'task.died':
    case 'task.cancelRequested':
    case 'task.cancelled':
    case 'task.requeued':
      return [{ kind: 'task', id: event.taskId }];
    case 'task.claimed':
    case 'attempt.started':
    case 'attempt.ended':
      return [
        { kind: 'task', id: event.taskId },
        { kind: 'attempt', id: event.attemptId },
      ];
    case 'attempt.did':
    case 'attempt.stuck':
    case 'attempt.unstuck':
      return [{ kind: 'attempt', id: event.attemptId }];
    case 'agent.registered':
    case 'agent.removed':
    case 'agent.changed':
    case 'agent.processStarted':
    case 'agent.processEnded':
    case 'agent.recovered':
    case 'agent.condensed':
      return [{ kind: 'agent', id: event.agentId }];
    case 'approval.requested':
    case 'approval.answered':
      return [{ kind: 'approval', id: event.approvalId }];
    case 'permission.requested':
    case 'permission.answered':
      return [{ kind: 'permission', id: event.permissionId }];
    case 'permission.ruleAdded':
    case 'permission.ruleRemoved':
      return [{ kind: 'permissionRule', id: event.ruleId }];
    case 'breaker.failed':
    case 'breaker.succeeded':
    case 'breaker.halfOpened':
    case 'breaker.reset':
    case 'breaker.condensed':
      return [{ kind: 'breaker', id: event.breakerId }];
    case 'schedule.saved':
    case 'schedule.switched':
    case 'schedule.removed':
    case 'schedule.condensed':
      return [{ kind: 'schedule', id: event.scheduleId }];
    case 'schedule.fired':
      return [
        { kind: 'schedule', id: event.scheduleId },
        { kind: 'firing', id: firingKey(event.scheduleId, event.dueAt) },
      ];
    case 'engine.started':
    case 'engine.stopped':
    case 'engine.frozen':
    case 'engine.thawed':
      return [{ kind: 'engine', id: 'engine' }];
    case 'engine.restored':
    case 'history.pruned':
    case 'row.quarantined':
    case 'command.refused':
    case 'workflow.registered':
      return [];
  }
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
