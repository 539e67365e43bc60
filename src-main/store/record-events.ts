import type { Event, NewEvent } from '../contract/event.ts';
import type { RowKind, Rows } from '../contract/evolve.ts';
import { evolve, touchedRows } from '../contract/evolve.ts';
import type { AttemptState } from '../contract/states.ts';
import { saveAgent } from './agent-table.ts';
import { saveApproval } from './approval-table.ts';
import { saveAttempt } from './attempt-table.ts';
import { saveBreaker } from './breaker-table.ts';
import type { Statements } from './connection.ts';
import type { CounterBook, CounterScope } from './counters.ts';
import { saveEngine } from './engine-table.ts';
import { eventData, insertEvent, lastSeq } from './event-table.ts';
import { moveLease } from './lease-table.ts';
import { savePermission, savePermissionRule } from './permission-table.ts';
import { moveInLanes } from './ready-table.ts';
import { RowCache } from './row-cache.ts';
import { saveRun } from './run-table.ts';
import { saveFiring, saveSchedule } from './schedule-table.ts';
import { assertEdge, creators } from './state-edges.ts';
import { loadRow } from './store-reads.ts';
import { insertTask, updateTask } from './task-table.ts';
import { wellFormed } from './well-formed.ts';

interface Touched<K extends RowKind = RowKind> {
  readonly kind: K;
  readonly id: string;
  readonly before: Rows[K] | null;
  after: Rows[K] | null;
}

/** The rows that a call of `record` touches, by kind and id. */
type TouchedRows = { [K in RowKind]?: Map<string, Touched> };

/** Rows are saved in this order, so that a row exists before another refers to it. */
const saveOrder: readonly RowKind[] = [
  'run',
  'task',
  'attempt',
  'approval',
  'permission',
  'permissionRule',
  'agent',
  'breaker',
  'schedule',
  'firing',
  'engine',
];

/** Which ends of an attempt count for and against its agent; an interruption or a cancellation says nothing of it. */
const tallyOf: Readonly<Partial<Record<AttemptState, CounterScope>>> = {
  completed: 'attemptsCompleted',
  failed: 'attemptsFailed',
  timed_out: 'attemptsFailed',
};

/**
 * The writer's memory and its one way of changing rows: numbers events, folds them into the rows they touch, and
 * writes both. Numbers, rows and counters of a unit that fails are taken back.
 */
export class EventRecorder {
  readonly #statements: Statements;
  readonly #counters: CounterBook;
  readonly #cache = new RowCache();
  readonly #leaseMs: number;
  readonly #savers: { readonly [K in RowKind]: (row: Touched<K>) => void } = {
    run: (row) => this.#saveRun(row),
    task: (row) => this.#saveTask(row),
    attempt: (row) => this.#saveAttempt(row),
    agent: (row) => this.#saveAgent(row),
    approval: ({ before, after }) => saveApproval(this.#statements, before, after as Rows['approval']),
    permission: ({ before, after }) => savePermission(this.#statements, before, after as Rows['permission']),
    permissionRule: ({ before, after }) => savePermissionRule(this.#statements, before, after),
    breaker: ({ before, after }) => saveBreaker(this.#statements, before, after as Rows['breaker']),
    schedule: ({ before, after }) => saveSchedule(this.#statements, before, after),
    firing: ({ before, after }) => saveFiring(this.#statements, before, after as Rows['firing']),
    engine: ({ after }) => saveEngine(this.#statements, after as Rows['engine']),
  };
  #seq = 0;
  #seqBeforeUnit = 0;
  #touchedByUnit: { readonly kind: RowKind; readonly id: string }[] = [];

  /** @param options.leaseMs how long a lease lasts from its claim on, unless it is renewed. */
  constructor(options: { readonly statements: Statements; readonly counters: CounterBook; readonly leaseMs: number }) {
    this.#statements = options.statements;
    this.#counters = options.counters;
    this.#leaseMs = options.leaseMs;
  }

  /** The number of the last event, with those of the unit at work. */
  get seq(): number {
    return this.#seq;
  }

  /** Forgets everything in memory and reads anew: a transaction failed, or another process has written. */
  reset(): void {
    this.#cache.clear();
    this.#counters.reset();
    this.#touchedByUnit = [];
    this.#seq = lastSeq(this.#statements);
    this.#seqBeforeUnit = this.#seq;
  }

  /** The unit succeeded. */
  keepUnit(): void {
    this.#counters.keepUnit();
    this.#cache.endUnit();
    this.#touchedByUnit = [];
    this.#seqBeforeUnit = this.#seq;
  }

  /** The unit was rolled back. */
  dropUnit(): void {
    this.#counters.dropUnit();
    for (const { kind, id } of this.#touchedByUnit) this.#cache.forget(kind, id);
    this.#cache.endUnit();
    this.#touchedByUnit = [];
    this.#seq = this.#seqBeforeUnit;
  }

  /** The row as the unit sees it. */
  row<K extends RowKind>(kind: K, id: string): Rows[K] | null {
    const known = this.#cache.get(kind, id);
    if (known !== undefined) return known;
    const row = loadRow(this.#statements, kind, id);
    this.#cache.put(kind, id, row);
    return row;
  }

  /** Records what a unit decided. @returns the numbered events. @throws on a forbidden edge, see `assertEdge`. */
  record(fresh: readonly NewEvent[]): readonly Event[] {
    const rows: TouchedRows = {};
    const events = fresh.map((unnumbered) => {
      this.#seq += 1;
      const { event, data } = prepareEvent(unnumbered, this.#seq);
      for (const { kind, id } of touchedRows(event)) this.#fold(rows, kind, id, event);
      insertEvent(this.#statements, event, data);
      return event;
    });
    this.#saveAll(rows);
    return events;
  }

  #fold(rows: TouchedRows, kind: RowKind, id: string, event: Event): void {
    let ofKind = rows[kind];
    if (ofKind === undefined) {
      ofKind = new Map();
      rows[kind] = ofKind;
    }
    let row = ofKind.get(id);
    if (row === undefined) {
      // Whether a new row's id is free is found out by its INSERT, which costs no further look.
      const before = creators[kind] === event.kind ? (this.#cache.get(kind, id) ?? null) : this.row(kind, id);
      row = { kind, id, before, after: before };
      ofKind.set(id, row);
    }
    const after = evolve(kind, row.after, event);
    assertEdge(kind, id, row.after, after, event);
    row.after = after;
  }

  #saveAll(rows: TouchedRows): void {
    for (const kind of saveOrder) {
      for (const row of rows[kind]?.values() ?? []) if (row.before !== row.after) this.#save(row);
    }
    for (const row of rows.task?.values() ?? []) this.#moveLease(row as Touched<'task'>);
  }

  #save(row: Touched): void {
    this.#touchedByUnit.push({ kind: row.kind, id: row.id });
    this.#cache.put(row.kind, row.id, row.after);
    this.#savers[row.kind](row as never);
  }

  #saveRun(row: Touched<'run'>): void {
    saveRun(this.#statements, row.before, row.after as Rows['run']);
    this.#countState('runs', row);
  }

  #saveTask(row: Touched<'task'>): void {
    const after = row.after as Rows['task'];
    if (row.before === null) insertTask(this.#statements, after);
    else updateTask(this.#statements, row.before, after);
    moveInLanes(this.#statements, row.before, after);
    this.#countState('tasks', row);
  }

  #saveAttempt(row: Touched<'attempt'>): void {
    const after = row.after as Rows['attempt'];
    saveAttempt(this.#statements, row.before, after);
    if (row.before?.state === after.state) return;
    const scope = tallyOf[after.state];
    if (scope !== undefined) this.#counters.add(scope, after.agentId, 1);
  }

  #saveAgent(row: Touched<'agent'>): void {
    saveAgent(this.#statements, row.before, row.after);
    this.#countState('agents', row);
  }

  /** After everything else, because a lease refers to its task and to its attempt. */
  #moveLease({ before, after }: Touched<'task'>): void {
    if (after === null) return;
    const attempt = () => (after.attemptId === null ? null : this.row('attempt', after.attemptId));
    moveLease(this.#statements, before, after, attempt, this.#leaseMs);
  }

  #countState(scope: CounterScope, { before, after }: Touched<'run' | 'task' | 'agent'>): void {
    if (before?.state === after?.state) return;
    if (before !== null) this.#counters.add(scope, before.state, -1);
    if (after !== null) this.#counters.add(scope, after.state, 1);
  }
}

function prepareEvent(fresh: NewEvent, seq: number): { readonly event: Event; readonly data: string } {
  const data = eventData(fresh);
  const repaired = wellFormed(fresh, data);
  if (repaired === null) return { event: { ...fresh, seq } as Event, data };
  return { event: { ...repaired, seq } as Event, data: eventData(repaired) };
}
