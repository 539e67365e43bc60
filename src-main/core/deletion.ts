import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { RunId, TaskId } from '../contract/ids.ts';
import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';
import { isRunEnded, isTaskEnded } from '../contract/states.ts';
import type { CommandDesk } from './command-desk.ts';
import { notFound } from './command-desk.ts';
import { removeWorkspaces } from './history-files.ts';
import type { Clock, Logger, Store, StoreUnit } from './ports.ts';
import { StoreFailure } from './ports.ts';
import type { ForgetStep, HistoryFiles, HistoryOwner } from './ports-history.ts';

export interface DeletionDeps {
  readonly store: Store;
  readonly files: HistoryFiles;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly desk: CommandDesk;
}

/**
 * What one command of a person deletes: runs and tasks that have ended, each as a whole, with its events, its logs and
 * the folder that was made for it. One event at the end says how many there were.
 */
export class Deletion {
  readonly #deps: DeletionDeps;
  readonly #ownerIds: (RunId | TaskId)[] = [];
  #runs = 0;
  #tasks = 0;
  #events = 0;

  constructor(deps: DeletionDeps) {
    this.#deps = deps;
  }

  /** Deletes one; refused for what has not ended, and for what another task needs. */
  async delete(owner: HistoryOwner): Promise<Result<null, ApiError>> {
    const command = owner.noun === 'run' ? 'changeRuns' : 'changeTasks';
    const subject = owner.noun === 'run' ? { runId: owner.id } : { taskId: owner.id };
    const { desk } = this.#deps;
    const may = await desk.run(command, subject, (unit) => mayDelete(unit, owner));
    if (!may.ok) return may;
    try {
      let outcome = await this.#forget(owner);
      while (outcome === 'partly') outcome = await this.#forget(owner);
      if (outcome === 'done') return ok(null);
      return await desk.run(command, subject, (unit) => {
        const now = mayDelete(unit, owner);
        return now.ok ? stillNeeded(owner) : now;
      });
    } catch (error) {
      if (error instanceof StoreFailure) return err(error.apiError);
      throw error;
    }
  }

  /** Says what was deleted, and removes the folders. What cannot be removed now is found by the next look. */
  async end(reason: string): Promise<void> {
    if (this.#events === 0) return;
    const { store, clock, logger } = this.#deps;
    const counts = { runs: this.#runs, tasks: this.#tasks, events: this.#events };
    const pruned = {
      at: clock.now(),
      actor: 'person',
      kind: 'history.pruned',
      before: null,
      reason,
      ...counts,
    } as const;
    try {
      await store.write((unit) => unit.record([pruned]).length);
      await removeWorkspaces({ ...this.#deps, isOpen: () => true }, this.#ownerIds);
    } catch (error) {
      logger.warn('What was deleted has left something behind.', { error, ...counts });
    }
  }

  async #forget(owner: HistoryOwner): Promise<ForgetStep['outcome']> {
    const { store, files, logger } = this.#deps;
    const { outcome, removed } = await store.history.forget(owner);
    this.#runs += removed.runs;
    this.#tasks += removed.tasks;
    this.#events += removed.events;
    this.#ownerIds.push(...removed.ownerIds);
    await files
      .removeLogs(removed.attemptIds)
      .catch((error: unknown) => logger.warn('Logs of what was deleted could not be removed.', { error }));
    return outcome;
  }
}

function mayDelete(unit: StoreUnit, { noun, id }: HistoryOwner): Result<null, ApiError> {
  const row = unit.row(noun, id);
  if (row === null) return notFound(noun, id);
  if ('spec' in row && row.runId !== null) {
    const message = `Task ${id} belongs to run ${row.runId}, and is deleted with it.`;
    return refuse('refused', message, 'Delete the run.');
  }
  if ('spec' in row ? isTaskEnded(row.state) : isRunEnded(row.state)) return ok(null);
  const message = `The ${noun} ${id} is ${row.state}; only what has ended can be deleted.`;
  return refuse('refused', message, `Cancel it first: signalbox cancel ${id}`);
}

function stillNeeded({ noun, id }: HistoryOwner) {
  const message = `The ${noun} ${id} cannot be deleted: another task needs it.`;
  return refuse('refused', message, 'Delete the tasks that need it first, once they have ended.');
}
