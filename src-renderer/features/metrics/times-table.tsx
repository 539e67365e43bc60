import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { useState } from 'react';
import type { Metrics } from '../../../src-main/contract/api-engine.ts';
import { formatCount, formatShare } from '../../format/amount.ts';
import { formatDuration } from '../../format/duration.ts';
import type { Sort } from '../../ui/data-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import classes from './metrics.module.css';
import type { SortValue } from './sort-rows.ts';
import { sortRows } from './sort-rows.ts';

type Times = Metrics['byType'][number] | Metrics['byStage'][number] | Metrics['byAgent'][number];

export interface TimesTableProps<Row extends Times> {
  readonly title: string;
  readonly rows: readonly Row[];
  /** What the first columns name. */
  readonly names: readonly {
    readonly title: string;
    readonly keyOf: (row: Row) => string;
    readonly cell?: (row: Row) => ReactNode;
  }[];
}

interface Measure {
  readonly id: string;
  readonly title: string;
  readonly keyOf: (row: Times) => SortValue;
  readonly write: (row: Times) => string;
}

const measures: readonly Measure[] = [
  { id: 'count', title: 'Attempts', keyOf: ({ count }) => count, write: ({ count }) => formatCount(count) },
  { id: 'failed', title: 'Failed', keyOf: ({ failed }) => failed, write: ({ failed }) => formatCount(failed) },
  { id: 'rate', title: 'Error rate', keyOf: errorRate, write: (row) => formatShare(errorRate(row)) },
  { id: 'mean', title: 'Mean', keyOf: ({ meanMs }) => meanMs, write: ({ meanMs }) => formatDuration(meanMs) },
  { id: 'p50', title: 'p50', keyOf: ({ p50Ms }) => p50Ms, write: ({ p50Ms }) => formatDuration(p50Ms) },
  { id: 'p95', title: 'p95', keyOf: ({ p95Ms }) => p95Ms, write: ({ p95Ms }) => formatDuration(p95Ms) },
  { id: 'p99', title: 'p99', keyOf: ({ p99Ms }) => p99Ms, write: ({ p99Ms }) => formatDuration(p99Ms) },
];

function errorRate({ count, failed }: Times): number | null {
  return count === 0 ? null : failed / count;
}

/** Attempts and their times by what they have in common, sorted by any column. */
export function TimesTable<Row extends Times>({ title, rows, names }: TimesTableProps<Row>) {
  const [sort, setSort] = useState<Sort>({ by: 'p95', direction: 'descending' });
  const measure = measures.find(({ id }) => id === sort.by);
  const name = names.find(({ title: id }) => id === sort.by);
  const sorted = sortRows(rows, sort.direction, name?.keyOf ?? measure?.keyOf ?? (() => null));
  return (
    <Panel title={title} isFlush>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={classes.scroll} aria-label={title} tabIndex={0}>
        <table className={classes.table}>
          <thead>
            <tr>
              {names.map(({ title: column }) => (
                <SortableHead key={column} id={column} title={column} sort={sort} onSort={setSort} />
              ))}
              {measures.map(({ id, title: column }) => (
                <SortableHead key={id} id={id} title={column} sort={sort} onSort={setSort} isNumber />
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.map((row) => (
              <tr key={names.map(({ keyOf }) => keyOf(row)).join(' ')}>
                {names.map(({ title: column, keyOf, cell }) => (
                  <th key={column} scope="row">
                    {cell?.(row) ?? keyOf(row)}
                  </th>
                ))}
                {measures.map(({ id, write }) => (
                  <td key={id} data-bad={(id === 'failed' && row.failed > 0) || undefined}>
                    {write(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Panel>
  );
}

interface SortableHeadProps {
  readonly id: string;
  readonly title: string;
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  readonly isNumber?: boolean;
}

function SortableHead({ id, title, sort, onSort, isNumber = false }: SortableHeadProps) {
  const isSorted = sort.by === id;
  const Arrow = sort.direction === 'ascending' ? ArrowUp : ArrowDown;
  const turned = sort.direction === 'descending' ? 'ascending' : 'descending';
  return (
    <th scope="col" aria-sort={isSorted ? sort.direction : undefined} data-number={isNumber || undefined}>
      <button type="button" onClick={() => onSort({ by: id, direction: isSorted ? turned : firstDirection(isNumber) })}>
        {title}
        {isSorted && <Arrow size={12} aria-hidden="true" />}
      </button>
    </th>
  );
}

function firstDirection(isNumber: boolean): Sort['direction'] {
  return isNumber ? 'descending' : 'ascending';
}
