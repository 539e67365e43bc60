import type { AttemptId, RunId, TaskId } from '../contract/ids.ts';

/** A run, or a task that stands alone, with everything that belongs to it. */
export type HistoryOwner =
  | { readonly noun: 'run'; readonly id: RunId }
  | { readonly noun: 'task'; readonly id: TaskId };

/** What was removed for good. */
export interface RemovedHistory {
  readonly runs: number;
  /** Tasks that stood alone. */
  readonly tasks: number;
  readonly events: number;
  /** Attempts whose logs nobody will ask for any more. */
  readonly attemptIds: readonly AttemptId[];
  /** Runs and standing tasks whose workspaces nobody will ask for any more. */
  readonly ownerIds: readonly (RunId | TaskId)[];
}

/**
 * What came of a step. `partly`: there is more of it, in further steps. `open`: it has not ended. `needed`: another task
 * that is still there needs it. `missing`: there is none, or it is a stage's task, which goes with its run.
 */
export interface ForgetStep {
  readonly outcome: 'done' | 'partly' | 'missing' | 'open' | 'needed';
  readonly removed: RemovedHistory;
}

/** States in which a task is forgotten by itself; a dead letter waits for a person. */
export const prunableStates = ['completed', 'failed', 'cancelled'] as const;

/** How far a search for what is old has come. */
export type PrunePlace =
  | { readonly phase: 'marked'; readonly skipped: number }
  | { readonly phase: 'runs'; readonly at: number; readonly id: string }
  | { readonly phase: 'tasks'; readonly state: (typeof prunableStates)[number]; readonly id: string }
  | { readonly phase: 'events'; readonly after: number };

/** A row whose older events may go once an event holds the whole row. */
export interface Condensable {
  readonly kind: 'agent' | 'breaker' | 'schedule';
  readonly id: string;
}

export interface PruneRule {
  /** Wall clock, ms: what ended before it is old. */
  readonly before: number;
  readonly now: number;
  /** Rows that were condensed since the search began. */
  readonly condensed: readonly Condensable[];
  /** Counts, and removes nothing. */
  readonly dryRun: boolean;
}

export interface PruneStep {
  /** Null: everything that is old was looked at. */
  readonly next: PrunePlace | null;
  readonly removed: RemovedHistory;
  /** Rows with old events that stay until they are condensed; one entry for each event. */
  readonly condensable: readonly Condensable[];
}

/**
 * Removes history for good, a bounded part at a time, each in a transaction and a turn of the event loop of its own.
 * After every step, and after a crash between two, the store is sound. Rejects with a `StoreFailure`.
 */
export interface StoreHistory {
  /** One step of forgetting what a person chose. */
  forget(owner: HistoryOwner): Promise<ForgetStep>;
  /** One step of a search that begins at `{phase: 'marked', skipped: 0}`. */
  forgetOld(place: PrunePlace, rule: PruneRule): Promise<PruneStep>;
  /**
   * A page of runs and of tasks that have not ended: the ids of others that are named in their folders, which are
   * therefore still in use. @param after where to go on; '' at first. @returns `next` null at the end.
   */
  ownersInFolders(after: string): Promise<{ readonly next: string | null; readonly ids: readonly string[] }>;
  /** What was set aside because it could not be read: the ids of its rows, whose logs and folders are kept. */
  quarantinedIds(): Promise<ReadonlySet<string>>;
  /** Logs of attempts that ended up to this time were removed to save room. */
  noteLogsRemoved(endedAt: number): Promise<void>;
}

/** A log that is there. */
export interface StoredLog {
  /** As its file is named; there may be no such attempt any more. */
  readonly attemptId: AttemptId;
  /** With its index. */
  readonly bytes: number;
  /** When it was last written, wall clock in ms. */
  readonly changedAt: number;
}

/** Files of attempts, runs and tasks. Nothing that a link leads to is touched. */
export interface HistoryFiles {
  /** All logs, a lot at a time. */
  listLogs(): AsyncIterable<readonly StoredLog[]>;
  /** Removes the logs of attempts, as far as they are there. */
  removeLogs(attemptIds: readonly AttemptId[]): Promise<void>;
  /** All folders that were made for runs and tasks, a lot at a time. */
  listWorkspaces(): AsyncIterable<readonly { readonly ownerId: RunId | TaskId; readonly changedAt: number }[]>;
  /** Removes the folders that were made for runs and tasks, as far as they are there. */
  removeWorkspaces(ownerIds: readonly (RunId | TaskId)[]): Promise<void>;
}
