import type { Event, NewEvent } from '../contract/event.ts';
import type { StoreReads, StoreUnit } from '../core/ports.ts';
import type { Statements } from './connection.ts';
import type { CounterBook } from './counters.ts';
import { renewLeases } from './lease-table.ts';
import { readyDelayed } from './ready-table.ts';
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
  readonly counters: CounterBook;
  readonly recorder: EventRecorder;
}): UnitDoor {
  const { statements, counters, recorder } = parts;
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
  const reads: StoreReads = {
    ...createReads(statements, counters),
    row: (kind, id) => recorder.row(kind, id),
    lastSeq: () => recorder.seq,
  };
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
    readyDelayed: (now, limit) => change(() => readyDelayed(statements, now, limit)),
    renewLeases: (leases, expiresAt) => change(() => renewLeases(statements, leases, expiresAt)),
    putWorkflow: (version) => change(() => putWorkflow(statements, version)),
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
