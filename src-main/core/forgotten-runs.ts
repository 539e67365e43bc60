import type { Run } from '../contract/run.ts';
import { isTaskEnded } from '../contract/states.ts';
import { settleTask } from './attempts.ts';
import { isActive } from './decide-run.ts';
import { mustRow } from './must-row.ts';
import type { Clock, Logger, Store, StoreReads, StoreUnit } from './ports.ts';
import type { Moment } from './refusals.ts';
import type { RunFlow } from './run-flow.ts';

/** How many runs one look looks at: it is taken on the main thread, and comes again. */
const runsPerLook = 20;

export interface ForgottenRunsDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly flow: RunFlow;
}

/**
 * Finds runs that are running although nothing of them is under way or waits: a defect, whatever its cause. Such a run
 * would stay as it is for ever; it is carried on, and the log says so. Every look takes the next few runs.
 */
export class ForgottenRuns {
  readonly #deps: ForgottenRunsDeps;
  #after: string | null = null;

  constructor(deps: ForgottenRunsDeps) {
    this.#deps = deps;
  }

  /** Looks at the next runs. Never rejects. */
  async look(): Promise<void> {
    const { store, clock, logger } = this.#deps;
    const from = this.#after === null ? {} : { after: this.#after };
    try {
      const { runs, next } = store.reads.listRuns({ states: ['running'], limit: runsPerLook, ...from });
      this.#after = next;
      const forgotten = runs.filter(({ id }) => isForgotten(store.reads, mustRow(store.reads, 'run', id)));
      for (const { id: runId } of forgotten) {
        const moment: Moment = { at: clock.now(), actor: 'engine' };
        const isCarriedOn = await store.write((unit) => this.#carryOn(unit, mustRow(unit, 'run', runId), moment));
        if (isCarriedOn)
          logger.error('A run had nothing under way and nothing to wait for; it was carried on.', { runId });
      }
    } catch (error) {
      logger.error('Runs could not be looked at, whether anything of them is under way.', { error });
    }
  }

  /** What the look saw may be over by now. */
  #carryOn(unit: StoreUnit, run: Run, moment: Moment): boolean {
    if (!isForgotten(unit, run)) return false;
    const open = run.stages.filter(isActive);
    for (const task of unit.tasksOfRun(run.id)) {
      if (open.some((stage) => stage.taskId === task.id)) settleTask(unit, this.#deps.flow, task, moment);
    }
    this.#deps.flow.advance(unit, run.id, moment);
    return true;
  }
}

/** Whether a running run has no stage whose task can still be done, and none that waits for an answer. */
function isForgotten(reads: Pick<StoreReads, 'row'>, run: Run): boolean {
  if (run.state !== 'running') return false;
  return !run.stages.some(
    (stage) => isActive(stage) && (stage.taskId === null || !isTaskEnded(mustRow(reads, 'task', stage.taskId).state)),
  );
}
