import type { ApiOutput } from '../../src-main/contract/api.ts';
import type { Event } from '../../src-main/contract/event.ts';
import type { Rows } from '../../src-main/contract/evolve.ts';
import { evolve, touchedRows } from '../../src-main/contract/evolve.ts';

/** A run with everything a page about it shows, as of event `lastSeq`. */
export type RunWork = ApiOutput<'getRunWork'>;

/** Which list of the work holds rows of a kind. */
const lists = { task: 'tasks', attempt: 'attempts', approval: 'approvals' } as const;
type ListedKind = keyof typeof lists;

/**
 * Folds events into a run's work by the engine's own rule. Events up to `lastSeq` are in it already, and those of
 * other runs do not concern it. @returns the same object when nothing changed.
 */
export function foldRunWork(work: RunWork, events: readonly Event[]): RunWork {
  let folded = work;
  for (const event of events) {
    if (event.seq <= folded.lastSeq) continue;
    folded = foldOne(folded, event);
  }
  return folded;
}

function foldOne(work: RunWork, event: Event): RunWork {
  let folded: RunWork = { ...work, lastSeq: event.seq };
  if (!('runId' in event) || event.runId !== work.run.id) return folded;
  for (const { kind, id } of touchedRows(event)) {
    if (kind === 'run') folded = { ...folded, run: evolve('run', folded.run, event) ?? folded.run };
    else if (kind in lists) folded = foldListed(folded, kind as ListedKind, id, event);
  }
  return folded;
}

function foldListed<K extends ListedKind>(work: RunWork, kind: K, id: string, event: Event): RunWork {
  const field = lists[kind];
  const rows: readonly Rows[K][] = work[field] as readonly Rows[ListedKind][] as readonly Rows[K][];
  const index = rows.findIndex((row) => row.id === id);
  const row = evolve(kind, rows[index] ?? null, event);
  if (row === null) return work;
  return { ...work, [field]: index === -1 ? [...rows, row] : rows.with(index, row) };
}
