import type { Event, NewEvent } from '../contract/event.ts';
import type { StoreReads, StoreUnit } from '../core/ports.ts';
import type { Statements } from './connection.ts';
import type { CounterBook } from './counters.ts';
import { renewLeases } from './lease-table.ts';
import { dueTasks, readyTasks } from './ready-table.ts';
import type { EventRecorder } from './record-events.ts';
import { createReads } from './store-reads.ts';
import { putWorkflow } from './workflow-table.ts';

/** The writer as units of work see it, and the switch that says whether one is at work. */
export interface UnitDoor {
  readonly unit: StoreUnit;
  /** Lets a unit in, which collects its events here. */
  open(events: Event[]): void;
  /**
   * Shuts the door: whoever kept the unit beyond its end gets an error instead of a change without a transaction.
   * @throws what a change threw in between, in case the work caught it: half a change must not be committed.
   */
  close(): void;
}

/** Makes the one unit object through which all units of work read and write, one after the other. */
export function createUnit(parts: {
  readonly statements: Statements;
  /** For questions, which see what the unit has changed. */
  readonly settled: Statements;
  readonly counters: CounterBook;
  readonly recorder: EventRecorder;
}): UnitDoor {
  const { statements, settled, counters, recorder } = parts;
  let collected: Event[] | null = null;
  let failure: { readonly error: unknown } | null = null;
  const change = <T>(make: (events: Event[]) => T): T => {
    if (collected === null) throw new Error('This unit of work has ended; changes belong inside of it.');
    try {
      return make(collected);
    } catch (error) {
      failure ??= { error };
      throw error;
    }
  };
  const changeBySql = <T>(make: () => T): T => {
    recorder.settleForChange();
    return make();
  };
  const reads = unitReads(createReads(settled, counters), createReads(statements, counters), parts);
  const unit: StoreUnit = {
    ...reads,
    record: (fresh: readonly NewEvent[]) =>
      change((events) => {
        const recorded = recorder.record(fresh);
        for (const event of recorded) events.push(event);
        return recorded;
      }),
    nextPosition: (end) =>
      change(() => {
        counters.add('place', end, end === 'back' ? 1 : -1);
        return counters.value('place', end);
      }),
    readyDelayed: (now, limit) =>
      change(() => {
        const due = dueTasks(settled, now, limit);
        if (due.length > 0) changeBySql(() => readyTasks(statements, due));
        return due.length;
      }),
    renewLeases: (leases, expiresAt) => change(() => changeBySql(() => renewLeases(statements, leases, expiresAt))),
    putWorkflow: (version) => change(() => changeBySql(() => putWorkflow(statements, version))),
  };
  return {
    unit,
    open: (events) => {
      collected = events;
      failure = null;
    },
    close: () => {
      collected = null;
      if (failure !== null) throw failure.error;
    },
  };
}

/**
 * What a unit asks. Rows and counters are in memory; everything else is asked of SQL, and what was changed is written
 * before it. What every task asks is answered without, where the counters say that nothing can be found.
 */
function unitReads(
  settled: StoreReads,
  direct: StoreReads,
  { counters, recorder }: { readonly counters: CounterBook; readonly recorder: EventRecorder },
): StoreReads {
  return {
    ...settled,
    row: (kind, id) => recorder.row(kind, id),
    lastSeq: () => recorder.seq,
    // Stored versions never wait to be written.
    workflow: (hash) => direct.workflow(hash),
    openPermissions: (attemptId) =>
      counters.value('permissions', 'open') === 0 ? [] : settled.openPermissions(attemptId),
    dependantsOf: (taskId) => (counters.value('tasks', 'blocked') === 0 ? [] : settled.dependantsOf(taskId)),
  };
}
