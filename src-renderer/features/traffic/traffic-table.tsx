import { Button } from '@mantine/core';
import { Waypoints } from 'lucide-react';
import { useState } from 'react';
import type { TrafficEdge } from '../../../src-main/contract/api-traffic.ts';
import { formatCount } from '../../format/amount.ts';
import type { Sort } from '../../ui/data-table.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import type { Column } from '../../ui/table-columns.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import type { SortValue } from '../metrics/sort-rows.ts';
import { sortRows } from '../metrics/sort-rows.ts';
import classes from './traffic.module.css';
import { edgeKey, kindWords, nameOf } from './traffic-words.ts';

export interface TrafficTableProps {
  readonly edges: readonly TrafficEdge[];
  readonly selected: string | null;
  readonly onSelect: (key: string) => void;
  readonly onGraph: () => void;
}

const columns: readonly Column<TrafficEdge>[] = [
  { id: 'from', title: 'From', sortBy: 'from', cell: ({ from }) => nameOf(from) },
  { id: 'to', title: 'To', sortBy: 'to', cell: ({ to }) => nameOf(to) },
  { id: 'kind', title: 'What', width: 110, sortBy: 'kind', cell: ({ kind }) => kindWords[kind] },
  number('count', 'Count'),
  number('failed', 'Failed'),
  number('abandoned', 'Abandoned'),
  number('open', 'Open'),
  { id: 'last', title: 'Last', width: 120, sortBy: 'lastAt', cell: ({ lastAt }) => <RelativeTime at={lastAt} /> },
];

function number(id: 'count' | 'failed' | 'abandoned' | 'open', title: string): Column<TrafficEdge> {
  return {
    id,
    title,
    width: 96,
    align: 'end',
    sortBy: id,
    cell: ({ [id]: count }) => (
      <span className={id === 'failed' && count > 0 ? classes.bad : undefined}>{formatCount(count)}</span>
    ),
  };
}

/** The tracks of the graph as rows, for keys, for screen readers, and for whoever would rather read. */
export function TrafficTable({ edges, selected, onSelect, onGraph }: TrafficTableProps) {
  const [sort, setSort] = useState<Sort>({ by: 'count', direction: 'descending' });
  const rows = sortRows(edges, sort.direction, (edge): SortValue => edge[sort.by as keyof TrafficEdge]);
  return (
    <div className={classes.table}>
      <div className={classes.tableHead}>
        <Button variant="default" leftSection={<Waypoints size={14} aria-hidden="true" />} onClick={onGraph}>
          Show as a graph
        </Button>
      </div>
      <DataTable
        label="Who talks to whom"
        columns={columns}
        rows={rows}
        rowKey={edgeKey}
        empty={null}
        sort={sort}
        onSort={setSort}
        onOpen={(edge) => onSelect(edgeKey(edge))}
        openKey={selected}
      />
    </div>
  );
}
