import type { Row } from './measurement.ts';
import { judged, unjudged } from './measurement.ts';

/** A target that compares a value of ours with one of a peer, both by the names of their rows. */
interface Comparison {
  readonly name: string;
  readonly ours: string;
  readonly theirs: string;
  readonly target: string;
  /** `atLeast`: ours ÷ theirs must reach the factor. `atMost`: it must not exceed it. */
  readonly atLeast?: number;
  readonly atMost?: number;
}

const processed = 'process, 64 workers';
const comparisons: readonly Comparison[] = [
  {
    name: 'process, 64 workers, against BullMQ',
    ours: processed,
    theirs: 'BullMQ (AOF always): process, 64 workers',
    target: 'T1 process with 64 workers ≥ 5 × BullMQ (AOF always)',
    atLeast: 5,
  },
  {
    name: 'process, 64 workers, against plainjob',
    ours: processed,
    theirs: 'plainjob (FULL): process, 64 workers',
    target: 'T1 process with 64 workers ≥ 25 × plainjob FULL',
    atLeast: 25,
  },
  {
    name: 'process, 64 workers, against graphile-worker',
    ours: processed,
    theirs: 'graphile-worker (tuned): process, 64 workers',
    target: 'T1 process with 64 workers ≥ 1.5 × graphile-worker tuned',
    atLeast: 1.5,
  },
  {
    name: 'submit, 64 callers, against BullMQ',
    ours: 'submit, 64 callers',
    theirs: 'BullMQ (AOF always): add, 64 callers',
    target: 'T2 durable add by 64 callers ≥ 6 × BullMQ (AOF always)',
    atLeast: 6,
  },
  {
    name: 'add → handler, p50, against BullMQ',
    ours: 'add → handler, p50',
    theirs: 'BullMQ (AOF always): add → handler, p50',
    target: 'T3 add → handler p50 ≤ 0.6 × BullMQ (AOF always)',
    atMost: 0.6,
  },
  {
    name: 'three-stage run, end to end p50, against DBOS',
    ours: 'three-stage run, end to end p50',
    theirs: 'DBOS: three-stage run, end to end p50',
    target: 'T5 three-stage run ≤ 1/5 of DBOS end to end',
    atMost: 0.2,
  },
];

/** Rows that judge ours by the peers of the same run; what was not measured in it is said not to be. */
export function comparePeers(rows: readonly Row[]): readonly Row[] {
  const values = new Map(rows.map(({ name, value }) => [name, value]));
  return comparisons.flatMap(({ name, ours, theirs, target, atLeast, atMost }) => {
    const own = values.get(ours);
    if (own === undefined) return [];
    const ratio = own / (values.get(theirs) ?? Number.NaN);
    if (!Number.isFinite(ratio)) return [unjudged(name, ratio, '×', target)];
    return [judged(name, ratio, '×', target, ratio >= (atLeast ?? 0) && ratio <= (atMost ?? Number.POSITIVE_INFINITY))];
  });
}
