import type { Agent } from './agent.ts';
import type { Approval } from './approval.ts';
import type { Event, NewEvent } from './event.ts';
import { evolveAgent, evolveApproval } from './evolve-agent.ts';
import { evolveRun } from './evolve-run.ts';
import { evolveAttempt, evolveTask } from './evolve-task.ts';
import type { Run } from './run.ts';
import type { Attempt, Task } from './task.ts';

/** The rows that events explain, by kind. `engine` is one row with the fixed id `engine`. */
export interface Rows {
  readonly run: Run;
  readonly task: Task;
  readonly attempt: Attempt;
  readonly agent: Agent;
  readonly approval: Approval;
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

const attemptKinds: ReadonlySet<string> = new Set(['task.claimed', 'attempt.started', 'attempt.did', 'attempt.ended']);

/**
 * The rows into which an event is folded. Ids that an event merely mentions (the agent of an attempt, the run of a
 * task) are not among them.
 */
export function touchedRows(event: Event | NewEvent): readonly RowRef[] {
  const [noun] = event.kind.split('.', 1);
  switch (noun) {
    case 'run':
    case 'stage':
      return 'runId' in event && event.runId !== null ? [{ kind: 'run', id: event.runId }] : [];
    case 'task':
    case 'attempt': {
      if (!('taskId' in event) || event.taskId === null) return [];
      const refs: RowRef[] = event.kind === 'attempt.did' ? [] : [{ kind: 'task', id: event.taskId }];
      if (attemptKinds.has(event.kind) && 'attemptId' in event && event.attemptId !== null) {
        refs.push({ kind: 'attempt', id: event.attemptId });
      }
      return refs;
    }
    case 'agent':
      return 'agentId' in event && event.agentId !== null ? [{ kind: 'agent', id: event.agentId }] : [];
    case 'approval':
      return 'approvalId' in event ? [{ kind: 'approval', id: event.approvalId }] : [];
    case 'engine':
      return [{ kind: 'engine', id: 'engine' }];
    default:
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
