import type { RowKind, Rows } from '../contract/evolve.ts';
import { agentStates, runStates, taskStates } from '../contract/states.ts';
import type { StoreReads } from '../core/ports.ts';
import { agentAverageMs, failedAttemptsOf } from './agent-record.ts';
import { loadAgent, readAgents } from './agent-table.ts';
import { countOpenApprovals, loadApproval, openApprovals } from './approval-table.ts';
import { attemptsOf, liveAttempts, loadAttempt } from './attempt-table.ts';
import { loadBreaker, readBreakers } from './breaker-table.ts';
import type { Statements } from './connection.ts';
import type { CounterReads, CounterScope } from './counters.ts';
import { loadEngine } from './engine-table.ts';
import { lastSeq, readEvents } from './event-table.ts';
import { readLeases } from './lease-table.ts';
import { listApprovals, listPermissions, listRuns, listTasks } from './list-pages.ts';
import { loadPermission, loadPermissionRule, openPermissions, readPermissionRules } from './permission-table.ts';
import { logsRemovedUpTo } from './prune/forgotten.ts';
import { readFromEvents, tolerateUnreadable } from './quarantine-reads.ts';
import { nextDelayedAt, readyHeads, readyRoutes } from './ready-table.ts';
import { countFailedSince, loadRun, openRuns, runByRequestId } from './run-table.ts';
import { countSchedules, firingsOf, loadFiring, loadSchedule, readSchedules } from './schedule-table.ts';
import { dependantsOf, loadTask, tasksOfRun } from './task-table.ts';
import { listWorkflowVersions, loadWorkflow } from './workflow-table.ts';

const loaders: { readonly [K in RowKind]: (statements: Statements, id: string) => Rows[K] | null } = {
  run: loadRun,
  task: loadTask,
  attempt: loadAttempt,
  agent: loadAgent,
  approval: loadApproval,
  permission: loadPermission,
  permissionRule: loadPermissionRule,
  breaker: loadBreaker,
  schedule: loadSchedule,
  firing: loadFiring,
  engine: loadEngine,
};

/** Reads a row of any kind from its tables; null when there is none. @throws when it cannot be read. */
export function readStored<K extends RowKind>(statements: Statements, kind: K, id: string): Rows[K] | null {
  return loaders[kind](statements, id);
}

/** A row of any kind, null when there is none: from its tables, or from its events where it cannot be read. */
export function loadRow<K extends RowKind>(statements: Statements, kind: K, id: string): Rows[K] | null {
  try {
    return readStored(statements, kind, id);
  } catch (error) {
    return readFromEvents(statements, kind, id, error);
  }
}

/**
 * Everything that can be asked, over one connection: the read-only one, or inside a unit of work the writer's, whose
 * own changes it then sees.
 * @param counters the stored ones, or the writer's with what is not written yet.
 */
export function createReads(statements: Statements, counters: CounterReads): StoreReads {
  return tolerateUnreadable(statements, {
    row: (kind, id) => loadRow(statements, kind, id),
    agents: () => readAgents(statements),
    runByRequestId: (requestId) => runByRequestId(statements, requestId),
    openRuns: () => openRuns(statements),
    openApprovals: () => openApprovals(statements),
    countOpenApprovals: () => countOpenApprovals(statements),
    openPermissions: (attemptId) => openPermissions(statements, attemptId),
    countOpenPermissions: () => counters.value('permissions', 'open'),
    permissionRules: () => readPermissionRules(statements),
    breakers: () => readBreakers(statements),
    schedules: () => readSchedules(statements),
    countSchedules: () => countSchedules(statements),
    firingsOf: (scheduleId, before, limit) => firingsOf(statements, scheduleId, before, limit),
    liveAttempts: () => liveAttempts(statements),
    tasksOfRun: (runId) => tasksOfRun(statements, runId),
    attemptsOf: (taskId) => attemptsOf(statements, taskId),
    dependantsOf: (taskId) => dependantsOf(statements, taskId),
    isBeingForgotten: (taskId) => counters.value('forgettingTasks', taskId) > 0,
    leases: () => readLeases(statements),
    leaseCount: (agentId) => counters.value('leases', agentId),
    readyRoutes: () => readyRoutes(statements),
    readyHeads: (route, limit) => readyHeads(statements, route, limit),
    nextDelayedAt: () => nextDelayedAt(statements),
    workflow: (hash) => loadWorkflow(statements, hash),
    countRuns: () => countAll(counters, 'runs', runStates),
    countTasks: () => countAll(counters, 'tasks', taskStates),
    countAgents: () => countAll(counters, 'agents', agentStates),
    countFailedSince: (at) => countFailedSince(statements, at),
    agentTally: (agentId) => ({
      completed: counters.value('attemptsCompleted', agentId),
      failed: counters.value('attemptsFailed', agentId),
    }),
    agentAverageMs: (agentId, limit) => agentAverageMs(statements, agentId, limit),
    failedAttemptsOf: (agentId, limit) => failedAttemptsOf(statements, agentId, limit),
    lastSeq: () => lastSeq(statements),
    logsRemovedUpTo: () => logsRemovedUpTo(statements),
    listRuns: (query) => listRuns(statements, query),
    listTasks: (query) => listTasks(statements, query),
    listApprovals: (query) => listApprovals(statements, query),
    listWorkflowVersions: (query) => listWorkflowVersions(statements, query),
    listPermissions: (query) => listPermissions(statements, query),
    listEvents: (query) => ({ events: [...readEvents(statements, query)], lastSeq: lastSeq(statements) }),
  });
}

function countAll<S extends string>(
  counters: CounterReads,
  scope: CounterScope,
  states: readonly S[],
): Record<S, number> {
  return Object.fromEntries(states.map((state) => [state, counters.value(scope, state)])) as Record<S, number>;
}
