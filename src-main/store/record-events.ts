import type { Event, NewEvent } from '../contract/event.ts';
import type { RowKind, Rows } from '../contract/evolve.ts';
import { evolve, touchedRows } from '../contract/evolve.ts';
import { saveAgent } from './agent-table.ts';
import { saveApproval } from './approval-table.ts';
import { saveAttempt } from './attempt-table.ts';
import { saveBreaker } from './breaker-table.ts';
import type { Statements } from './connection.ts';
import { countChange } from './count-change.ts';
import type { CounterBook } from './counters.ts';
import { saveEngine } from './engine-table.ts';
import type { EventText } from './event-table.ts';
import { eventData, insertEvents, lastSeq } from './event-table.ts';
import { savePermission, savePermissionRule } from './permission-table.ts';
import { moveInLanes, placeInLanes } from './ready-table.ts';
import { RowCache } from './row-cache.ts';
import { saveRun } from './run-table.ts';
import { saveFiring, saveSchedule } from './schedule-table.ts';
import { assertEdge, creators } from './state-edges.ts';
import { loadRow } from './store-reads.ts';
import { insertTasks, updateTask } from './task-table.ts';
import type { UnwrittenRow } from './unwritten-rows.ts';
import { UnwrittenRows, writeOrder } from './unwritten-rows.ts';
import { wellFormed } from './well-formed.ts';

/**
 * The writer's memory and its one way of changing rows: numbers events and folds them into the rows they touch. What a
 * unit changes is kept apart until the unit has succeeded; what the units of a transaction changed is written at its
 * end, each row once, or before a question that SQL has to answer. So a unit that fails has mostly written nothing that
 * would have to be undone, and no savepoint is needed for it.
 */
export class EventRecorder {
  readonly #statements: Statements;
  readonly #counters: CounterBook;
  readonly #cache = new RowCache();
  readonly #savers: Savers;
  /** Of the units that succeeded. */
  readonly #rows = new UnwrittenRows();
  #events: EventText[] = [];
  #seq = 0;
  /** Of the unit at work. */
  readonly #unitRows = new UnwrittenRows();
  #unitEvents: EventText[] = [];
  #seqBeforeUnit = 0;
  #hasSavepoint = false;
  /** Why what succeeded could not be written: the transaction must not be committed. */
  #lost: { readonly error: unknown } | null = null;

  /** @param options.leaseMs how long a lease lasts from its claim on, unless it is renewed. */
  constructor(options: { readonly statements: Statements; readonly counters: CounterBook; readonly leaseMs: number }) {
    this.#statements = options.statements;
    this.#counters = options.counters;
    this.#savers = createSavers(options.statements, options.leaseMs);
  }

  /** The number of the last event, with those of the unit at work. */
  get seq(): number {
    return this.#seq;
  }

  /** Forgets everything in memory and reads anew: a transaction failed, or another process has written. */
  reset(): void {
    this.#cache.clear();
    this.#counters.reset();
    this.#rows.clear();
    this.#events = [];
    this.#lost = null;
    this.#forgetUnit();
    this.#hasSavepoint = false;
    this.#seq = lastSeq(this.#statements);
    this.#seqBeforeUnit = this.#seq;
  }

  /** The unit succeeded. */
  keepUnit(): void {
    if (this.#hasSavepoint) this.#statements.run('RELEASE unit');
    this.#hasSavepoint = false;
    this.#counters.keepUnit();
    this.#unitRows.forEach(({ kind, id, row }) => {
      this.#cache.put(kind, id, row);
    });
    this.#rows.take(this.#unitRows);
    for (const event of this.#unitEvents) this.#events.push(event);
    this.#forgetUnit();
    this.#seqBeforeUnit = this.#seq;
  }

  /** The unit failed: what it changed is forgotten, and what of it was written is rolled back. */
  dropUnit(): void {
    if (this.#hasSavepoint) {
      this.#statements.run('ROLLBACK TO unit');
      this.#statements.run('RELEASE unit');
    }
    this.#hasSavepoint = false;
    this.#counters.dropUnit();
    this.#forgetUnit();
    this.#seq = this.#seqBeforeUnit;
  }

  /** The row as the unit sees it. */
  row<K extends RowKind>(kind: K, id: string): Rows[K] | null {
    const unwritten = this.#unitRows.get(kind, id) ?? this.#rows.get(kind, id);
    if (unwritten !== undefined) return unwritten.row;
    const known = this.#cache.get(kind, id);
    if (known !== undefined) return known;
    const row = loadRow(this.#statements, kind, id);
    this.#cache.put(kind, id, row);
    return row;
  }

  /** Records what a unit decided. @returns the numbered events. @throws on a forbidden edge, see `assertEdge`. */
  record(fresh: readonly NewEvent[]): readonly Event[] {
    return fresh.map((unnumbered) => {
      this.#seq += 1;
      const prepared = prepareEvent(unnumbered, this.#seq);
      const { event } = prepared;
      for (const { kind, id } of touchedRows(event)) this.#fold(kind, id, event);
      this.#unitEvents.push(prepared);
      return event;
    });
  }

  /** Writes what has changed so far, the unit's own changes under a savepoint: SQL is about to be asked. */
  settle(): void {
    this.flush();
    if (this.#unitRows.isEmpty && this.#unitEvents.length === 0) return;
    this.#openSavepoint();
    this.#write(this.#unitRows, this.#unitEvents);
    // They stay: should the unit go on to change them, then from what is written now.
    this.#unitRows.forEach((unwritten) => {
      unwritten.stored = unwritten.row;
    });
    this.#unitEvents = [];
  }

  /** Prepares for a change by SQL of the unit at work, which is taken back when the unit fails. */
  settleForChange(): void {
    this.settle();
    this.#openSavepoint();
  }

  /** Writes what the units that succeeded have changed. @throws what SQLite throws; the transaction is lost then. */
  flush(): void {
    if (this.#lost !== null) throw this.#lost.error;
    try {
      this.#write(this.#rows, this.#events);
    } catch (error) {
      this.#lost = { error };
      throw error;
    }
    this.#rows.clear();
    this.#events = [];
  }

  #write(rows: UnwrittenRows, events: readonly EventText[]): void {
    if (!rows.isEmpty) for (const kind of writeOrder) this.#savers[kind](rows.ofKind(kind) as never);
    insertEvents(this.#statements, events);
  }

  #openSavepoint(): void {
    if (this.#hasSavepoint) return;
    this.#statements.run('SAVEPOINT unit');
    this.#hasSavepoint = true;
  }

  #forgetUnit(): void {
    this.#unitRows.clear();
    this.#unitEvents = [];
  }

  #fold(kind: RowKind, id: string, event: Event): void {
    let unwritten = this.#unitRows.get(kind, id);
    if (unwritten === undefined) {
      // Whether a new row's id is free is found out by its INSERT, which costs no further look.
      const before = creators[kind] === event.kind ? this.#known(kind, id) : this.row(kind, id);
      unwritten = { kind, id, stored: before, row: before };
      this.#unitRows.add(unwritten);
    }
    const before = unwritten.row;
    const after = evolve(kind, before, event);
    assertEdge(kind, id, before, after, event);
    if (before === after) return;
    unwritten.row = after;
    countChange(this.#counters, kind, before, after);
  }

  #known<K extends RowKind>(kind: K, id: string): Rows[K] | null {
    return this.#rows.get(kind, id)?.row ?? this.#cache.get(kind, id) ?? null;
  }
}

/** Write rows of one kind. */
type Savers = { readonly [K in RowKind]: (rows: readonly UnwrittenRow<K>[]) => void };

function createSavers(statements: Statements, leaseMs: number): Savers {
  const each =
    <K extends RowKind>(save: (row: UnwrittenRow<K>) => void) =>
    (rows: readonly UnwrittenRow<K>[]) =>
      rows.forEach(save);
  return {
    run: each(({ stored, row }) => saveRun(statements, stored, row as Rows['run'])),
    task: (rows) => saveTasks(statements, rows),
    attempt: each(({ stored, row }) => saveAttempt(statements, stored, row as Rows['attempt'], leaseMs)),
    agent: each(({ stored, row }) => saveAgent(statements, stored, row)),
    approval: each(({ stored, row }) => saveApproval(statements, stored, row as Rows['approval'])),
    permission: each(({ stored, row }) => savePermission(statements, stored, row as Rows['permission'])),
    permissionRule: each(({ stored, row }) => savePermissionRule(statements, stored, row)),
    breaker: each(({ stored, row }) => saveBreaker(statements, stored, row as Rows['breaker'])),
    schedule: each(({ stored, row }) => saveSchedule(statements, stored, row)),
    firing: each(({ stored, row }) => saveFiring(statements, stored, row as Rows['firing'])),
    engine: each(({ row }) => saveEngine(statements, row as Rows['engine'])),
  };
}

/** A task never goes: there is always a row. */
function saveTasks(statements: Statements, rows: readonly UnwrittenRow<'task'>[]): void {
  const fresh: Rows['task'][] = [];
  for (const { stored, row } of rows) if (stored === null) fresh.push(row as Rows['task']);
  insertTasks(statements, fresh);
  placeInLanes(statements, fresh);
  for (const { stored, row } of rows) {
    if (stored === null) continue;
    updateTask(statements, stored, row as Rows['task']);
    moveInLanes(statements, stored, row as Rows['task']);
  }
}

function prepareEvent(fresh: NewEvent, seq: number): EventText {
  const data = eventData(fresh);
  const repaired = wellFormed(fresh, data);
  if (repaired === null) return { event: { ...fresh, seq } as Event, data };
  return { event: { ...repaired, seq } as Event, data: eventData(repaired) };
}
