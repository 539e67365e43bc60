import { useMemo } from 'react';
import { formatDuration } from '../../format/duration.ts';
import { formatAbsolute, formatClock } from '../../format/time.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/notices.tsx';
import type { Column } from '../../ui/table-columns.tsx';
import classes from './timeline.module.css';
import type { TimelineRow } from './timeline-rows.ts';
import type { SpanKind } from './timeline-spans.ts';
import { totalsOf } from './timeline-spans.ts';

interface CountedRow extends TimelineRow {
  readonly totals: Readonly<Record<SpanKind, number>>;
}

const keyOf = ({ id }: TimelineRow) => id;

const columns: readonly Column<CountedRow>[] = [
  {
    id: 'what',
    title: 'What',
    cell: ({ label, about, depth }) => (
      <span style={{ paddingLeft: depth * 14 }} title={`${label}: ${about}`}>
        {label} <span className={classes.about}>{about}</span>
      </span>
    ),
  },
  { id: 'kind', title: 'Kind', width: 84, cell: ({ kind }) => kind },
  {
    id: 'began',
    title: 'Began',
    width: 88,
    cell: ({ spans: [first] }) =>
      first === undefined ? '–' : <time title={formatAbsolute(first.from)}>{formatClock(first.from)}</time>,
  },
  { id: 'queue', title: 'Queue', width: 92, align: 'end', cell: ({ totals }) => lengthOf(totals.queue) },
  { id: 'person', title: 'For a person', width: 104, align: 'end', cell: ({ totals }) => lengthOf(totals.person) },
  { id: 'work', title: 'Work', width: 92, align: 'end', cell: ({ totals }) => lengthOf(totals.work) },
];

function lengthOf(ms: number): string {
  return ms === 0 ? '–' : formatDuration(ms);
}

export interface TimelineTableProps {
  readonly rows: readonly TimelineRow[];
  readonly now: number;
  readonly onSelect: (stage: string) => void;
}

/** The timeline in numbers. */
export function TimelineTable({ rows, now, onSelect }: TimelineTableProps) {
  const counted = useMemo(() => rows.map((row) => ({ ...row, totals: totalsOf(row.spans, now) })), [rows, now]);
  return (
    <DataTable
      label="Timeline"
      columns={columns}
      rows={counted}
      rowKey={keyOf}
      onOpen={({ stage }) => stage !== null && onSelect(stage)}
      empty={<EmptyState title="Nothing has begun." />}
    />
  );
}
