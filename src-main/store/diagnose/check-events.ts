import type { Event } from '../../contract/event.ts';
import { eventSchema } from '../../contract/event.ts';
import type { RowKind, Rows } from '../../contract/evolve.ts';
import { evolve, touchedRows } from '../../contract/evolve.ts';
import { invalidFields } from '../../contract/invalid-input.ts';
import { readAgents } from '../agent-table.ts';
import { readBreakers } from '../breaker-table.ts';
import { loadEngine } from '../engine-table.ts';
import { readPermissionRules } from '../permission-table.ts';
import { isBeingForgotten } from '../prune/forgotten.ts';
import { readFirings, readSchedules } from '../schedule-table.ts';
import { creators } from '../state-edges.ts';
import type { Check, DiagnoseReader } from './check.ts';
import { faulty, healthy } from './check.ts';
import { firstDifference } from './first-difference.ts';
import { readEventLot, SetAside } from './set-aside.ts';

const lotSize = 2_000;
const tableOf: Readonly<Record<string, string>> = {
  run: 'runs',
  task: 'tasks',
  attempt: 'attempts',
  approval: 'approvals',
  permission: 'permissions',
};

/**
 * Reads all events once: each fits the contract, each row that an event created is there, and the rows of agents,
 * circuit breakers, schedules with their firings, permission rules and the engine follow from them.
 */
export const eventCheck: Check = {
  name: 'events',
  look: (reader) => {
    const folded: Folded = {
      agents: new Map(),
      rules: new Map(),
      breakers: new Map(),
      schedules: new Map(),
      firings: new Map(),
      engine: null,
    };
    let after = 0;
    let skipped = 0;
    for (;;) {
      const lot = reader.inOneState(() => readLot(reader, after, folded));
      if (lot.fault !== null) return faulty(lot.fault);
      skipped += lot.skipped;
      if (lot.last === null) return healthy(describeEvents(after, skipped));
      after = lot.last;
    }
  },
};

function describeEvents(count: number, skipped: number): string {
  if (skipped === 0) return `${count} events fit the contract, and the agents follow from them.`;
  return `${count - skipped} events fit the contract; ${skipped} that cannot be read belong to rows that were set aside.`;
}

const notFrozen: Rows['engine'] = { frozenAt: null, frozenReason: null };

interface Folded {
  readonly agents: Map<string, Rows['agent']>;
  readonly rules: Map<string, Rows['permissionRule']>;
  readonly breakers: Map<string, Rows['breaker']>;
  readonly schedules: Map<string, Rows['schedule']>;
  readonly firings: Map<string, Rows['firing']>;
  engine: Rows['engine'] | null;
}

/** @returns the last number that was read; null at the end, when the rows were compared in the same state. */
function readLot(
  reader: DiagnoseReader,
  after: number,
  folded: Folded,
): { readonly fault: string | null; readonly last: number | null; readonly skipped: number } {
  const aside = new SetAside(reader.statements);
  const { events, last, unreadable } = readEventLot(reader.statements, aside, { after, limit: lotSize });
  let skipped = unreadable;
  for (const event of events) {
    const invalid = invalidEvent(event);
    if (invalid !== null && aside.explains(event)) {
      skipped += 1;
      continue;
    }
    const fault = invalid ?? missingRow(reader, aside, event);
    if (fault !== null) return { fault, last: null, skipped };
    foldFew(folded, aside, event);
  }
  return { fault: last === null ? compareFew(reader, aside, folded) : null, last, skipped };
}

function invalidEvent(event: Event): string | null {
  const parsed = eventSchema.safeParse(event);
  if (parsed.success) return null;
  const [first] = invalidFields(parsed.error);
  return `Event ${event.seq} (${event.kind}) is not valid: ${first?.field ?? 'it'} ${first?.complaint}.`;
}

function missingRow({ statements }: DiagnoseReader, aside: SetAside, event: Event): string | null {
  for (const { kind, id } of touchedRows(event)) {
    const table = creators[kind] === event.kind ? tableOf[kind] : undefined;
    const isThere = table === undefined || statements.number(`SELECT count(*) FROM ${table} WHERE id = ?`, id) > 0;
    if (
      !isThere &&
      !aside.has(kind, id) &&
      !isBeingForgotten(statements, {
        ...('runId' in event && { runId: event.runId }),
        ...('taskId' in event && { taskId: event.taskId }),
      })
    ) {
      return `Event ${event.seq} (${event.kind}) created ${kind} ${id}, which has no row.`;
    }
  }
  return null;
}

/** Of a row that was set aside some events may be unreadable: the others no longer give it. */
function foldFew(folded: Folded, aside: SetAside, event: Event): void {
  for (const { kind, id } of touchedRows(event)) {
    if (aside.has(kind, id)) continue;
    if (kind === 'engine') folded.engine = evolve('engine', folded.engine, event);
    if (kind === 'agent') foldInto(folded.agents, kind, id, event);
    if (kind === 'permissionRule') foldInto(folded.rules, kind, id, event);
    if (kind === 'breaker') foldInto(folded.breakers, kind, id, event);
    if (kind === 'schedule') foldInto(folded.schedules, kind, id, event);
    if (kind === 'firing') foldInto(folded.firings, kind, id, event);
  }
}

function foldInto<K extends RowKind>(rows: Map<string, Rows[K]>, kind: K, id: string, event: Event): void {
  const row = evolve(kind, rows.get(id) ?? null, event);
  if (row === null) rows.delete(id);
  else rows.set(id, row);
}

function compareFew({ statements }: DiagnoseReader, aside: SetAside, folded: Folded): string | null {
  return (
    compareAll(aside, 'agent', folded.agents, readAgents(statements)) ??
    compareAll(aside, 'permissionRule', folded.rules, readPermissionRules(statements)) ??
    compareAll(aside, 'breaker', folded.breakers, readBreakers(statements)) ??
    compareAll(aside, 'schedule', folded.schedules, readSchedules(statements)) ??
    compareAll(aside, 'firing', folded.firings, readFirings(statements)) ??
    (aside.has('engine', 'engine')
      ? null
      : // Its events may all have been pruned: that leaves an engine that is not frozen.
        describeDifference('engine', 'engine', folded.engine ?? notFrozen, loadEngine(statements) ?? notFrozen))
  );
}

function compareAll<K extends 'agent' | 'permissionRule' | 'breaker' | 'schedule' | 'firing'>(
  aside: SetAside,
  kind: K,
  folded: ReadonlyMap<string, Rows[K]>,
  rows: readonly Rows[K][],
): string | null {
  const stored = new Map(rows.map((row) => [String(row.id), row]));
  for (const id of new Set([...folded.keys(), ...stored.keys()])) {
    if (aside.has(kind, id)) continue;
    const fault = describeDifference(kind, id, folded.get(id) ?? null, stored.get(id) ?? null);
    if (fault !== null) return fault;
  }
  return null;
}

/** Says in which field a row differs from what its events give; null when it does not. */
export function describeDifference(kind: RowKind, id: string, folded: unknown, stored: unknown): string | null {
  const path = firstDifference(folded, stored);
  if (path === null) return null;
  if (stored === null) return `The row of ${kind} ${id} is missing.`;
  if (folded === null) return `The row of ${kind} ${id} follows from no event.`;
  return `The row of ${kind} ${id} differs from its events in ${path}.`;
}
