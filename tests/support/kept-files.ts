import type { AttemptId, RunId, TaskId } from '../../src-main/contract/ids.ts';
import type { HistoryFiles, StoredLog } from '../../src-main/core/ports-history.ts';

/** Files of attempts, runs and tasks, in memory. */
export class KeptFiles implements HistoryFiles {
  readonly logs = new Map<AttemptId, StoredLog>();
  readonly workspaces = new Map<RunId | TaskId, number>();
  /** What every later removal fails with; null: nothing. */
  failure: Error | null = null;

  /** Adds a log. @param changedAt wall clock, ms. */
  log(attemptId: AttemptId, bytes: number, changedAt: number): void {
    this.logs.set(attemptId, { attemptId, bytes, changedAt });
  }

  async *listLogs(): AsyncGenerator<readonly StoredLog[]> {
    for (const log of [...this.logs.values()]) yield await Promise.resolve([log]);
  }

  async *listWorkspaces() {
    for (const [ownerId, changedAt] of [...this.workspaces]) yield await Promise.resolve([{ ownerId, changedAt }]);
  }

  async removeLogs(attemptIds: readonly AttemptId[]): Promise<void> {
    if (this.failure !== null) throw this.failure;
    for (const id of attemptIds) this.logs.delete(id);
  }

  async removeWorkspaces(ownerIds: readonly (RunId | TaskId)[]): Promise<void> {
    if (this.failure !== null) throw this.failure;
    for (const id of ownerIds) this.workspaces.delete(id);
  }
}
